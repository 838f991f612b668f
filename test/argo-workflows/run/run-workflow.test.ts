import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
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

describe('values', () => {
  test('flow from outputs to inputs, through nested templates and global names', async () => {
    const result = await runWorkflow(
      workflow(`
- name: main
  steps:
    - - {name: inner, template: inner}
    - - {name: last, template: use, arguments: {parameters: [{name: value, value: "{{= upper(steps.inner.outputs.parameters.answer) }}"}]}}
- name: inner
  steps: [[{name: make, template: make}]]
  outputs:
    parameters:
      - {name: answer, globalName: final, valueFrom: {parameter: "{{steps.make.outputs.parameters.value}}"}}
`),
      { mocks: { make: { parameters: { value: 'yes' } } } },
    );
    expect(result.node('last').inputs).toEqual({ value: 'YES' });
    expect(result.outputs.parameters).toEqual({ final: 'yes' });
  });

  test.each([
    ['dag: {tasks: [{name: inner, template: inner}]}', { final: 'make-value' }],
    ['steps: [[{name: inner, template: inner}]]', {}],
  ])(
    'with a global name in a DAG are exported by a DAG around it only, as by the controller: %s',
    async (main, outputs) => {
      const nested = workflow(`
- name: main
  ${main}
- name: inner
  dag: {tasks: [{name: make, template: make}]}
  outputs:
    parameters: [{name: answer, globalName: final, valueFrom: {parameter: "{{tasks.make.outputs.parameters.value}}"}}]
`);
      expect((await runWorkflow(nested)).outputs.parameters).toEqual(outputs);
    },
  );

  test('are handed to mocks, with the template filled in', async () => {
    const seen: unknown[] = [];
    await runWorkflow(
      workflow(
        `
- name: main
  steps:
    - - {name: a, template: use, arguments: {parameters: [{name: value, value: "{{workflow.parameters.mode}}-{{workflow.name}}"}]}}
`,
        'arguments: {parameters: [{name: mode, value: fast, enum: [fast, exact]}]}',
      ),
      {
        arguments: { mode: 'exact' },
        mocks: {
          use: (call) => {
            seen.push([call.node, call.task, call.parameters, call.attempt, call.template.container]);
            return {};
          },
        },
      },
    );
    expect(seen).toEqual([
      ['run[0].a', 'a', { value: 'exact-run' }, 0, { image: 'busybox', command: ['use', 'exact-run'] }],
    ]);
  });

  test('reach templates that are written into a task', async () => {
    let command: unknown;
    await runWorkflow(
      workflow(`
- name: main
  inputs: {parameters: [{name: outer, value: o}]}
  dag:
    tasks:
      - {name: make, template: make}
      - name: inner
        depends: make
        arguments: {parameters: [{name: own, value: p}]}
        inline:
          name: inner
          inputs: {parameters: [{name: own}]}
          container: {image: busybox, command: ["{{inputs.parameters.outer}}", "{{inputs.parameters.own}}", "{{tasks.make.outputs.parameters.value}}"]}
`),
      {
        mocks: {
          inner: ({ template }) => {
            command = template.container;
            return {};
          },
        },
      },
    );
    expect(command).toEqual({ image: 'busybox', command: ['o', 'p', 'make-value'] });
  });

  test('of artifacts are what the mock before gave', async () => {
    const result = await runWorkflow(
      workflow(`
- name: main
  steps:
    - - {name: make, template: make}
    - - {name: read, template: read, arguments: {artifacts: [{name: file, from: "{{steps.make.outputs.artifacts.file}}"}]}}
- name: read
  inputs: {artifacts: [{name: file, path: /file}]}
  outputs: {parameters: [{name: content, valueFrom: {path: /out}}]}
  container: {image: busybox, command: [cat, "{{inputs.artifacts.file.path}}"]}
`),
      {
        mocks: {
          make: { artifacts: { file: 'weights' } },
          read: ({ artifacts }) => ({ parameters: { content: artifacts.file ?? '' } }),
        },
      },
    );
    expect(result.node('read').outputs.parameters).toEqual({ content: 'weights' });
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
`),
    );
    expect(result.node('none').message).toBe('Skipped, empty params');
    expect(result.node('some').children.map((node) => node.displayName)).toEqual([
      'some(0:n03)',
      'some(1:n02)',
      'some(2:n01)',
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

describe('objects beside the workflow', () => {
  const library = load(`
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: library}
spec:
  entrypoint: greet
  arguments: {parameters: [{name: mode, value: fast}]}
  templates:
    - name: greet
      inputs: {parameters: [{name: name, valueFrom: {configMapKeyRef: {name: names, key: first}}}]}
      container: {image: busybox, command: [greet, "{{inputs.parameters.name}}"]}
`) as object;
  const names = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'names', labels: { 'workflows.argoproj.io/configmap-type': 'Parameter' } },
    data: { first: 'Ada' },
  };
  const user = workflow(`
- name: main
  steps:
    - - {name: a, template: null, templateRef: {name: library, template: greet}}
`);

  test('are found by reference', async () => {
    expect((await runWorkflow(user, { objects: [library, names] })).node('a').inputs).toEqual({ name: 'Ada' });
    expect((await runWorkflow(library, { objects: [names] })).phase).toBe('Succeeded');
  });

  test('are named when they are missing', async () => {
    await expect(runWorkflow(user)).rejects.toThrow('there is no template "library/greet" among the objects');
    await expect(runWorkflow(user, { objects: [library] })).rejects.toThrow(
      'there is no ConfigMap "names" with a key "first"',
    );
  });
});

describe('what cannot run', () => {
  const main = '- name: main\n  steps:\n    - - {name: a, template: work}\n';

  test.each([
    [
      'what the linter refuses',
      workflow('- name: main\n  steps:\n    - - {name: a, template: wrok}\n'),
      {},
      'did you mean "work"?',
    ],
    ['an unknown argument', workflow(main), { arguments: { mode: 'x' } }, 'the workflow has no parameter "mode"'],
    [
      'an argument outside of its enum',
      workflow(main, 'arguments: {parameters: [{name: mode, value: a, enum: [a, b]}]}'),
      { arguments: { mode: 'c' } },
      '"c" is no value of "mode"; use one of a, b',
    ],
    [
      'an output that nobody declared',
      workflow(main),
      { mocks: { work: { parameters: { x: '1' } } } },
      'the mock gives the output "x"',
    ],
    [
      'a template after which no pod can be named',
      workflow(
        main.replace('template: work', 'template: doWork') +
          '- name: doWork\n  container: {image: busybox, command: [x]}\n',
      ),
      {},
      'spec.templates[doWork].name: no pod can be named after a template with capital letters',
    ],
    ['something else than a workflow', { kind: 'Service' }, {}, 'this is no workflow'],
    [
      'a failing expression',
      workflow(
        '- name: main\n  steps:\n    - - {name: a, template: use, arguments: {parameters: [{name: value, value: "{{= asInt(\'x\') }}"}]}}\n',
      ),
      {},
      'run[0].a.arguments.value: the expression "asInt(\'x\')" fails: invalid operation: int(x)',
    ],
  ])('is refused with a reason: %s', async (_, object, options, message) => {
    await expect(runWorkflow(object, options)).rejects.toThrow(message);
  });

  test('is a recursion without an end', async () => {
    const endless = workflow('- name: main\n  steps:\n    - - {name: again, template: main, when: "true"}\n');
    await expect(runWorkflow(endless)).rejects.toThrow('more than 100 templates within each other');
  });
});
