import { describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/argo-workflows/run/mocks';
import { type RunOptions, runWorkflow } from '../../src/argo-workflows/run/run-workflow';
import { homelab } from '../../src/clusters/homelab';
import { artifactStore, ownSteps, stepsOf, templateOf } from './templates';

const unattended = { pipelines: { ...homelab.pipelines, approval: false } };

async function phases(name: string, options: RunOptions, changes: Parameters<typeof templateOf>[1] = {}) {
  const result = await runWorkflow(templateOf(name, changes), options);
  const programs = result.nodes.filter(({ kind }) => kind === 'Pod' || kind === 'Suspend');
  return {
    result,
    phase: result.phase,
    ran: programs.filter(({ phase }) => phase !== 'Omitted').map(({ template }) => template),
    /** Templates of the exit handler. */
    after: result.hooks.flatMap(({ children }) => children).map(({ displayName, phase }) => [displayName, phase]),
  };
}

describe('train-new-model-version', () => {
  const name = 'train-new-model-version';
  const fresh: Record<string, Mock> = { resolve: { parameters: { found: 'false', version: '' } } };

  test('fetches, trains, measures, gates, versions and verifies, and removes the folder of the run', async () => {
    const run = await phases(name, { mocks: fresh });
    expect(run.phase).toBe('Succeeded');
    expect(run.ran.filter((template) => template !== 'clean')).toEqual([
      'fetch',
      'resolve',
      'train',
      'evaluate',
      'gate',
      'version',
      'verify',
    ]);
    expect(run.after).toEqual([['clean', 'Succeeded']]);
    expect(run.result.root.outputs.parameters.version).toBe('version-version');
  });

  test('trains nothing when the same inputs have made a version', async () => {
    const known = { resolve: { parameters: { found: 'true', version: 'v0.3.0' } } };
    const run = await phases(name, { mocks: known });
    expect(run.phase).toBe('Succeeded');
    expect(run.ran).not.toContain('train');
    expect(run.ran).not.toContain('version');
    expect(run.result.root.outputs.parameters).toMatchObject({ existing: 'v0.3.0', version: '' });
  });

  test.each([
    ['a taken version is refused', 'resolve', ['train', 'version']],
    ['the gate is false', 'gate', ['version', 'verify']],
    ['the data set cannot be read', 'fetch', ['resolve', 'train', 'version']],
    ['training fails', 'train', ['evaluate', 'gate', 'version']],
    ['the push is refused', 'version', ['verify']],
    ['the clean clone has other contents', 'verify', []],
  ])('ends as failed without a version when %s, and still removes its folder', async (_, step, skipped) => {
    const run = await phases(name, { mocks: { ...fresh, [step]: { exitCode: 1 } } });
    expect(run.phase).toBe('Failed');
    for (const template of skipped) expect(run.ran).not.toContain(template);
    expect(run.after).toEqual([['clean', 'Succeeded']]);
  });

  test('trains again after the node has killed it, and gives up at the limit', async () => {
    const killed =
      (times: number): Mock =>
      ({ attempt }) =>
        attempt < times ? { exitCode: 137 } : {};
    expect((await phases(name, { mocks: { ...fresh, train: killed(2) } })).phase).toBe('Succeeded');
    expect((await phases(name, { mocks: { ...fresh, train: killed(3) } })).phase).toBe('Failed');
  });

  test('does not train again after a mistake, which would only repeat it', async () => {
    const once: Mock = ({ attempt }) => ({ exitCode: attempt === 0 ? 1 : 0 });
    expect((await phases(name, { mocks: { ...fresh, train: once } })).phase).toBe('Failed');
  });

  test.each([
    ['standard', ['standard']],
    ['compact', ['compact']],
    ['all', ['standard', 'compact', 'smooth']],
  ])('trains for the variant %s: %j', async (variant, expected) => {
    const trained: string[] = [];
    const train: Mock = ({ parameters }) => {
      trained.push(String(parameters.variant));
      return {};
    };
    expect((await phases(name, { mocks: { ...fresh, train }, arguments: { variant } })).phase).toBe('Succeeded');
    expect(trained).toEqual(expected);
  });
});

describe('train-new-model-version with steps of the cluster', () => {
  const name = 'train-new-model-version';
  const fresh: Record<string, Mock> = { resolve: { parameters: { found: 'false', version: '' } } };

  test.each([
    ['a folder of the run', ownSteps],
    ['an artifact store', { ...ownSteps, artifactStore }],
  ])('prepares and validates before it trains, and exports what has passed the gate, with %s', async (_, changes) => {
    const run = await phases(name, { mocks: fresh }, changes);
    expect(run.phase).toBe('Succeeded');
    expect(run.ran.filter((template) => template !== 'clean')).toEqual([
      'fetch',
      'resolve',
      'prepare',
      'validate',
      'train',
      'evaluate',
      'gate',
      'export',
      'version',
      'verify',
    ]);
  });

  test.each([
    ['prepare', ['validate', 'train', 'version']],
    ['validate', ['train', 'version']],
    ['export', ['version', 'verify']],
  ])('makes no version when %s fails', async (step, skipped) => {
    const run = await phases(name, { mocks: { ...fresh, [step]: { exitCode: 1 } } }, ownSteps);
    expect(run.phase).toBe('Failed');
    for (const template of skipped) expect(run.ran).not.toContain(template);
  });

  test('trains nothing when the same inputs have made a version', async () => {
    const known = { resolve: { parameters: { found: 'true', version: 'v0.3.0' } } };
    const run = await phases(name, { mocks: known }, ownSteps);
    expect(run.ran).toEqual(expect.not.arrayContaining(['prepare', 'validate', 'train', 'export', 'version']));
  });
});

describe('promote-model-version', () => {
  const name = 'promote-model-version';
  const version = { arguments: { version: 'v1.0.0' } };

  test('serves a version when a person approves it, and says in the tag who', async () => {
    const stage: string[] = [];
    const run = await phases(name, {
      ...version,
      answers: { approve: { decision: 'approve', by: 'Ada' } },
      mocks: {
        stage: ({ parameters }) => {
          stage.push(String(parameters.by));
          return {};
        },
      },
    });
    expect(run.phase).toBe('Succeeded');
    expect(run.ran).toEqual(['check', 'approve', 'place', 'deploy', 'wait-served', 'stage', 'collect-garbage']);
    expect(stage).toEqual(['Ada']);
  });

  test('changes nothing when a person rejects it', async () => {
    const run = await phases(name, { ...version, answers: { approve: { decision: 'reject', by: 'Ada' } } });
    expect(run.phase).toBe('Succeeded');
    expect(run.ran).toEqual(['check', 'approve', 'collect-garbage']);
  });

  test('asks nobody where the cluster does not want it', async () => {
    const run = await phases(name, version, unattended);
    expect(run.ran).toEqual(['check', 'place', 'deploy', 'wait-served', 'stage', 'collect-garbage']);
  });

  test('goes back with the version previous, and puts that into the history of the stage', async () => {
    const run = await phases(name, { arguments: { version: 'previous' } }, unattended);
    expect(run.phase).toBe('Succeeded');
    expect(run.ran).toEqual(['check', 'place', 'deploy', 'wait-served', 'stage-back', 'collect-garbage']);
  });

  test.each([
    ['check', ['place', 'deploy', 'stage']],
    ['place', ['deploy', 'stage']],
    ['deploy', ['wait-served', 'stage']],
    ['wait-served', ['stage']],
  ])('ends as failed without a stage tag when %s fails', async (step, skipped) => {
    const run = await phases(name, { ...version, mocks: { [step]: { exitCode: 1 } } }, unattended);
    expect(run.phase).toBe('Failed');
    for (const template of [...skipped, 'collect-garbage']) expect(run.ran).not.toContain(template);
  });

  test('keeps what it was asked for and what the cluster pins when it removes old versions', async () => {
    const pinned = { models: { sentiment: { version: 'v0.9.0', digest: `sha256:${'0'.repeat(64)}` } } };
    const { args } = stepsOf(templateOf(name, pinned))['collect-garbage']?.container ?? {};
    expect(args?.join(' ')).toMatch(/ --pinned \{\{inputs.parameters.version}} --pinned v0.9.0$/);
  });

  test('takes no empty version: it must be said which', async () => {
    await expect(phases(name, {}, unattended)).rejects.toThrow('version');
  });
});

describe('train-and-inference-testing', () => {
  const name = 'train-and-inference-testing';

  test.each([
    ['train', ['fetch', 'train', 'evaluate']],
    ['test', ['fetch', 'pull', 'server', 'probe']],
    ['train-and-test', ['fetch', 'train', 'evaluate', 'server', 'probe']],
  ])('in the mode %s runs %j and keeps nothing', async (mode, expected) => {
    const run = await phases(name, { arguments: { mode, version: 'v1.0.0' } });
    expect(run.phase).toBe('Succeeded');
    expect([...run.ran.filter((template) => template !== 'clean')].sort()).toEqual([...expected].sort());
    expect(run.after).toEqual([['clean', 'Succeeded']]);
  });

  test('fails on a bad reply', async () => {
    expect((await phases(name, { mocks: { probe: { exitCode: 1 } } })).phase).toBe('Failed');
  });
});
