import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Manifest } from '../../src/argo-workflows/language';
import { homelab } from '../../src/clusters/homelab';
import { ownSteps, templateOf } from '../pipelines/templates';
import { describeOnCluster } from './kubectl';
import { answer, applyTemplates, endOf, makeNamespace, type Run, removeNamespace, submit } from './workflows/runs';
import { type Behaviour, withStandIns } from './workflows/stand-ins';

const train = templateOf('train-new-model-version') as unknown as Manifest;
const trainWithSteps = templateOf('train-new-model-version', ownSteps) as unknown as Manifest;
const testing = templateOf('train-and-inference-testing') as unknown as Manifest;
const promote = templateOf('promote-model-version') as unknown as Manifest;
const unattended = templateOf('promote-model-version', {
  pipelines: { ...homelab.pipelines, approval: false },
}) as unknown as Manifest;

const fresh = { resolve: { outputs: { found: 'false', version: '' } } };
const version = { version: 'v1.0.0' };

interface Case {
  readonly pipeline: Manifest;
  readonly steps?: Readonly<Record<string, Behaviour>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly answer?: Readonly<Record<string, string>>;
}

/** Runs by their names; each has a model of its own, so that none waits for another. */
const cases: Readonly<Record<string, Case>> = {
  trained: { pipeline: train, steps: fresh, parameters: { variant: 'all' } },
  'own-steps': { pipeline: trainWithSteps, steps: fresh },
  known: { pipeline: train, steps: { resolve: { outputs: { found: 'true', version: 'v0.3.0' } } } },
  'gate-false': { pipeline: train, steps: { ...fresh, gate: { exitCode: 1 } } },
  'push-rejected': { pipeline: train, steps: { ...fresh, version: { exitCode: 1 } } },
  killed: { pipeline: train, steps: { ...fresh, train: { killed: 2 } } },
  'always-killed': { pipeline: train, steps: { ...fresh, train: { killed: 9 } } },
  tested: { pipeline: testing },
  'bad-reply': { pipeline: testing, steps: { probe: { exitCode: 1 } } },
  'tested-version': { pipeline: testing, parameters: { mode: 'test', ...version } },
  promoted: { pipeline: unattended, parameters: version },
  back: { pipeline: unattended, parameters: { version: 'previous' } },
  'promotion-lost': { pipeline: unattended, steps: { deploy: { exitCode: 1 } }, parameters: version },
  approved: { pipeline: promote, parameters: version, answer: { decision: 'approve', by: 'Ada' } },
  rejected: { pipeline: promote, parameters: version, answer: { decision: 'reject', by: 'Ada' } },
  'approval-timeout': { pipeline: promote, parameters: version },
};

describeOnCluster('the pipelines, with stand-ins for their programs', () => {
  beforeAll(async () => {
    await removeNamespace();
    await makeNamespace([]);
    await applyTemplates(
      Object.entries(cases).map(([name, { pipeline, steps = {}, answer: given }]) =>
        withStandIns(name, pipeline, steps, given === undefined ? '3s' : '300s'),
      ),
    );
    await submit(
      Object.fromEntries(Object.entries(cases).map(([name, { parameters }]) => [name, { model: name, ...parameters }])),
    );
    for (const [name, { answer: given }] of Object.entries(cases)) if (given) await answer(name, 'approve', given);
  });
  afterAll(removeNamespace);

  describe('end well:', () => {
    test.each([
      ['trained', ['standard', 'compact', 'smooth', 'gate', 'version', 'verify']],
      ['own-steps', ['prepare', 'validate', 'standard', 'gate', 'export', 'version', 'verify']],
      ['known', ['fetch', 'resolve']],
      ['killed', ['train', 'gate', 'version', 'verify']],
      // The server is ended with its DAG, whatever it makes of that.
      ['tested', ['probe']],
      ['tested-version', ['pull', 'probe']],
      ['promoted', ['check', 'place', 'deploy', 'wait-served', 'stage']],
      ['back', ['check', 'place', 'deploy', 'wait-served', 'stage-back']],
      ['approved', ['approve', 'place', 'deploy', 'wait-served', 'stage']],
      ['rejected', ['check', 'approve']],
    ])('%s, after %j', async (name, steps) => {
      const run = await endOf(name);
      expect([run.phase, run.message]).toEqual(['Succeeded', '']);
      for (const step of steps) expect([step, run.node(step).phase]).toEqual([step, 'Succeeded']);
    });

    test('a rejected promotion changes nothing', async () => {
      expect(ran(await endOf('rejected'))).toEqual(['approve', 'check', 'collect-garbage']);
    });

    test('a version that exists is not trained again', async () => {
      expect(ran(await endOf('known'))).toEqual(['clean', 'fetch', 'resolve']);
    });

    test('a training that the kernel has killed twice runs a third time', async () => {
      const attempts = (await endOf('killed')).nodes.filter(({ displayName }) => /^train\(\d\)$/.test(displayName));
      expect(attempts.map(({ phase }) => phase).sort()).toEqual(['Failed', 'Failed', 'Succeeded']);
      expect(attempts.find(({ displayName }) => displayName === 'train(0)')?.message).toMatch(/OOMKilled|137/);
    });
  });

  describe('fail without a version or a tag when', () => {
    test.each([
      ['gate-false', 'gate', ['version', 'verify']],
      ['push-rejected', 'version', ['verify']],
      ['always-killed', 'train', ['evaluate']],
      ['bad-reply', 'probe', []],
      ['promotion-lost', 'deploy', ['wait-served', 'stage', 'stage-back']],
    ])('%s: %s fails, and of %j nothing runs', async (name, step, skipped) => {
      const run = await endOf(name);
      expect([run.phase, run.node(step).phase]).toEqual(['Failed', 'Failed']);
      for (const each of skipped) expect(ran(run)).not.toContain(each);
    });

    test('nobody approves in time', async () => {
      const run = await endOf('approval-timeout');
      expect([run.phase, run.node('approve').phase]).toEqual(['Error', 'Error']);
      expect(ran(run)).toEqual(['approve', 'check']);
    });

    test('the training is killed at each attempt: its retries are used up', async () => {
      const run = await endOf('always-killed');
      expect(run.nodes.filter(({ displayName }) => /^train\(\d\)$/.test(displayName))).toHaveLength(3);
    });

    test('and the folder of the run is removed all the same', async () => {
      for (const name of ['gate-false', 'push-rejected', 'always-killed', 'bad-reply']) {
        expect((await endOf(name)).node('clean').phase).toBe('Succeeded');
      }
    });
  });
});

/** The programs and questions that were begun. */
function ran({ nodes }: Run): readonly string[] {
  const begun = nodes.filter(({ type, phase }) => ['Pod', 'Suspend'].includes(type) && phase !== 'Omitted');
  return [...new Set(begun.map(({ templateName = '' }) => templateName))].sort();
}
