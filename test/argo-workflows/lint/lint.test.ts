import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { documentOf, readYamlText } from '../../../src/argo-workflows/lint/documents';
import { lintDocuments } from '../../../src/argo-workflows/lint/lint';

const LEAVES = `
  - name: work
    container: {image: busybox, command: [work]}
  - name: use
    inputs: {parameters: [{name: value}]}
    container: {image: busybox, command: [use, "{{inputs.parameters.value}}"]}
  - name: make
    outputs:
      parameters: [{name: value, valueFrom: {path: /tmp/value}}]
      artifacts: [{name: file, path: /tmp/file}]
    container: {image: busybox, command: [make]}
`;

/** The rules that a Workflow breaks, with the paths; `spec` is YAML at the level of its fields, `templates` of a list. */
function broken(templates: string, spec = '', kind = 'Workflow'): readonly string[] {
  const indented = `${templates}${LEAVES}`;
  const text = `apiVersion: argoproj.io/v1alpha1\nkind: ${kind}\nmetadata: {name: run}\nspec:\n  entrypoint: main\n${spec}\n  templates:\n${indented}`;
  const { findings } = lintDocuments([documentOf(load(text) as object, 'a.yaml')]);
  return findings.map((finding) => `${finding.rule} ${finding.path}`);
}

