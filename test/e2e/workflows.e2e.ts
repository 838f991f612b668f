import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeOnCluster, get, waitFor } from './kubectl';
import * as facts from './workflows/facts';
import * as programs from './workflows/programs';
import {
  answer,
  applyTemplates,
  endOf,
  makeNamespace,
  NAMESPACE,
  type Run,
  removeNamespace,
  submit,
} from './workflows/runs';
import { borrowing, library, once, onEvent } from './workflows/triggers';

const { configMaps, ...others } = programs;
const templates = { ...others, borrowing };
const names = Object.values(templates).map(({ name }) => name);

describeOnCluster('a workflow controller', () => {
  beforeAll(async () => {
    await removeNamespace();
    await makeNamespace(configMaps);
    await applyTemplates([library, ...Object.values(templates), onEvent].map((template) => template.toManifest()));
    await applyTemplates(Object.values(facts));
    await submit(Object.fromEntries([...Object.keys(facts), ...names].map((name) => [name, {}])));
    await answer('questions', 'ask', { decision: 'yes', by: 'Ada "Countess" Lovelace' });
  });
  afterAll(removeNamespace);

  describe('runs what the language can say:', () => {
    test.each<[keyof typeof templates, Record<string, string>]>([
      ['conditional', { joined: 'taken/-/-', direct: 'none' }],
      ['loops', { three: '[10,20,30]', numbers: '[40,50]', words: '["a","b c"]', second: 'b c', size: '0' }],
      ['groups', { shout: `IT'S "$(QUOTED)" {A}`, last: '-/skipped/left+abab' }],
      ['rescue', { joined: 'it was Failed/-', left: 'it left nothing' }],
      ['questions', { by: 'Ada "Countess" Lovelace' }],
      ['servers', { asked: 'pong', called: 'pong' }],
      ['objects', { value: 'a "b"', kind: 'ConfigMap' }],
      ['files', { said: 'written down' }],
      ['retried', { said: 'attempt 2' }],
      ['borrowing', { said: 'BORROWED' }],
    ])('%s gives %j', async (name, outputs) => {
      const { phase, failed, outputs: given } = await endOf(name);
      // Pods may fail on the way, as in a rescue; of a run that ended well they are of no interest.
      const why = phase === 'Succeeded' ? [] : failed;
      expect({ phase, why, outputs: given }).toEqual({ phase: 'Succeeded', why: [], outputs });
    });

    test('handlers see the failure, and hooks the task', async () => {
      const run = await endOf('handlers');
      expect(run.phase).toBe('Failed');
      expect(said(run, 'tell')).toBe('Failed');
      expect(JSON.parse(said(run, 'alert') ?? '')).toContainEqual(
        expect.objectContaining({ displayName: 'bad', message: expect.stringContaining('exit code 3') }),
      );
      expect(run.node('cheer').phase).toBe('Skipped');
      expect(said(run, 'good.onExit')).toBe('after well');
      expect(said(run, 'bad.onExit')).toBe('Failed, nothing said');
      expect(said(run, 'good.hooks.done')).toBe('it is done');
    });

    test('memoization takes outputs again, and locks keep programs apart', async () => {
      const run = await endOf('shared');
      expect(run.outputs.said).toBe('first/other');
      expect(run.node('again').memoizationStatus?.hit).toBe(true);
      expect(run.node('other').memoizationStatus?.hit).toBe(false);
      const times = (name: string) => JSON.parse(run.outputs[name] ?? '') as readonly [number, number];
      for (const [one, two] of [
        [times('a'), times('b')],
        [times('c'), times('d')],
      ] as const) {
        expect(Math.max(one[0], two[0])).toBeGreaterThanOrEqual(Math.min(one[1], two[1]));
      }
    });

    test('a schedule starts runs until it stops itself', async () => {
      await applyTemplates([once.toManifest()]);
      const status = await waitFor('the schedule has stopped itself', 240, async () => {
        const [schedule] = await get('cronworkflows.argoproj.io', once.name, '--namespace', NAMESPACE);
        return schedule?.status?.phase === 'Stopped' ? schedule.status : undefined;
      });
      expect(status).toMatchObject({ failed: 0, succeeded: expect.any(Number) });
      const label = `workflows.argoproj.io/cron-workflow=${once.name}`;
      const [run] = await get('workflows.argoproj.io', '--namespace', NAMESPACE, '--selector', label);
      expect((await endOf(run?.metadata.name ?? '')).outputs).toEqual({ said: 'ON TIME' });
    });

    test('memory comes from a parameter', async () => {
      await endOf('files');
      const pods = await get('pods', '--namespace', NAMESPACE, '--selector', 'workflows.argoproj.io/workflow=files');
      const [main] = pods.flatMap(({ spec }) => spec.containers).filter(({ name }) => name === 'main');
      expect(main.resources.limits.memory).toBe('96Mi');
    });
  });

  describe('ends a run as its author can foresee:', () => {
    test('a program that is killed each time fails when its retries are used up', async () => {
      const run = await endOf('exhausted');
      expect([run.phase, run.node('work').phase]).toEqual(['Failed', 'Failed']);
      expect(run.nodes.filter(({ displayName }) => /^work\(\d\)$/.test(displayName))).toHaveLength(3);
    });

    test('a mistake is not tried again', async () => {
      const run = await endOf('mistaken');
      expect(run.phase).toBe('Failed');
      expect(run.nodes.filter(({ displayName }) => /^work\(\d\)$/.test(displayName))).toHaveLength(1);
    });

    test('a question that nobody answers in time ends it when an answer is missing', async () => {
      const run = await endOf('unanswered');
      expect([run.phase, run.node('ask').phase, run.node('tell').phase]).toEqual(['Error', 'Error', 'Omitted']);
    });

    test('a question that nobody answers in time gets the answers by default', async () => {
      const run = await endOf('answered');
      expect([run.phase, run.node('tell').phase]).toEqual(['Succeeded', 'Succeeded']);
      expect(run.node('ask').outputs?.parameters).toEqual([expect.objectContaining({ name: 'decision', value: 'no' })]);
    });
  });

  describe('does with what the linter refuses or warns of what its rules say:', () => {
    const nodes = ({ nodes }: Run) => Object.fromEntries(nodes.map(({ displayName, phase }) => [displayName, phase]));

    test('a result with a control character cannot be passed on', async () => {
      const run = await endOf('coloured');
      expect(run.node('a').phase).toBe('Succeeded');
      expect(run.node('b')).toMatchObject({ phase: 'Error', message: expect.stringContaining('invalid JSON') });
    });

    test('a failure does not keep other branches from beginning', async () => {
      const run = await endOf('siblings');
      expect(nodes(run)).toMatchObject({
        fails: 'Failed',
        other: 'Succeeded',
        later: 'Succeeded',
        latest: 'Succeeded',
      });
    });

    test('a parameter named json takes the place of the list of all', async () => {
      expect((await endOf('json')).outputs).toEqual({ shown: 'mine' });
    });

    test('who waits for the result of a skipped task waits for ever', async () => {
      // What began with it has ended.
      await Promise.all(['coloured', 'siblings', 'json'].map(endOf));
      const [run] = await get('workflows.argoproj.io', 'hanging', '--namespace', NAMESPACE);
      const { phase, nodes: made } = run?.status ?? {};
      const states = Object.values<{ displayName: string; phase: string }>(made).map((one) => [
        one.displayName,
        one.phase,
      ]);
      expect(phase).toBe('Running');
      expect(states.sort()).toEqual([
        ['a', 'Skipped'],
        ['hanging', 'Running'],
      ]);
    });
  });
});

function said(run: Run, node: string): string | undefined {
  return run.node(node).outputs?.parameters?.find(({ name }) => name === 'said')?.value;
}
