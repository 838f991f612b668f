import { describe, expect, test } from '@jest/globals';
import { readYamlText } from '../../../src/argo-workflows/lint/documents';
import { lintDocuments } from '../../../src/argo-workflows/lint/lint';
import { broken, LEAVES } from './broken';

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
