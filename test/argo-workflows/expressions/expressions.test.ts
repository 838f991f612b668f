import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { evaluateExpression } from '../../../src/argo-workflows/expressions/evaluate';
import { ExpressionError } from '../../../src/argo-workflows/expressions/expression-error';
import { parseExpression } from '../../../src/argo-workflows/expressions/parser';
import { printExpression } from '../../../src/argo-workflows/expressions/print';
import { expandNames, goJson, goString } from '../../../src/argo-workflows/expressions/values';
import { expressions } from './arbitraries';
import { VECTOR_VARIABLES, VECTORS } from './vectors';

const shape = (value: unknown): string =>
  JSON.stringify(value, (key, part) => {
    if (key === 'start' || key === 'end') return undefined;
    if (typeof part === 'bigint') return `${part}n`;
    return Object.is(part, -0) ? '-0' : part;
  });

const evaluate = (source: string, variables = VECTOR_VARIABLES) =>
  evaluateExpression(parseExpression(source), expandNames(variables), source);

describe('parser and printer', () => {
  test('what is printed parses to the same expression', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        expect(shape(parseExpression(printExpression(expression)))).toBe(shape(expression));
      }),
      { numRuns: 1000 },
    );
  });

  test('no text crashes the parser: it parses or is an ExpressionError with a position inside the text', () => {
    const pieces = [
      'a',
      '.',
      '?.',
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      '#',
      '??',
      '?',
      ':',
      "'x'",
      '1',
      ' ',
      'not',
      'in',
      ',',
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 }))), (parts) => {
        const source = parts.join('');
        try {
          parseExpression(source);
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
          if (error instanceof ExpressionError) expect(error.offset).toBeLessThanOrEqual(source.length);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['1 +', 'unexpected the end of the expression at column 4'],
    ["tasks['a'", 'expected "]" but found the end of the expression at column 10'],
    ['a ?? b || c', '"||" and "??" cannot be mixed without parentheses at column 8'],
    ["'open", 'unclosed string at column 1'],
    ['a\n  .b c', 'unexpected "c" at line 2, column 6'],
    ['filter(xs)', '"filter" needs another argument at column 10'],
    ['99999999999999999999', 'integer literal is too large at column 1'],
    ['a = b', 'unexpected "=" at column 3'],
  ])('%j is refused with the place', (source, message) => {
    expect(() => parseExpression(source)).toThrow(message);
  });

  test('nesting is bounded, so that no input exhausts the stack', () => {
    expect(() => parseExpression('('.repeat(100_000))).toThrow('nested too deeply');
  });
});

describe('evaluator', () => {
  test.each(VECTORS)('%s', (source, json) => {
    if (json === undefined) expect(() => evaluate(source)).toThrow(ExpressionError);
    else expect(JSON.parse(goJson(evaluate(source)))).toEqual(JSON.parse(json));
  });

  test('an absent output is nil behind "?." even when nothing of the task is there', () => {
    expect(evaluate("tasks['x']?.outputs?.parameters?.['p'] ?? 'd'", { 'tasks.y.id': '1' })).toBe('d');
    expect(() => evaluate("tasks['x'].outputs.parameters['p'] ?? 'd'", { 'tasks.y.id': '1' })).toThrow(
      'cannot fetch outputs from <nil>',
    );
  });

  test('a written empty string is not absent', () => {
    expect(evaluate("inputs.parameters['p'] ?? 'd'", { 'inputs.parameters.p': '' })).toBe('');
  });

  test('an error names the place in the expression', () => {
    expect(() => evaluate('1 + asInt("42.7")', {})).toThrow('invalid operation: int(42.7) at column 5');
    expect(() => evaluate('now()', {})).toThrow('function "now" is unknown or cannot be evaluated here at column 1');
  });

  test.each([
    'int(1 / 0)',
    'int(0 / 0)',
    'asInt(2 ** 70)',
    'sprig.int(1 / 0) + int(-1 / 0)',
    'toJson(1 / 0)',
    'repeat("a", 1 / 0)',
  ])('%s is an error with a place, not a crash', (source) => {
    expect(() => evaluate(source)).toThrow(ExpressionError);
  });

  test('the same expression and variables give the same value, and the variables stay as they are', () => {
    fc.assert(
      fc.property(expressions, fc.dictionary(fc.constantFrom('a', 'tasks', 'x1'), fc.string()), (expression, names) => {
        const run = (): string => {
          try {
            return goString(evaluateExpression(expression, names));
          } catch (error) {
            if (error instanceof ExpressionError) return error.message;
            throw error;
          }
        };
        const before = JSON.stringify(names);
        expect(run()).toBe(run());
        expect(JSON.stringify(names)).toBe(before);
      }),
      { numRuns: 500 },
    );
  });
});

describe('texts of values', () => {
  test.each([
    ['string(jsonpath(s, "$.a"))', '[1 2]'],
    ['string({inner: "val"})', 'map[inner:val]'],
    ['string(nil)', '<nil>'],
    ['string(1000000)', '1000000'],
    ['string(fromJSON("1000000"))', '1e+06'],
    ['toJson("a<b")', '"a\\u003cb"'],
  ])('%s is %s, as in Go', (source, text) => {
    expect(evaluate(source)).toBe(text);
  });

  test('a name that begins another is dropped from the variables', () => {
    expect(expandNames({ a: '1', 'a.b': '2', ab: '3' })).toEqual({ a: { b: '2' }, ab: '3' });
  });
});
