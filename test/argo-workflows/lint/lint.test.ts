import { describe, expect, test } from '@jest/globals';
import { documentOf } from '../../../src/argo-workflows/lint/documents';
import { lintDocuments } from '../../../src/argo-workflows/lint/lint';
import { broken, STEP } from './broken';

describe('what is right', () => {
  test.each([
    [
      'inputs in fields of pods that stand at the workflow',
      '  - name: main\n    inputs: {parameters: [{name: arch, value: amd64}]}\n    container: {image: busybox, command: [work, "{{inputs.parameters.arch}}"]}',
      '  nodeSelector: {kubernetes.io/arch: "{{inputs.parameters.arch}}"}',
    ],
    [
      'nested tags',
      STEP(
        "{name: last, template: use, when: \"'{{workflow.parameters.{{workflow.parameters.which}}}}' == 'a'\", arguments: {parameters: [{name: value, value: x}]}}",
      ),
      '  arguments: {parameters: [{name: which, value: a}, {name: a, value: b}]}',
    ],
    [
      'the item of the loop around an inline template',
      '  - name: main\n    steps:\n    - - name: each\n        withItems: [a, b]\n        inline:\n          container: {image: busybox, command: [echo, "{{item}}"]}',
      '',
    ],
    [
      'inputs of the template around an inline template, and its own',
      '  - name: main\n    inputs: {parameters: [{name: outer, value: x}]}\n    dag:\n      tasks:\n      - name: a\n        arguments: {parameters: [{name: own, value: "{{inputs.parameters.outer}}"}]}\n        inline:\n          inputs: {parameters: [{name: own}]}\n          container: {image: busybox, command: [echo, "{{inputs.parameters.own}}", "{{inputs.parameters.outer}}"]}',
      '',
    ],
    [
      'tags in the expression of a retry',
      '  - name: main\n    inputs: {parameters: [{name: code, value: "2"}]}\n    retryStrategy: {limit: 2, retryPolicy: Always, expression: "lastRetry.exitCode != \'{{inputs.parameters.code}}\'"}\n    container: {image: busybox, command: [work, "{{retries}}", "{{lastRetry.exitCode}}"]}',
      '',
    ],
    [
      'the own outputs of a step in its exit hook when it succeeded, and its status in others',
      STEP(
        `{name: last, template: make, hooks: {exit: {template: use, arguments: {parameters: [{name: value, value: "{{= steps.last.status == 'Succeeded' ? steps.last.outputs.parameters.value : 'none' }}"}]}}, running: {template: work, expression: steps.last.status == "Running"}}}`,
      ),
      '',
    ],
    [
      'values of the node in its metrics',
      '  - name: main\n    metrics:\n      prometheus:\n      - {name: done, help: Done, when: "{{status}} == Succeeded", labels: [{key: code, value: "{{exitCode}}"}], gauge: {value: "{{outputs.parameters.value}}"}}\n    outputs: {parameters: [{name: value, valueFrom: {path: /v}}]}\n    container: {image: busybox, command: [make]}',
      '',
    ],
    [
      'global outputs of another template',
      '  - name: main\n    steps:\n    - - {name: a, template: global}\n    - - {name: b, template: use, arguments: {parameters: [{name: value, value: "{{workflow.outputs.parameters.final}}"}]}}\n  - name: global\n    outputs: {parameters: [{name: value, globalName: final, valueFrom: {path: /v}}]}\n    container: {image: busybox, command: [make]}',
      '',
    ],
    [
      'labels with dots in their names',
      '  - name: main\n    container: {image: busybox, command: [echo, "{{workflow.labels.example.com/team}}"]}',
      '  workflowMetadata: {labels: {example.com/team: models}}',
    ],
    [
      'the status and failures of the workflow at its end',
      '  - name: main\n    container: {image: busybox, command: [work]}\n  - name: report\n    steps:\n    - - {name: say, template: say}\n  - name: say\n    container: {image: busybox, command: [echo, "{{workflow.status}}", "{{workflow.failures}}"]}',
      '  hooks: {exit: {template: report}}',
    ],
    [
      'a conditional output read only when its condition holds',
      '  - name: main\n    steps:\n    - - {name: flip, template: make, when: "{{= workflow.parameters.mode == \'a\' }}"}\n    - - {name: last, template: use, when: "{{= workflow.parameters.mode == \'a\' }}", arguments: {parameters: [{name: value, value: "{{steps.flip.outputs.parameters.value}}"}]}}',
      '  arguments: {parameters: [{name: mode, value: a}]}',
    ],
    [
      'names of functions and variables of predicates',
      '  - name: main\n    container: {image: busybox, command: [echo, "{{= toJson(map(split(workflow.name, \'-\'), {let n = #; upper(n) + sprig.trunc(1, #)})) }}"]}',
      '',
    ],
    [
      'outputs of tasks before, within an inline template',
      '  - name: main\n    dag:\n      tasks:\n      - {name: a, template: make}\n      - name: b\n        depends: a\n        inline:\n          container: {image: busybox, command: [echo, "{{tasks.a.outputs.parameters.value}}"]}',
      '',
    ],
  ])('%s', (_, templates, spec) => {
    expect(broken(templates, spec)).toEqual([]);
  });
});

