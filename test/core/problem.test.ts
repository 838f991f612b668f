import { expect, test } from '@jest/globals';
import { formatProblem, InvalidInput, throwIfAny } from '../../src/core/problem';

const problem = { where: 'homelab.name', what: 'is wrong', fix: 'write another' };

test.each<[unknown, string]>([
  [undefined, 'homelab.name: is wrong; write another'],
  ['a "b"', 'homelab.name: is wrong (got "a \\"b\\""); write another'],
  ['a\nb', 'homelab.name: is wrong (got "a\\nb"); write another'],
  [0, 'homelab.name: is wrong (got 0); write another'],
  [null, 'homelab.name: is wrong (got null); write another'],
  [{ a: [1] }, 'homelab.name: is wrong (got {"a":[1]}); write another'],
  [{ a: 'x'.repeat(200) }, `homelab.name: is wrong (got {"a":"${'x'.repeat(111)}...); write another`],
])('with the value %j it is one line', (got, expected) => {
  expect(formatProblem({ ...problem, got })).toBe(expected);
});

test('all problems are carried, and none is thrown when there is none', () => {
  expect(() => throwIfAny([])).not.toThrow();
  expect(() => throwIfAny([problem, problem])).toThrow(InvalidInput);
  expect(new InvalidInput([problem, problem]).message.split('\n')).toHaveLength(2);
});
