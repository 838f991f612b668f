import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { readYamlText, type YamlDocument } from '../../../src/argo-workflows/lint/documents';

function read(text: string): readonly YamlDocument[] {
  const documents = readYamlText(text, 'a.yaml');
  if (!Array.isArray(documents)) throw new Error(JSON.stringify(documents));
  return documents;
}

describe('reading YAML', () => {
  test('gives every document with the lines of its values', () => {
    const [first, second] = read('# comment\na: 1\nb:\n  - x: {k: z}\n---\nc: |\n  d\n');
    expect(first?.object).toEqual({ a: 1, b: [{ x: { k: 'z' } }] });
    expect(first?.lineOf(['a'])).toBe(2);
    expect(first?.lineOf(['b', 0, 'x', 'k'])).toBe(4);
    expect(second?.lineOf(['c'])).toBe(6);
  });

  test('gives the line of the nearest parent for a place that is not there', () => {
    const [document] = read('a:\n  b:\n    c: 1\n');
    expect(document?.lineOf(['a', 'b', 'x', 'y'])).toBe(2);
  });

  test('finds the line of any key', () => {
    const key = fc.stringMatching(/^[a-z]{1,8}$/);
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(key, tie('node'), { maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 }), (object) => {
        const text = dump(object);
        const [document] = read(text);
        for (const name of Object.keys(object)) {
          const line = text.split('\n')[(document?.lineOf([name]) ?? 0) - 1];
          expect(line?.replace(/['"]/g, '')).toMatch(new RegExp(`^${name}:`));
        }
      }),
    );
  });

  test.each([
    ['yes', true],
    ['Off', false],
    ['010', 8],
    ['0o10', 8],
    ['0x1F', 31],
    ['1_000', 1000],
    ['1e3', 1000],
    ['1.10', 1.1],
    ['~', null],
    ['2020-01-01', '2020-01-01'],
    ['12:30:00', '12:30:00'],
    ['"no"', 'no'],
  ])('reads %s as Kubernetes does', (text, value) => {
    expect(read(`a: ${text}\n`)[0]?.object).toEqual({ a: value });
  });

  test('takes continuation lines that stand too far left, as the reader of Kubernetes does', () => {
    const [document] = read('a:\n  b: ["x\n  y\n  "]\n  c: 1\n');
    expect(document?.object).toEqual({ a: { b: ['x y '], c: 1 } });
    expect(document?.lineOf(['a', 'c'])).toBe(5);
  });

  test('reports keys that a map has twice', () => {
    expect(read('a:\n  b: 1\n  b: 2\n')[0]?.duplicateKeys).toEqual([['a', 'b']]);
  });

  test('names the place where a file is no YAML', () => {
    expect(readYamlText('a: 1\nb: c: d\n', 'a.yaml')).toMatchObject({ file: 'a.yaml', line: 2, column: 5 });
  });
});