describe('what is wrong', () => {
  const argument = (value: string): string =>
    STEP(`{name: last, template: use, arguments: {parameters: [{name: value, value: "${value}"}]}}`);
  const VALUE = 'spec.templates[main].steps[1][last].arguments.parameters[value].value';

  test.each([
    ["{{= steps['first'].outputs.parameters.vale }}", ['unknown-output']],
    ["{{= steps['frist'].outputs.parameters.value }}", ['unknown-node']],
    ['{{tasks.first.outputs.parameters.value}}', ['variable-scope']],
    ['{{steps.first.outputs.artifacts.value}}', ['unknown-output']],
    ['{{steps.first.ip}}', ['unknown-output']],
    ['{{steps.last.status}}', ['step-not-finished']],
    ['{{step.first.outputs.result}}', ['unknown-variable']],
    ['{{workflow.paramters.x}}', ['unknown-variable']],
    ['{{workflow.parameters.x}}', ['undeclared-workflow-parameter']],
    ['{{inputs.parameters.x}}', ['undeclared-input']],
    ['{{item}}', ['variable-scope']],
    ['{{retries}}', ['variable-scope']],
    ['{{= lastRetry.exitCode }}', ['variable-scope']],
    ['{{pod.name}}', ['variable-scope']],
    ['{{ .Values.x }}', ['literal-tag']],
    ["{{= asInt(steps.first.outputs.result) + '1' + foo }}", ['unknown-variable']],
    ['{{= steps.first.outputs.result + 1 }}', ['expression-type']],
    ['{{= steps.first.outputs.result == true }}', ['expression-type']],
  ])('%s as a value of a step', (value, rules) => {
    expect(broken(argument(value))).toEqual(rules.map((rule) => `${rule} ${VALUE}`));
  });

  test('is the same in a WorkflowTemplate, but for parameters that its user may have', () => {
    expect(broken(argument('{{workflow.parameters.x}}'), '', 'WorkflowTemplate')).toEqual([
      `inherited-workflow-parameter ${VALUE}`,
    ]);
  });

  test.each(['when', 'withParam', 'depends'])('in %s of a task that does not wait', (field) => {
    const uses: Readonly<Record<string, string>> = {
      when: 'when: "{{= tasks.a.outputs.parameters.value == \'x\' }}"',
      withParam: 'withParam: "{{tasks.a.outputs.parameters.value}}"',
      depends: 'depends: c',
    };
    const dag = `  - name: main\n    dag:\n      tasks:\n      - {name: a, template: make}\n      - {name: b, template: work, ${uses[field] ?? ''}}`;
    const rule = field === 'depends' ? 'dependency' : 'not-a-dependency';
    expect(broken(dag)).toEqual([`${rule} spec.templates[main].dag.tasks[b].${field}`]);
  });

  test('also within an inline template: an output of a task that it does not wait for', () => {
    const dag =
      '  - name: main\n    dag:\n      tasks:\n      - {name: a, template: make}\n      - name: b\n        inline:\n          container: {image: busybox, command: [echo, "{{tasks.a.outputs.parameters.value}}"]}';
    expect(broken(dag)).toEqual(['not-a-dependency spec.templates[main].dag.tasks[b].inline.container.command[1]']);
  });

  test('is found in every object of a file, in the order of files and lines', () => {
    const bad = (name: string): object => ({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'WorkflowTemplate',
      metadata: { name },
      spec: { entrypoint: 'x', templates: [{ name: 'main', container: { image: 'busybox', command: ['work'] } }] },
    });
    const { findings, checked } = lintDocuments([documentOf(bad('one'), '1.yaml'), documentOf(bad('two'), '2.yaml')]);
    expect(findings.map(({ file, object, rule }) => [file, object, rule])).toEqual([
      ['1.yaml', 'WorkflowTemplate/one', 'undefined-template'],
      ['2.yaml', 'WorkflowTemplate/two', 'undefined-template'],
    ]);
    expect(checked).toBe(2);
  });
});
