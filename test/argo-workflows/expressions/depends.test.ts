import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  dependsTasks,
  evaluateDepends,
  parseDepends,
  printDepends,
} from '../../../src/argo-workflows/expressions/depends';
import { dependsTrees } from './arbitraries';

const shape = (value: unknown): string => JSON.stringify(value, (key, part) => (key === 'start' ? undefined : part));

describe('depends', () => {
  test('what is printed parses to the same tree', () => {
    fc.assert(
      fc.property(dependsTrees, (tree) => {
        const printed = printDepends(tree);
        // A chain of the same operator may regroup to the left, which means the same.
        expect(printDepends(parseDepends(printed))).toBe(printed);
        const truth = (task: { readonly name: string; readonly result?: string }) =>
          (task.name.length + (task.result?.length ?? 0)) % 2 === 0;
        expect(evaluateDepends(parseDepends(printed), truth)).toBe(evaluateDepends(tree, truth));
      }),
    );
  });

  test('names with hyphens, results, operators as words and parentheses', () => {
    expect(shape(parseDepends('(flip-coin.Succeeded || !b) and c.AllFailed'))).toBe(
      shape({
        kind: 'and',
        left: {
          kind: 'or',
          left: { kind: 'task', name: 'flip-coin', result: 'Succeeded' },
          right: { kind: 'not', operand: { kind: 'task', name: 'b' } },
        },
        right: { kind: 'task', name: 'c', result: 'AllFailed' },
      }),
    );
    expect(dependsTasks(parseDepends('a && (b.Failed || a)')).map((task) => task.name)).toEqual(['a', 'b', 'a']);
  });

  test.each([
    ['a.Succeded', '"Succeded" is no task result'],
    ['a &&', 'unexpected the end at column 5'],
    ['a b', 'unexpected "b" at column 3'],
    ['(a', 'unexpected the end'],
    ['a & b', 'unexpected "&" at column 3'],
    ['', 'unexpected the end at column 1'],
  ])('%j is refused', (source, message) => {
    expect(() => parseDepends(source)).toThrow(message);
  });

  test('what is not known stays not known, unless the rest decides', () => {
    const holds = (task: { readonly name: string }) => (task.name === 'x' ? undefined : task.name === 't');
    expect(evaluateDepends(parseDepends('x && t'), holds)).toBeUndefined();
    expect(evaluateDepends(parseDepends('x && f'), holds)).toBe(false);
    expect(evaluateDepends(parseDepends('x || t'), holds)).toBe(true);
    expect(evaluateDepends(parseDepends('!x'), holds)).toBeUndefined();
  });
});
