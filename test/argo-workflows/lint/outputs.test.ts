import { describe, expect, test } from '@jest/globals';
import { broken } from './broken';

/** A main template with a DAG, and a daemon `serve`. */
const DAG = (tasks: string, outputs = ''): string => `
  - name: main${outputs === '' ? '' : `\n    outputs: {parameters: [{name: out, valueFrom: ${outputs}}]}`}
    dag:
      tasks:
      ${tasks}
  - {name: serve, daemon: true, container: {image: busybox, command: [serve]}}
`;
const USE = (value: string): string =>
  `- {name: b, depends: a, template: use, arguments: {parameters: [{name: value, value: "${value}"}]}}`;

describe('what a task reads of another', () => {
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
    expect(broken(steps(''))).toEqual([
      'failed-output spec.templates[main].steps[1][last].arguments.parameters[value].value',
    ]);
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
});
