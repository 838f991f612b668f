import { describe, expect, test } from '@jest/globals';
import { readYamlText } from '../../../src/argo-workflows/lint/documents';
import { readWorkflow } from '../../../src/argo-workflows/lint/model';
import { absentWhenUsed } from '../../../src/argo-workflows/lint/presence';

/** How `a` can be absent when `c` runs, in a DAG with these tasks; with `outputs`, when the DAG gives its outputs. */
function absence(tasks: string, user: 'c' | 'outputs' = 'c'): readonly string[] {
  const text = `apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  templates:\n  - name: main\n    dag:\n      tasks:\n${tasks}`;
  const documents = readYamlText(text, 'a.yaml');
  const workflow = Array.isArray(documents) ? readWorkflow(documents[0]) : undefined;
  const owner = workflow?.templates[0];
  const [a, c] = ['a', 'c'].map((name) => owner?.tasks.find((task) => task.name === name));
  if (owner === undefined || a === undefined || c === undefined) throw new Error('no such tasks');
  return absentWhenUsed(owner, a, user === 'outputs' ? undefined : c);
}

const task = (name: string, rest = ''): string =>
  `      - {name: ${name}, template: t${rest === '' ? '' : `, ${rest}`}}\n`;
const WHEN = 'when: "{{= x }}"';

test('many tasks that depend on many others are followed once each', () => {
  const layers = Array.from({ length: 30 }, (_, layer) =>
    ['x', 'y', 'z'].map((name) => {
      const before = layer === 0 ? 'a' : ['x', 'y', 'z'].map((other) => `${other}${layer - 1}`).join(' && ');
      return task(`${name}${layer}`, `depends: ${before}`);
    }),
  );
  expect(absence(task('a', WHEN) + layers.flat().join('') + task('c', 'depends: x29 && y29'))).toEqual(['Skipped']);
});

describe('outputs that may be absent when they are read', () => {
  test.each([
    ['an unconditional dependency is there', [], task('a') + task('c', 'depends: a')],
    ['a conditional one may be skipped', ['Skipped'], task('a', WHEN) + task('c', 'depends: a')],
    ['unless success is asked for', [], task('a', WHEN) + task('c', 'depends: a.Succeeded')],
    [
      'also when it is asked for further up',
      [],
      task('a', WHEN) + task('b', 'depends: a.Succeeded') + task('c', 'depends: b'),
    ],
    [
      'a skipped task in between does not hide it',
      ['Skipped'],
      task('a', WHEN) + task('b', 'depends: a') + task('c', 'depends: b'),
    ],
    [
      'a handler of a failure may be left out',
      ['Omitted'],
      task('b') + task('a', 'depends: b.Failed') + task('c', 'depends: b || a.Omitted'),
    ],
    [
      'but not for what only runs after it',
      [],
      task('b') + task('a', 'depends: b.Failed') + task('c', 'depends: a.Succeeded'),
    ],
    ['a list that is written out is not empty', [], task('a', 'withItems: [1]') + task('c', 'depends: a')],
    ['a sequence with a written count is not', [], task('a', 'withSequence: {count: "3"}') + task('c', 'depends: a')],
    [
      'one with a computed count may be',
      ['Skipped'],
      task('a', 'withSequence: {count: "{{x}}"}') + task('c', 'depends: a'),
    ],
    ['one of no items is', ['Skipped'], task('a', 'withSequence: {count: 0}') + task('c', 'depends: a')],
    ['a computed one may be', ['Skipped'], task('a', 'withParam: "{{x}}"') + task('c', 'depends: a')],
    [
      'continueOn lets failures pass, which is not absence',
      [],
      task('a', 'continueOn: {failed: true}') + task('c', 'dependencies: [a]'),
    ],
  ])('%s', (_, phases, tasks) => {
    expect(absence(tasks)).toEqual(phases);
  });
});

describe('outputs of a DAG', () => {
  const chain = task('b') + task('a', 'depends: b') + task('c', 'depends: a');

  test('are there when only a failure, which fails the DAG, would leave their task out', () => {
    expect(absence(chain, 'outputs')).toEqual([]);
  });

  test.each([
    ['another task goes on after the failure', task('b') + task('a', 'depends: b') + task('c', 'depends: a.Omitted')],
    [
      'a failure may be passed over',
      task('b', 'continueOn: {failed: true}') + task('a', 'depends: b.Succeeded') + task('c'),
    ],
  ])('may be absent when %s', (_, tasks) => {
    expect(absence(tasks, 'outputs')).toEqual(['Omitted']);
  });

  test('may be absent when their task is skipped', () => {
    expect(absence(task('a', WHEN) + task('c'), 'outputs')).toEqual(['Skipped']);
  });
});
