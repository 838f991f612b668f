import { describe, expect, test } from '@jest/globals';
import type { RunEvent } from '../../../src/argo-workflows/run/events';
import type { Memory } from '../../../src/argo-workflows/run/memoization';
import type { RunResult } from '../../../src/argo-workflows/run/result';
import { runWorkflow } from '../../../src/argo-workflows/run/run-workflow';
import { workflow } from './workflows';

/** When the programs of a run were running, in the order of their start. */
const spans = (result: RunResult): readonly (readonly [string, number, number])[] =>
  result.nodes
    .filter(({ kind }) => kind === 'Pod')
    .map(({ displayName, startedAt, finishedAt }): [string, number, number] => [displayName, startedAt, finishedAt])
    .sort(([, a], [, b]) => a - b);

const loop = (fields: string, spec = ''): object =>
  workflow(
    `
- name: main
  dag: {tasks: [{name: each, template: one, withItems: [a, b, c, d]}]}
- name: one
  ${fields}
  container: {image: busybox, command: [work]}
`,
    spec,
  );

const sizes = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'sizes', labels: { 'workflows.argoproj.io/configmap-type': 'Parameter' } },
  data: { gpus: '2' },
};

describe('what may run at once', () => {
  test('is one for a mutex, in the order in which they came', async () => {
    const result = await runWorkflow(loop('synchronization: {mutexes: [{name: gpu}]}'));
    expect(spans(result)).toEqual([
      ['each(0:a)', 0, 1],
      ['each(1:b)', 1, 2],
      ['each(2:c)', 2, 3],
      ['each(3:d)', 3, 4],
    ]);
  });

  test('is what the ConfigMap says for a semaphore', async () => {
    const limited = loop('synchronization: {semaphores: [{configMapKeyRef: {name: sizes, key: gpus}}]}');
    expect((await runWorkflow(limited, { objects: [sizes] })).duration).toBe(2);
    await expect(runWorkflow(limited)).rejects.toThrow('its semaphore takes its size from the key "gpus"');
  });

  test.each([1, 2, 3])('is the parallelism of the workflow, %i', async (parallelism) => {
    const result = await runWorkflow(loop('', `parallelism: ${parallelism}`));
    expect(result.duration).toBe(Math.ceil(4 / parallelism));
  });

  test('is the parallelism of a template, for its own steps only', async () => {
    const limited = workflow(`
- name: main
  dag: {tasks: [{name: left, template: inner}, {name: right, template: inner}]}
- name: inner
  parallelism: 1
  steps: [[{name: a, template: work}, {name: b, template: work}]]
`);
    expect((await runWorkflow(limited)).duration).toBe(2);
  });

  test('is given back by what fails, over all of its attempts', async () => {
    const retrying = loop(
      'synchronization: {mutexes: [{name: gpu}]}\n  retryStrategy: {limit: 1, retryPolicy: Always}',
    );
    const result = await runWorkflow(retrying, { mocks: { one: { exitCode: 1 } } });
    expect([result.phase, result.duration]).toEqual(['Failed', 8]);
  });
});

describe('what would wait for ever is an error', () => {
  test('a lock that a template around holds', async () => {
    const nested = workflow(`
- name: main
  synchronization: {mutexes: [{name: gpu}]}
  steps: [[{name: a, template: inner}]]
- name: inner
  synchronization: {mutexes: [{name: gpu}]}
  container: {image: busybox, command: [work]}
`);
    await expect(runWorkflow(nested)).rejects.toThrow(
      'run[0].a: it waits for the mutex "gpu", which run around it holds until this has ended',
    );
  });

  test('two that wait for each other', async () => {
    const crossed = workflow(`
- name: main
  dag: {tasks: [{name: one, template: one}, {name: two, template: two}]}
- name: one
  synchronization: {mutexes: [{name: a}]}
  steps: [[{name: wait, template: work}], [{name: inner, template: wants-b}]]
- name: two
  synchronization: {mutexes: [{name: b}]}
  steps: [[{name: wait, template: work}], [{name: inner, template: wants-a}]]
- name: wants-a
  synchronization: {mutexes: [{name: a}]}
  container: {image: busybox, command: [work]}
- name: wants-b
  synchronization: {mutexes: [{name: b}]}
  container: {image: busybox, command: [work]}
`);
    await expect(runWorkflow(crossed)).rejects.toThrow('run.one[1].inner: it waits for ever: mutex "b"');
  });
});

