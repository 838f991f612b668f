import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dnsLabelProblem, dnsSubdomainProblem, LABEL_VALUE } from '../../src/core/names';

const alphanumeric = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789');
const label = fc
  .tuple(alphanumeric, fc.string({ unit: fc.constantFrom(...'abc019-'), maxLength: 61 }), alphanumeric)
  .map((parts) => parts.join(''));

describe('a DNS label', () => {
  test.each(['a', '0', 'a-b', 'a'.repeat(63)])('may be %s', (name) => {
    expect(dnsLabelProblem(name)).toBeUndefined();
  });

  test.each(['', '-a', 'a-', 'A', 'a_b', 'a.b', 'ä', 'a b', 'a\n', 'a\u2028'])('may not be %j', (name) => {
    expect(dnsLabelProblem(name)).toMatch(/must be lower-case/);
  });

  test('says how long it is when it is too long', () => {
    expect(dnsLabelProblem('a'.repeat(64))).toBe('is 64 characters long, at most 63 are allowed');
  });

  test('is a subdomain too, and so are labels joined by dots', () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 3 }), (labels) => {
        for (const one of labels) expect(dnsLabelProblem(one)).toBeUndefined();
        expect(dnsSubdomainProblem(labels.join('.'))).toBeUndefined();
      }),
    );
  });
});

test.each(['', '.', 'a.', '.a', 'a..b', 'A.b', 'a_b.c', 'a.b\n'])('a DNS subdomain may not be %j', (name) => {
  expect(dnsSubdomainProblem(name)).toMatch(/must be DNS labels/);
});

test('a DNS subdomain has at most 253 characters', () => {
  expect(dnsSubdomainProblem('a'.repeat(253))).toBeUndefined();
  expect(dnsSubdomainProblem('a'.repeat(254))).toBe('is 254 characters long, at most 253 are allowed');
});

test.each([
  ['', true],
  ['a.b_c-D', true],
  ['-a', false],
  ['a-', false],
  ['a b', false],
  ['a\n', false],
])('%j as the value of a label: %j', (value, expected) => {
  expect(LABEL_VALUE.test(value)).toBe(expected);
});

test('any text is judged, and in little time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      for (const problem of [dnsLabelProblem(text), dnsSubdomainProblem(text)]) {
        expect(problem === undefined || problem.length > 10).toBe(true);
      }
    }),
  );
});
