import { describe, expect, test } from '@jest/globals';
import type { RunResult } from '../../../src/argo-workflows/run/result';
import { runWorkflow } from '../../../src/argo-workflows/run/run-workflow';
import { workflow } from './workflows';

const phases = (result: RunResult): Record<string, string> =>
  Object.fromEntries(result.nodes.map((node) => [node.name, node.phase]));

describe('DAGs', () => {
  const diamond = workflow(`
- name: main
  dag:
    tasks:
      - {name: a, template: work}
      - {name: b, template: work, depends: a}
      - {name: c, template: work, depends: a}
      - {name: d, template: work, depends: b && c}
`);

  test('begin each task when those before it have ended, on a virtual clock', async () => {
    const seconds = (count: number) => ({ seconds: count });
    const result = await runWorkflow(diamond, { mocks: { work: ({ task }) => seconds(task === 'b' ? 10 : 2) } });
    expect(result.phase).toBe('Succeeded');
    expect(result.nodes.map(({ name, startedAt, finishedAt }) => [name, startedAt, finishedAt])).toEqual([
      ['run', 0, 14],
      ['run.a', 0, 2],
      ['run.b', 2, 12],
      ['run.c', 2, 4],
      ['run.d', 12, 14],
    ]);
  });

  test('leave out what depends on a failed task, and fail with it', async () => {
    const result = await runWorkflow(diamond, { mocks: { work: ({ task }) => ({ exitCode: task === 'b' ? 3 : 0 }) } });
    expect(phases(result)).toEqual({
      run: 'Failed',
      'run.a': 'Succeeded',
      'run.b': 'Failed',
      'run.c': 'Succeeded',
      'run.d': 'Omitted',
    });
    expect(result.node('b').message).toBe('Error (exit code 3)');
  });

  test('turn green when their only last task handles the failure', async () => {
    const handled = workflow(`
- name: main
  dag:
    tasks:
      - {name: train, template: work}
      - {name: alert, template: work, depends: train.Failed || train.Errored}
`);
    const failing = { work: ({ task }: { readonly task: string }) => (task === 'train' ? { error: 'evicted' } : {}) };
    expect(phases(await runWorkflow(handled, { mocks: failing }))).toEqual({
      run: 'Succeeded',
      'run.train': 'Error',
      'run.alert': 'Succeeded',
    });
    expect(phases(await runWorkflow(handled))).toEqual({
      run: 'Succeeded',
      'run.train': 'Succeeded',
      'run.alert': 'Omitted',
    });
  });

  test('run only what a target needs', async () => {
    const targeted = workflow(`
- name: main
  dag:
    target: b
    tasks:
      - {name: a, template: work}
      - {name: b, template: work, depends: a}
      - {name: c, template: work, depends: b}
`);
    expect((await runWorkflow(targeted)).nodes.map((node) => node.displayName)).toEqual(['run', 'a', 'b']);
  });

  test('count daemons as done, and give their address', async () => {
    const daemon = workflow(`
- name: main
  dag:
    tasks:
      - {name: server, template: server}
      - name: client
        template: use
        depends: server
        arguments: {parameters: [{name: value, value: "{{tasks.server.ip}}"}]}
- name: server
  daemon: true
  container: {image: redis, command: [redis-server]}
`);
    expect((await runWorkflow(daemon)).node('client').inputs).toEqual({ value: '127.0.0.1' });
  });
});

describe('steps', () => {
  test('run group after group, and fail when all of a group have ended', async () => {
    const result = await runWorkflow(
      workflow(`
- name: main
  steps:
    - - {name: a, template: work}
      - {name: b, template: work}
    - - {name: c, template: work}
`),
      { mocks: { work: ({ task }) => (task === 'a' ? { exitCode: 1 } : { seconds: 5 }) } },
    );
    expect(phases(result)).toEqual({ run: 'Failed', 'run[0].a': 'Failed', 'run[0].b': 'Succeeded' });
    expect([result.duration, result.message]).toEqual([5, "child 'run[0].a' failed"]);
  });

  test('go on after failures that continueOn lets pass', async () => {
    const result = await runWorkflow(
      workflow(`
- name: main
  steps:
    - - {name: a, template: work, continueOn: {failed: true}}
    - - {name: b, template: use, arguments: {parameters: [{name: value, value: "{{steps.a.status}}"}]}}
`),
      { mocks: { work: { exitCode: 1 } } },
    );
    expect(result.phase).toBe('Succeeded');
    expect(result.node('b').inputs).toEqual({ value: 'Failed' });
  });
});

