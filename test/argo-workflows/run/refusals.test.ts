import { describe, expect, test } from '@jest/globals';
import { runWorkflow } from '../../../src/argo-workflows/run/run-workflow';
import { workflow } from './workflows';

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
