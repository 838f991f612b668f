import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareValues, formatPath } from '../../../src/render/diff/values';
import { apply } from './apply';

const summary = (before: unknown, after: unknown) =>
  compareValues(before, after).map(({ type, path }) => `${type} ${formatPath(path)}`);

/** Values as manifests have them, with lists of named items, of scalars and of objects without names. */
const manifest = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.dictionary(fc.constantFrom('a', 'b', 'name', 'a.b/c', '__proto__', 'constructor'), tie('value'), { maxKeys: 4 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.uniqueArray(
      fc.record({ name: fc.constantFrom('one', 'two', 'three', 'four'), value: fc.option(tie('value'), { nil: 0 }) }),
      { selector: ({ name }) => name, maxLength: 4 },
    ),
    fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 6 }),
  ),
})).value;

describe('compareValues', () => {
  test('finds nothing between a value and its copy', () => {
    fc.assert(
      fc.property(manifest, (value) => expect(compareValues(value, JSON.parse(JSON.stringify(value)))).toEqual([])),
    );
  });

  test('lists changes that turn the old value into the new one', () => {
    fc.assert(
      fc.property(manifest, manifest, (before, after) => {
        expect(apply(before, compareValues(before, after))).toEqual(after);
      }),
      { numRuns: 1000 },
    );
  });

  test('lists something for every two values that differ', () => {
    fc.assert(
      fc.property(manifest, manifest, (before, after) => {
        fc.pre(JSON.stringify(before) !== JSON.stringify(after));
        fc.pre(JSON.stringify(sorted(before)) !== JSON.stringify(sorted(after)));
        expect(compareValues(before, after)).not.toEqual([]);
      }),
    );
  });

  test('compares containers and their variables by name, wherever they stand', () => {
    const before = { containers: [{ name: 'a' }, { name: 'b', env: [{ name: 'MODE', value: 'x' }] }] };
    const after = { containers: [{ name: 'b', env: [{ name: 'MODE', value: 'y' }] }] };
    expect(summary(before, after)).toEqual(['removed containers[a]', 'changed containers[b].env[MODE].value']);
  });

  test('compares mounts of one volume by their path', () => {
    const mounts = (...paths: string[]) => paths.map((mountPath) => ({ name: 'data', mountPath }));
    expect(summary(mounts('/a', '/b'), mounts('/a', '/c'))).toEqual(['removed [/b]', 'added [/c]']);
  });

  test('names an order that matters', () => {
    const [one, two] = [{ name: 'one' }, { name: 'two' }];
    expect(compareValues([one, two], [two, one])).toEqual([
      { type: 'reordered', path: [], before: ['one', 'two'], after: ['two', 'one'] },
    ]);
  });

  test('sees one added item in a list without names, not a shift of all behind it', () => {
    expect(summary(['a', 'b', 'c'], ['new', 'a', 'b', 'c'])).toEqual(['added [0]']);
    const rule = (port: number) => ({ ports: [{ port, protocol: 'TCP' }] });
    expect(summary([rule(1), rule(2)], [rule(1), rule(9), rule(2)])).toEqual(['added [1]']);
  });

  test('keeps types apart that look the same', () => {
    expect(summary({ a: '1' }, { a: 1 })).toEqual(['changed a']);
    expect(summary({ a: null }, {})).toEqual(['removed a']);
    expect(summary({ a: {} }, { a: [] })).toEqual(['changed a']);
  });
});

describe('formatPath', () => {
  test('quotes a field that is no plain word', () => {
    expect(formatPath(['metadata', 'annotations', 'argocd.argoproj.io/sync-wave'])).toBe(
      'metadata.annotations["argocd.argoproj.io/sync-wave"]',
    );
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, child]) => [key, sorted(child)]);
}