describe('conditions', () => {
  const conditional = (consumer: string): object =>
    workflow(
      `
- name: main
  dag:
    tasks:
      - {name: make, template: make, when: "{{= workflow.parameters.mode == 'fast' }}"}
      - name: last
        depends: make
        ${consumer}
`,
      'arguments: {parameters: [{name: mode, value: exact}]}',
    );
  const tag = '"{{tasks.make.outputs.parameters.value}}"';

  test('that are false skip a task, and an input with a default goes on', async () => {
    const result = await runWorkflow(
      conditional(`template: use-or-default\n        arguments: {parameters: [{name: value, value: ${tag}}]}`),
    );
    expect(phases(result)).toEqual({ run: 'Succeeded', 'run.make': 'Skipped', 'run.last': 'Succeeded' });
    expect(result.node('make').message).toBe("when 'false' evaluated false");
    expect(result.node('last').inputs).toEqual({ value: 'fallback' });
  });

  test('with a fallback in an expression go on', async () => {
    const value = `"{{= tasks['make']?.outputs?.parameters?.value ?? 'none' }}"`;
    const result = await runWorkflow(
      conditional(`template: use\n        arguments: {parameters: [{name: value, value: ${value}}]}`),
    );
    expect(result.node('last').inputs).toEqual({ value: 'none' });
    const taken = await runWorkflow(
      conditional(`template: use\n        arguments: {parameters: [{name: value, value: ${value}}]}`),
      {
        arguments: { mode: 'fast' },
      },
    );
    expect(taken.node('last').inputs).toEqual({ value: 'make-value' });
  });

  test('without any end the run at once, where the controller would fail late', async () => {
    await expect(
      runWorkflow(conditional(`template: use\n        arguments: {parameters: [{name: value, value: ${tag}}]}`)),
    ).rejects.toThrow('run.last.inputs.value: its argument is an output of something that did not run');
  });
});

describe('loops', () => {
  test('name their runs after the items, and give lists in their order', async () => {
    const result = await runWorkflow(
      workflow(`
- name: main
  steps:
    - - {name: each, template: echo, withItems: [b, {k: v}, 3], arguments: {parameters: [{name: value, value: "{{item}}"}]}}
    - - {name: last, template: use, arguments: {parameters: [{name: value, value: "{{steps.each.outputs.parameters.said}}"}]}}
- name: echo
  inputs: {parameters: [{name: value}]}
  outputs: {parameters: [{name: said, valueFrom: {path: /tmp/said}}]}
  container: {image: busybox, command: [echo, "{{inputs.parameters.value}}"]}
`),
      { mocks: { echo: ({ parameters }) => ({ parameters: { said: `<${parameters.value}>` } }) } },
    );
    expect(result.node('run[0].each').children.map((node) => node.name)).toEqual([
      'run[0].each(0:b)',
      'run[0].each(1:k:v)',
      'run[0].each(2:3)',
    ]);
    expect(JSON.parse(result.node('last').inputs.value ?? '')).toEqual(['<b>', '<{"k":"v"}>', '<3>']);
  });

  test('over an empty list are skipped, over a sequence counted', async () => {
    const result = await runWorkflow(
      workflow(`
- name: main
  steps:
    - - {name: none, template: work, withParam: "[]"}
      - {name: some, template: work, withSequence: {start: "3", end: "1", format: "n%02d"}}
      - {name: down, template: work, withSequence: {count: "-1"}}
`),
    );
    expect(result.node('none').message).toBe('Skipped, empty params');
    expect(result.node('some').children.map((node) => node.displayName)).toEqual([
      'some(0:n03)',
      'some(1:n02)',
      'some(2:n01)',
    ]);
    // The controller counts to an end of start + count - 1.
    expect(result.node('down').children.map((node) => node.displayName)).toEqual([
      'down(0:0)',
      'down(1:-1)',
      'down(2:-2)',
    ]);
  });

  test('answer AnySucceeded and AllFailed', async () => {
    const dag = workflow(`
- name: main
  dag:
    tasks:
      - {name: each, template: use, withItems: [1, 2], arguments: {parameters: [{name: value, value: "{{item}}"}]}}
      - {name: any, template: work, depends: each.AnySucceeded}
      - {name: none, template: work, depends: each.AllFailed}
`);
    const failOn = (items: readonly string[]) => ({
      use: ({ parameters }: { readonly parameters: Readonly<Record<string, string>> }) => ({
        exitCode: items.includes(parameters.value ?? '') ? 1 : 0,
      }),
    });
    expect(phases(await runWorkflow(dag, { mocks: failOn(['1']) }))).toMatchObject({
      'run.any': 'Succeeded',
      'run.none': 'Omitted',
    });
    expect(phases(await runWorkflow(dag, { mocks: failOn(['1', '2']) }))).toMatchObject({
      'run.any': 'Omitted',
      'run.none': 'Succeeded',
    });
  });

  test('run a thousand tasks', async () => {
    const many = workflow(`
- name: main
  dag:
    tasks:
      - {name: each, template: pair, withSequence: {count: "500"}, arguments: {parameters: [{name: value, value: "{{item}}"}]}}
- name: pair
  inputs: {parameters: [{name: value}]}
  dag:
    tasks:
      - {name: make, template: make}
      - {name: use, template: use, depends: make, arguments: {parameters: [{name: value, value: "{{= tasks.make.outputs.parameters.value + inputs.parameters.value }}"}]}}
`);
    const result = await runWorkflow(many);
    expect(result.nodes.filter((node) => node.kind === 'Pod')).toHaveLength(1000);
    expect(result.node('run.each(499:499).use').inputs).toEqual({ value: 'make-value499' });
  }, 30_000);
});
