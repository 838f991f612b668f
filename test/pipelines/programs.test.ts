import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/argo-workflows/run/mocks';
import { logFile, processExecutor } from '../../src/argo-workflows/run/process/process-executor';
import type { RunResult } from '../../src/argo-workflows/run/result';
import { runWorkflow } from '../../src/argo-workflows/run/run-workflow';
import { homelab } from '../../src/clusters/homelab';
import type { ClusterData } from '../../src/core/cluster';
import { templateOf } from './templates';

const docker = join(__dirname, '..', '..', 'docker');
const programs = { trainer: 'trainer', dvc: 'versioning' } as const;
const pythonOf = (folder: keyof typeof programs) => join(docker, folder, '.venv', 'bin', 'python');
const there = existsSync(pythonOf('trainer')) && existsSync(pythonOf('dvc'));
const inPython = there ? describe : describe.skip;
if (!there)
  console.warn('skipped: pipelines with their real programs (run docker/trainer/test and docker/dvc/test once)');

const folder = mkdtempSync(join(tmpdir(), 'pipelines-'));
const repository = join(folder, 'models.git');
const dataset = {
  from: 'volume',
  volume: { type: 'local', node: 'ubuntu2', path: '/srv/reviews', size: '1Gi' },
  file: 'reviews.jsonl',
} as const;
// Synthetic reviews: a low bound, and no claim about real ones.
const pipelines = {
  ...homelab.pipelines,
  approval: false,
  gate: { metric: 'accuracy', op: '>=', value: 0.6 },
} as const;
const changes = { dataset, pipelines };
// Git goes to the repository here whenever it is to go to the one of the cluster; its keys are mounted all the same.
const addresses = [homelab.repositories.model.url, homelab.repositories.model.pushUrl];
const gitConfig = join(folder, 'gitconfig');
const keys = join(folder, 'keys');

let runs = 0;

/** What stands for an image: its program, in the environment that was made for it. */
const imageOf = (program: keyof typeof programs) => ({
  path: [dirname(pythonOf(program))],
  env: { PYTHONPATH: join(docker, program, 'src'), OMP_NUM_THREADS: '1', GIT_CONFIG_GLOBAL: gitConfig },
});

/** Runs a pipeline as it is rendered: every program for real, but for what serves the model. */
function run(pipeline: string, parameters: Readonly<Record<string, string>>, changed: Partial<ClusterData> = {}) {
  const name = `${pipeline}-${runs++}`;
  const volumes = { training: 'training', dataset: 'dataset', dvc: 'contents', models: 'models' };
  for (const each of Object.values(volumes)) mkdirSync(join(folder, each), { recursive: true });
  const executor = processExecutor({
    folder: join(folder, 'runs', name),
    volumes: Object.fromEntries(Object.entries(volumes).map(([claim, each]) => [claim, join(folder, each)])),
    secrets: { 'model-repository-credentials': keys },
    images: { trainer: imageOf('trainer'), dvc: imageOf('dvc') },
  });
  const mocks: Record<string, Mock> = pipeline === 'promote-model-version' ? { deploy: {}, 'wait-served': {} } : {};
  return runWorkflow(templateOf(pipeline, { ...changes, ...changed }), {
    executor,
    mocks,
    arguments: parameters,
    name,
    uid: name,
  });
}

/** What the programs of a run printed that failed; nothing when it succeeded. */
function why({ nodes }: RunResult): string {
  const failed = nodes.filter(({ kind, phase }) => kind === 'Pod' && (phase === 'Failed' || phase === 'Error'));
  const logs = failed.map(({ name }) => logFile(join(folder, 'runs', name.split('.')[0] ?? ''), name));
  return logs.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : file)).join('\n');
}

const tags = () =>
  spawnSync('git', ['-C', repository, 'tag', '--list'], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);

inPython('with their real programs, pipelines', () => {
  beforeAll(() => {
    writeFileSync(
      gitConfig,
      `[url "file://${repository}"]\n${addresses.map((url) => `  insteadOf = ${url}\n`).join('')}`,
    );
    mkdirSync(keys);
    for (const file of ['ssh-privatekey', 'known_hosts']) writeFileSync(join(keys, file), '');
    spawnSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', repository]);
    const made = join(folder, 'generated');
    const generate = ['-m', 'trainer', 'generate', '--size', '400', '--words', '30', '--output', made];
    const { status, stderr } = spawnSync(pythonOf('trainer'), generate, {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, PYTHONPATH: join(docker, 'trainer', 'src') },
    });
    if (status !== 0) throw new Error(stderr);
    const reviews = join(folder, 'dataset', 'reviews.jsonl');
    mkdirSync(dirname(reviews));
    writeFileSync(reviews, ['train', 'test'].map((part) => readFileSync(join(made, `${part}.jsonl`), 'utf8')).join(''));
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('train, version, find again, promote and go back', async () => {
    const first = await run('train-new-model-version', { subset: '300' });
    expect([why(first), first.phase]).toEqual(['', 'Succeeded']);
    expect(first.root.outputs.parameters).toMatchObject({ existing: '', version: 'v0.1.0' });

    const again = await run('train-new-model-version', { subset: '300' });
    expect(again.root.outputs.parameters).toMatchObject({ existing: 'v0.1.0', version: '' });

    const taken = await run('train-new-model-version', { version: 'v0.1.0', seed: '7' });
    expect(taken.phase).toBe('Failed');
    expect(taken.node('resolve').phase).toBe('Failed');
    expect(tags()).toEqual(['sentiment@v0.1.0']);

    const best = await run('train-new-model-version', { version: 'v1.0.0', variant: 'all' });
    expect(best.root.outputs.parameters).toMatchObject({ version: 'v1.0.0' });

    for (const version of ['v0.1.0', 'v1.0.0'])
      expect((await run('promote-model-version', { version })).phase).toBe('Succeeded');
    expect(readdirSync(join(folder, 'models', 'sentiment')).sort()).toEqual(['v0.1.0', 'v1.0.0']);

    const back = await run('promote-model-version', { version: 'previous' });
    expect(back.root.outputs.parameters).toMatchObject({ version: 'v0.1.0', rolledBack: 'sentiment#production#3' });
    expect(tags().sort()).toEqual([
      'sentiment#production#1',
      'sentiment#production#2',
      'sentiment#production#3',
      'sentiment@v0.1.0',
      'sentiment@v1.0.0',
    ]);
  }, 600_000);

  test('version nothing that does not pass the gate', async () => {
    const before = tags();
    const strict = { ...pipelines, gate: { metric: 'logLoss', op: '<', value: 0 } } as const;
    const refused = await run('train-new-model-version', { seed: '3' }, { pipelines: strict });
    expect([refused.phase, refused.node('gate').phase, refused.node('version').phase]).toEqual([
      'Failed',
      'Failed',
      'Omitted',
    ]);
    expect(tags()).toEqual(before);
  }, 300_000);
});