describe('memoization', () => {
  const remembering = workflow(`
- name: main
  steps:
    - - {name: first, template: keep, arguments: {parameters: [{name: key, value: a}]}}
    - - {name: again, template: keep, arguments: {parameters: [{name: key, value: a}]}}
    - - {name: other, template: keep, arguments: {parameters: [{name: key, value: b}]}}
- name: keep
  inputs: {parameters: [{name: key}]}
  outputs: {parameters: [{name: value, valueFrom: {path: /v}}]}
  memoize: {key: "{{inputs.parameters.key}}", maxAge: 1h, cache: {configMap: {name: cache}}}
  container: {image: busybox, command: [work]}
`);

  test('takes the outputs of the same key, within a run and in the next one', async () => {
    const memory: Memory = new Map();
    let runs = 0;
    const keep = () => ({ parameters: { value: String(runs++) } });
    const first = await runWorkflow(remembering, { mocks: { keep }, memory });
    expect(['first', 'again', 'other'].map((name) => first.node(name).outputs.parameters.value)).toEqual([
      '0',
      '0',
      '1',
    ]);
    const second = await runWorkflow(remembering, { mocks: { keep }, memory });
    expect([second.node('first').outputs.parameters.value, second.duration, runs]).toEqual(['0', 0, 2]);
  });

  test('forgets what is too old, and what failed', async () => {
    let runs = 0;
    const slow = () => ({ parameters: { value: String(runs++) }, seconds: 4000 });
    const late = await runWorkflow(remembering, { mocks: { keep: slow } });
    expect(late.node('again').outputs.parameters.value).toBe('0');
    const memory: Memory = new Map();
    await runWorkflow(remembering, { mocks: { keep: { exitCode: 1 } }, memory });
    expect(memory.size).toBe(0);
    memory.set('cache/a', { outputs: { parameters: { value: 'old' }, artifacts: {} }, at: 0 });
    expect((await runWorkflow(remembering, { memory })).node('first').outputs.parameters.value).toBe('keep-value');
  });
});

describe('daemons', () => {
  test('serve until the template that started them ends', async () => {
    const events: string[] = [];
    const serving = workflow(`
- name: main
  steps: [[{name: inner, template: inner}], [{name: after, template: work}]]
- name: inner
  dag:
    tasks:
      - {name: server, template: server}
      - {name: client, template: work, depends: server}
- name: server
  daemon: true
  container: {image: redis, command: [redis-server]}
`);
    const result = await runWorkflow(serving, {
      onEvent: (event: RunEvent) => {
        if (event.type === 'ready') events.push(`ready ${event.name}`);
        if (event.type === 'ended') events.push(`ended ${event.node.displayName}`);
      },
    });
    expect(result.phase).toBe('Succeeded');
    expect(events).toEqual([
      'ready run[0].inner.server',
      'ended server',
      'ended client',
      'ended inner',
      'ended after',
      'ended run',
    ]);
  });

  test('that never get ready fail', async () => {
    const serving = workflow(`
- name: main
  dag: {tasks: [{name: server, template: server}, {name: client, template: work, depends: server}]}
- name: server
  daemon: true
  container: {image: redis, command: [redis-server]}
`);
    const result = await runWorkflow(serving, { mocks: { server: { exitCode: 1 } } });
    expect([result.phase, result.node('client').phase]).toEqual(['Failed', 'Omitted']);
  });
});

describe('a run', () => {
  const simple = workflow('\n- name: main\n  steps: [[{name: a, template: work}], [{name: b, template: work}]]\n');

  test('waits for mocks that wait for something, on a clock that stands still meanwhile', async () => {
    const work = () => new Promise<object>((resolve) => setTimeout(() => resolve({ seconds: 5 }), 20));
    expect((await runWorkflow(simple, { mocks: { work } })).duration).toBe(10);
  });

  test('that is stopped begins nothing new, and fails', async () => {
    const controller = new AbortController();
    const work = () => {
      controller.abort();
      return { seconds: 1000 };
    };
    const result = await runWorkflow(simple, { mocks: { work }, signal: controller.signal });
    expect(result.nodes.map(({ name, phase, finishedAt }) => [name, phase, finishedAt])).toEqual([
      ['run', 'Failed', 0],
      ['run[0].a', 'Failed', 0],
    ]);
  });

  test('is the same each time, event by event', async () => {
    const once = async (): Promise<readonly RunEvent[]> => {
      const events: RunEvent[] = [];
      await runWorkflow(loop('synchronization: {mutexes: [{name: gpu}]}', 'parallelism: 3'), {
        onEvent: (event) => events.push(event),
      });
      return events;
    };
    expect(await once()).toEqual(await once());
  });

  test('fails and leaves out what is asked for, and knows no other names', async () => {
    expect((await runWorkflow(simple, { fail: { a: 1 } })).phase).toBe('Failed');
    const skipped = await runWorkflow(simple, { skip: ['a'] });
    expect([skipped.node('a').message, skipped.duration]).toEqual(['left out on request', 1]);
    await expect(runWorkflow(simple, { skip: ['c'] })).rejects.toThrow('nothing in the workflow is called "c"');
    await expect(runWorkflow(simple, { mocks: { wrok: {} } })).rejects.toThrow(
      'mocks: nothing in the workflow is called',
    );
  });
});
