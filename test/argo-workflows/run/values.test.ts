import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { runWorkflow } from '../../../src/argo-workflows/run/run-workflow';
import { workflow } from './workflows';

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
