import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasTags, isOneTag, splitTags } from '../../../src/argo-workflows/expressions/tags';

describe('tags in text', () => {
  test('variables and expressions are told apart', () => {
    expect(splitTags('a {{ inputs.parameters.n }} b {{= 1 + 1 }}')).toEqual([
      { kind: 'text', text: 'a ', start: 0 },
      { kind: 'variable', name: 'inputs.parameters.n', start: 2, end: 27 },
      { kind: 'text', text: ' b ', start: 27 },
      { kind: 'expression', source: ' 1 + 1 ', start: 30, end: 42, sourceStart: 33 },
    ]);
  });

  test('a tag ends at the first closing braces, also inside an expression', () => {
    expect(splitTags('{{= {a: {b: 1}} }}')[0]).toMatchObject({ kind: 'expression', source: ' {a: {b: 1' });
  });

  test('braces that never close are text, and are marked', () => {
    expect(splitTags('x {{inputs')).toEqual([
      { kind: 'text', text: 'x {{inputs', start: 0 },
      { kind: 'open', start: 2 },
    ]);
  });

  test('every text is the concatenation of its parts', () => {
    const pieces = fc.oneof(fc.constantFrom('{{', '}}', '{{=', '{', '}', 'a.b', ' '), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(pieces), (list) => {
        const text = list.join('');
        const rebuilt = splitTags(text)
          .map((part) =>
            part.kind === 'text' ? part.text : part.kind === 'open' ? '' : text.slice(part.start, part.end),
          )
          .join('');
        expect(rebuilt).toBe(text);
      }),
    );
  });

  test('one tag alone is recognised', () => {
    expect(isOneTag(' {{= a }} ')).toBe(true);
    expect(isOneTag('{{a}}{{b}}')).toBe(false);
    expect(isOneTag('{{a}} == b')).toBe(false);
    expect(hasTags('{{a')).toBe(false);
  });
});
