import { describe, expect, test } from '@jest/globals';
import { evaluateWhen, parseWhen } from '../../../src/argo-workflows/expressions/when';

describe('when, after its tags are filled in', () => {
  test.each([
    ['heads == heads', true],
    ['heads == tails', false],
    ['"a b" != \'a b\'', false],
    ['true', true],
    ['!false', true],
    ['3 < 10 && 2 >= 2', true],
    ['"3" < "10"', false],
    ['tails =~ tai', true],
    ['tails !~ hea', true],
    ['a in (a, b)', true],
    ['(1 + 2) * 2 == 6', true],
    ['false || (a == b || 1 == 1)', true],
    ['"" == ""', true],
    ['[a b] == "a b"', true],
    ['a\\-b == "a-b"', true],
    ['"a\\"b" != "ab"', true],
    ['(1 + 2) ** 2 % 5 == 4', true],
  ])('%s is %s', (source, value) => {
    expect(evaluateWhen(source)).toBe(value);
  });

  test.each([
    [' == foo', 'unexpected "=="'],
    ['a b == c', 'unexpected "b"'],
    ['foo', 'not true or false'],
    ['1 == 1 &&', 'unexpected the end'],
    ['5 < abc', 'compares a number with something else'],
    ['a == "open', 'unexpected """'],
    ['"it\'s" == x', 'unexpected """'],
    ['a.b == a.b', 'unexpected "a"'],
  ])('%j is refused', (source, message) => {
    expect(() => evaluateWhen(source)).toThrow(message);
  });

  test('a hyphen in a bare word is a subtraction, which is why values are quoted', () => {
    expect(() => evaluateWhen('my-value == my-value')).toThrow('compares a number with something else');
    expect(evaluateWhen('"my-value" == "my-value"')).toBe(true);
  });

  test('bare words are marked', () => {
    expect(parseWhen('a == "a"')).toMatchObject({ left: { bare: true }, right: { bare: false } });
  });
});