const STEP = (extra: string): string => `
  - name: main
    steps:
    - - {name: first, template: make}
    - - ${extra}
`;

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

  const DAG = (tasks: string, outputs = ''): string => `
  - name: main${outputs === '' ? '' : `\n    outputs: {parameters: [{name: out, valueFrom: ${outputs}}]}`}
    dag:
      tasks:
      ${tasks}
  - {name: serve, daemon: true, container: {image: busybox, command: [serve]}}
`;
  const USE = (value: string): string =>
    `- {name: b, depends: a, template: use, arguments: {parameters: [{name: value, value: "${value}"}]}}`;

  test.each([
    [
      'the exit code of a loop',
      '- {name: a, template: make, withItems: [1, 2]}',
      '{{tasks.a.exitCode}}',
      'unknown-output',
    ],
    [
      'the address of a loop of daemons',
      '- {name: a, template: serve, withItems: [1, 2]}',
      '{{tasks.a.ip}}',
      'unknown-output',
    ],
    [
      'the machine of what has no pod',
      '- {name: a, inline: {suspend: {}}}',
      '{{tasks.a.hostNodeName}}',
      'unknown-output',
    ],
    [
      'the address of what may be skipped',
      '- {name: a, template: serve, when: "{{= workflow.name == \'x\' }}"}',
      '{{tasks.a.ip}}',
      'skipped-result',
    ],
    [
      'the exit code of what may be skipped',
      '- {name: a, template: make, when: "{{= workflow.name == \'x\' }}"}',
      '{{tasks.a.exitCode}}',
      'skipped-result',
    ],
  ])('%s', (_, task, value, rule) => {
    expect(broken(DAG(`${task}\n      ${USE(value)}`))).toEqual([
      `${rule} spec.templates[main].dag.tasks[b].arguments.parameters[value].value`,
    ]);
  });

  test('but not where something stands in for it', () => {
    const skipped = '- {name: a, template: make, when: "{{= workflow.name == \'x\' }}"}';
    expect(broken(DAG(`${skipped}\n      ${USE("{{= tasks['a']?.exitCode ?? 'none' }}")}`))).toEqual([]);
    const loop = '- {name: a, template: make, withItems: [1, 2]}';
    expect(broken(DAG(`${loop}\n      ${USE('{{tasks.a.status}} {{tasks.a.finishedAt}}')}`))).toEqual([]);
  });

  test.each([
    ["{{= tasks['a'].outputs.parameters.value ?? '[]' }}", 'a default that takes the place of the list', true],
    ["{{= tasks['a'].outputs.parameters.value ?? '[]' }}", 'nothing without a default', false],
  ])('%s, after a loop that may be over nothing, finds %s', (value, _, hasDefault) => {
    const valueFrom = hasDefault ? '{path: /v, default: none}' : '{path: /v}';
    const loop = `- {name: a, withParam: "{{workflow.parameters.list}}", inline: {container: {image: busybox, command: [work]}, outputs: {parameters: [{name: value, valueFrom: ${valueFrom}}]}}}`;
    const list = '  arguments: {parameters: [{name: list, value: "[]"}]}';
    const place = 'loop-output spec.templates[main].dag.tasks[b].arguments.parameters[value].value';
    expect(broken(DAG(`${loop}\n      ${USE(value)}`), list)).toEqual(hasDefault ? [place] : []);
  });

  test.each([
    ['a.Succeeded || a.Failed', '{{tasks.a.outputs.parameters.value}}', true],
    ['a.Succeeded || a.Failed', "{{= tasks['a'].outputs.parameters.value ?? 'none' }}", true],
    ['a.Succeeded || a.Failed', "{{= tasks['a'].outputs?.parameters?.value ?? 'none' }}", false],
    ['a.Succeeded || a.Failed', '{{tasks.a.exitCode}}', false],
    ['a', '{{tasks.a.outputs.parameters.value}}', false],
  ])('after %s, an output read by %s', (depends, value, isFound) => {
    const use = USE(value).replace('depends: a', `depends: ${depends}`);
    const place = 'failed-output spec.templates[main].dag.tasks[b].arguments.parameters[value].value';
    expect(broken(DAG(`- {name: a, template: make}\n      ${use}`))).toEqual(isFound ? [place] : []);
  });

  test('an output of a step that may fail, but not one that is skipped then', () => {
    const steps = (extra: string): string => `
  - name: main
    steps:
    - - {name: first, template: make, continueOn: {failed: true}}
    - - {name: last, template: use, ${extra}arguments: {parameters: [{name: value, value: "{{steps.first.outputs.parameters.value}}"}]}}
`;
    expect(broken(steps(''))).toEqual([`failed-output ${VALUE}`]);
    expect(broken(steps('when: "{{= steps.first.status == \'Succeeded\' }}", '))).toEqual([]);
  });

  test.each([
    ["{{= tasks['a']?.outputs?.parameters?.['value'] ?? '[]' }}", true],
    [
      "{{= type(tasks['a']?.outputs?.parameters) == 'map' ? tasks['a']?.outputs?.parameters?.['value'] ?? '[]' : '[]' }}",
      false,
    ],
    ['{{tasks.a.outputs.parameters}}', false],
    ["{{= tasks['a'].outputs.parameters }}", true],
  ])('after a loop whose runs may all be skipped, %s', (value, isFound) => {
    const loop = '- {name: a, template: make, withItems: [1, 2], when: "{{= item == \'1\' }}"}';
    const place = 'loop-output spec.templates[main].dag.tasks[b].arguments.parameters[value].value';
    expect(broken(DAG(`${loop}\n      ${USE(value)}`))).toEqual(isFound ? [place] : []);
  });

  test('an artifact of a loop', () => {
    const use =
      '- {name: b, depends: a, inline: {inputs: {artifacts: [{name: file, path: /tmp/file}]}, container: {image: busybox, command: [work]}}, arguments: {artifacts: [{name: file, from: "{{tasks.a.outputs.artifacts.file}}"}]}}';
    expect(broken(DAG(`- {name: a, template: make, withItems: [1]}\n      ${use}`))).toEqual([
      'unknown-output spec.templates[main].dag.tasks[b].arguments.artifacts[file].from',
    ]);
  });

  test.each([
    [
      '{parameter: "{{tasks.a.status}}"}',
      ['unknown-output spec.templates[main].outputs.parameters[out].valueFrom.parameter'],
    ],
    [
      '{parameter: "{{tasks.a.ip}}"}',
      ['unknown-output spec.templates[main].outputs.parameters[out].valueFrom.parameter'],
    ],
    ['{parameter: "{{tasks.a.finishedAt}}"}', []],
    ['{expression: tasks.a.status}', []],
  ])('an output of a DAG from %s', (source, problems) => {
    expect(broken(DAG('- {name: a, template: make}', source))).toEqual(problems);
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

describe('a field', () => {
  const main = (fields: string): string => `  - name: main\n    ${fields}`;
  const container = (fields: string): string =>
    main(`container: {image: busybox, command: [work, "{{= inputs.parameters.text }}"], ${fields}}`);
  const MAIN = 'spec.templates[main]';

  test.each([
    [container('env: [{name: A, value: 1}]'), [`field-type ${MAIN}.container.env[A].value`]],
    [container('env: [{name: A, value: "1"}], ports: [{containerPort: 80}]'), []],
    [container('resources: {limits: {cpu: "1.5", memory: 1000000}}'), []],
    [container('resources: {limits: {cpu: 1.5}}'), [`field-type ${MAIN}.container.resources.limits.cpu`]],
    [container('resources: {limits: {cpu: 2x}}'), [`field-type ${MAIN}.container.resources.limits.cpu`]],
    [container('env: [{nam: A, value: "1"}]'), [`pod-field ${MAIN}.container.env[0].nam`]],
    [container('env: [{value: "1"}]'), [`pod-field ${MAIN}.container.env[0]`]],
    [container('env: [A]'), [`field-type ${MAIN}.container.env[0]`]],
    [container('volumeMounts: [{name: data, mountPath: /data, ofTomorrow: true}]'), []],
    [container('readinessProbe: {httpGet: {path: /}}'), [`pod-field ${MAIN}.container.readinessProbe.httpGet`]],
    [
      main('metrics: {prometheus: [{name: m, help: M, gauge: {value: "1", operation: Plus}}]}\n    suspend: {}'),
      [`metric ${MAIN}.metrics.prometheus[m].gauge.operation`],
    ],
    [main('suspend: {duration: 10}'), [`field-type ${MAIN}.suspend.duration`]],
    [
      main('steps: [[{name: a, inline: {suspend: {duration: 10}}}]]'),
      [`field-type ${MAIN}.steps[0][a].inline.suspend.duration`],
    ],
    [
      main(
        'inputs: {artifacts: [{name: a, path: /in/a, raw: {data: x}}, {name: b, path: /in/a/, raw: {data: x}}]}\n    container: {image: busybox, command: [work]}',
      ),
      [`mount-path ${MAIN}.inputs.artifacts[b].path`],
    ],
    [
      main(
        'metrics: {prometheus: [{name: m, help: M, histogram: {value: "1", buckets: [1, 1, 2]}}]}\n    container: {image: busybox, command: [work]}',
      ),
      [`metric ${MAIN}.metrics.prometheus[m].histogram.buckets[1]`],
    ],
  ])('%s', (template, problems) => {
    const withInput = template.includes('{{= inputs')
      ? template.replace('container:', 'inputs: {parameters: [{name: text, value: a}]}\n    container:')
      : template;
    expect(broken(withInput, '  volumes: [{name: data, emptyDir: {}}]')).toEqual(problems);
  });

  test('that makes every step late, or the run vanish', () => {
    const suspend = main('suspend: {}');
    expect(broken(suspend, '  activeDeadlineSeconds: 0')).toEqual(['deadline spec.activeDeadlineSeconds']);
    expect(broken(suspend, '  ttlStrategy: {secondsAfterFailure: -1}')).toEqual([
      'negative-number spec.ttlStrategy.secondsAfterFailure',
    ]);
  });
});

describe('a character that Go and JSON write differently', () => {
  const ESCAPE = '\\e[1m';
  const ITEM = (item: string, value: string): string =>
    `  - name: main\n    steps:\n    - - {name: a, template: use, withItems: [${item}], arguments: {parameters: [{name: value, value: "${value}"}]}}`;

  test.each([
    [
      'in an item',
      ITEM(`"${ESCAPE}"`, '{{item}}'),
      '',
      ['unprintable-value spec.templates[main].steps[0][a].withItems[0]'],
    ],
    [
      'in a part of an item',
      ITEM(`{k: "${ESCAPE}"}`, '{{item.k}}'),
      '',
      ['unprintable-value spec.templates[main].steps[0][a].withItems[0].k'],
    ],
    ['in an item that an expression reads', ITEM(`"${ESCAPE}"`, '{{= item }}'), '', []],
    [
      'in a parameter of the workflow',
      ITEM('1', '{{workflow.parameters.p}}'),
      `  arguments: {parameters: [{name: p, value: "${ESCAPE}"}]}`,
      ['unprintable-value spec.arguments.parameters[p].value'],
    ],
    [
      'outside of the basic plane, and not printed',
      ITEM('"\\U000E0067"', '{{item}}'),
      '',
      ['unprintable-value spec.templates[main].steps[0][a].withItems[0]'],
    ],
    [
      'in the default of an output that a tag reads',
      `  - name: main\n    steps:\n    - - {name: a, template: odd}\n    - - {name: b, template: use, arguments: {parameters: [{name: value, value: "{{steps.a.outputs.parameters.v}}"}]}}\n  - {name: odd, outputs: {parameters: [{name: v, valueFrom: {path: /v, default: "${ESCAPE}"}}]}, container: {image: busybox, command: [work]}}`,
      '',
      ['unprintable-value spec.templates[odd].outputs.parameters[v].valueFrom.default'],
    ],
    ['that both write alike', ITEM('"\\t\\b\\f\\x85\\u200d \\U0001F600"', '{{item}}'), '', []],
    [
      'in the text of a template itself',
      `  - name: main\n    container: {image: busybox, command: [echo, "${ESCAPE}"]}`,
      '',
      [],
    ],
  ])('%s', (_, template, spec, problems) => {
    expect(broken(template, spec)).toEqual(problems);
  });
});

describe('a value without quotes', () => {
  const found = (value: string) => {
    const text = `apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: run}\nspec:\n  entrypoint: work\n  arguments: {parameters: [{name: a, value: ${value}}]}\n  templates:${LEAVES}`;
    const documents = readYamlText(text, 'a.yaml');
    if (!Array.isArray(documents)) throw new Error('no YAML');
    return lintDocuments(documents).findings.filter(({ rule }) => rule === 'unquoted-value');
  };

  test.each([
    ['y', 'true'],
    ['off', 'false'],
    ['010', '8'],
    ['1.10', '1.1'],
  ])('%s is told as it stands there, with what YAML reads: %s', (written, read) => {
    expect(found(written)).toEqual([
      expect.objectContaining({
        value: written,
        what: expect.stringContaining(`${written} without quotes as ${read}`),
      }),
    ]);
  });

  test('that YAML reads as it stands is only named', () => {
    expect(found('12')).toEqual([
      expect.objectContaining({ value: '12', what: expect.not.stringContaining('reads 12') }),
    ]);
    expect(found('"y"')).toEqual([]);
  });
});
