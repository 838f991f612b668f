import { describe, expect, test } from '@jest/globals';
import { checks } from '../../src/checks';
import type { CheckReport } from '../../src/checks/run';
import { allowing, check, fixtureIds, readFixture } from './fixture';

const ids = checks.map(({ id }) => id);

/** Ids of the checks that found something, with how often. */
function foundIds({ errors, warnings }: CheckReport): Map<string, number> {
  const found = new Map<string, number>();
  for (const { what } of [...errors, ...warnings]) {
    const id = /\[([a-z-]+)\]$/.exec(what)?.[1] ?? what;
    found.set(id, (found.get(id) ?? 0) + 1);
  }
  return found;
}

test('every check has an id of its own in kebab case and says why it matters', () => {
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, why } of checks) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(why).toMatch(/^[A-Z0-9`].*[^.]\.$/s);
  }
});

test('there is a good and a bad fixture for every check, and none for anything else', () => {
  expect(fixtureIds()).toEqual([...ids].sort());
  for (const id of ids) {
    expect([id, readFixture(id, 'good') !== undefined]).toEqual([id, true]);
    expect([id, readFixture(id, 'bad') !== undefined]).toEqual([id, true]);
  }
});

describe.each(checks)('$id', ({ id, severity }) => {
  const good = readFixture(id, 'good');
  const bad = readFixture(id, 'bad');
  if (!good || !bad) throw new Error(`${id} lacks a fixture`);
  const report = check(bad);

  test('finds nothing in the good fixture', () => {
    const { errors, warnings } = check(good);
    expect([...errors, ...warnings].filter(({ what }) => what.endsWith(`[${id}]`))).toEqual([]);
  });

  test('finds the mistakes of the bad fixture, and no other check finds more than in the good one', () => {
    const before = foundIds(check(good));
    const more = [...foundIds(report)]
      .filter(([other, count]) => count > (before.get(other) ?? 0))
      .map(([other]) => other);
    expect(more).toEqual([id]);
  });

  test('names the object, the mistake and what to do', () => {
    const own = (severity === 'error' ? report.errors : report.warnings).filter(({ what }) => what.endsWith(`[${id}]`));
    for (const { where, what, fix } of own) {
      expect(where).toMatch(/^bad\/\S+ \(\w+ .+\)$/s);
      expect(what).toMatch(/^[A-Za-z0-9`"].*[^.] \[[a-z-]+\]$/s);
      expect(fix).toMatch(/^[a-z`][^A-Z]/);
      expect(fix).not.toMatch(/\.$/);
    }
    expect(own.map(({ where, what, got }) => ({ where, what, got }))).toMatchSnapshot();
  });

  test('is silent where a construct is allowed to fail it', () => {
    const { errors, warnings, exceptions } = check(allowing(bad, id, 'the fixture says so'));
    expect([...errors, ...warnings].filter(({ what }) => what.endsWith(`[${id}]`))).toEqual([]);
    expect(exceptions[0]).toMatchObject({ check: id, reason: 'the fixture says so' });
  });
});
