import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/argo-workflows/run/mocks';
import { runWorkflow } from '../../src/argo-workflows/run/run-workflow';
import { homelab } from '../../src/clusters/homelab';
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
const repositories = { ...homelab.repositories, model: { url: `file://${repository}`, revision: 'main' } };
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
const changes = { repositories, dataset, pipelines };

let runs = 0;

/** Runs a step as its pod would: the rendered arguments, with folders of this test in the place of the mounts. */
function real(work: string): Mock {
  return ({ template }) => {
    const {
      image,
      command,
      args = [],
    } = template.container as {
      readonly image: string;
      readonly command: readonly string[];
      readonly args?: readonly string[];
    };
    const program = image.includes('/trainer:') ? 'trainer' : 'dvc';
    const results = join(folder, `results-${runs++}`);
    const places: Record<string, string> = {
      '/work': work,
      '/dvc': join(folder, 'contents'),
      '/models': join(folder, 'models'),
      '/dataset': join(folder, 'dataset'),
      '/results': results,
    };
    const placed = args.map((arg) =>
      Object.entries(places).reduce((text, [from, to]) => text.replace(new RegExp(`^${from}(?=/|$)`), to), arg),
    );
    expect(command).toEqual(['python', '-m', programs[program]]);
    const done = spawnSync(pythonOf(program), ['-m', programs[program], ...placed], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: folder, PYTHONPATH: join(docker, program, 'src'), OMP_NUM_THREADS: '1' },
    });
    if (done.status !== 0) return { exitCode: done.status ?? 70, result: done.stderr };
    const declared =
      (
        template.outputs as
          | {
              readonly parameters?: readonly { readonly name: string; readonly valueFrom: { readonly path: string } }[];
            }
          | undefined
      )?.parameters ?? [];
    return {
      parameters: Object.fromEntries(
        declared.map(({ name, valueFrom }) => [
          name,
          readFileSync(valueFrom.path.replace('/results', results), 'utf8'),
        ]),
      ),
    };
  };
}

async function run(pipeline: string, parameters: Readonly<Record<string, string>>) {
  const work = join(folder, `work-${runs++}`);
  mkdirSync(work);
  const names = [
    'fetch',
    'resolve',
    'train',
    'evaluate',
    'gate',
    'version',
    'verify',
    'check',
    'place',
    'stage',
    'stage-back',
  ];
  const mocks = Object.fromEntries(names.map((name) => [name, real(work)]));
  return await runWorkflow(templateOf(pipeline, changes), { mocks, arguments: { ...parameters } });
}

const tags = () =>
  spawnSync('git', ['-C', repository, 'tag', '--list'], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);

inPython('with their real programs, pipelines', () => {
  beforeAll(() => {
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
    expect(first.phase).toBe('Succeeded');
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
    const work = join(folder, `work-${runs++}`);
    mkdirSync(work);
    const mocks = Object.fromEntries(
      ['fetch', 'resolve', 'train', 'evaluate', 'gate', 'version'].map((name) => [name, real(work)]),
    );
    const refused = await runWorkflow(templateOf('train-new-model-version', { ...changes, pipelines: strict }), {
      mocks,
      arguments: { seed: '3' },
    });
    expect([refused.phase, refused.node('gate').phase, refused.node('version').phase]).toEqual([
      'Failed',
      'Failed',
      'Omitted',
    ]);
    expect(tags()).toEqual(before);
  }, 300_000);
});
