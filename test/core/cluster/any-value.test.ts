import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { render } from '../../../src/cli/render';
import { homelab } from '../../../src/clusters/homelab';
import type { ClusterData } from '../../../src/core/cluster';
import { InvalidInput, type Problem } from '../../../src/core/problem';
import { oddStrings } from '../odd-strings';
import { pathsOf, withValue } from './paths';

const base: ClusterData = {
  ...homelab,
  models: { sentiment: { version: 'v1.0.0', digest: `sha256:${'a'.repeat(64)}` } },
};
const paths = pathsOf(base).filter((path) => path.length > 0);

/** Values near to what is right, values of the wrong kind, and anything. */
const value = fc.oneof(
  fc.constantFrom(undefined, null, true, 0, -1, 1, 1.5, 2, 65536, 1e21, Number.NaN, Number.POSITIVE_INFINITY),
  fc.constantFrom(
    '',
    'a',
    'ubuntu1',
    'ubuntu2',
    'ubuntu9',
    'A',
    'a b',
    'a'.repeat(64),
    'a'.repeat(254),
    'latest',
    '../..',
  ),
  fc.constantFrom(
    '0',
    '-1',
    '1Gi',
    '5Ti',
    '1e30',
    '10.0.0.0/8',
    '10.0.0.1',
    'https://example.org/x.git',
    '/srv/mlops/training',
  ),
  fc.constantFrom('existing', 'generated', 'sealed', 'local', 'nfs', 'class', 'rolling', 'blueGreen', 'small', 'large'),
  fc.constantFrom(...oddStrings),
  fc.constantFrom(
    [],
    {},
    [null],
    { from: 'existing' },
    { type: 'rolling' },
    { type: 'class', storageClass: 'standard', size: '1Gi' },
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** What comes of the data: the problems that a person is shown, or undefined when it renders. */
function problemsOf(data: unknown): readonly Problem[] | undefined {
  try {
    render([data as ClusterData]);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
}

/** Such as `homelab.nodes.ubuntu2.address`; the name itself may be what is wrong. */
function isInData(where: string): boolean {
  return /^\S*[.\]]/.test(where) && !where.includes('/') ? true : where.startsWith(`${base.name}.`);
}

/** What checks find in objects tells which setting to change. */
const namesData = /quotas\.|nodes of the cluster/;

describe('any value at any path of the data of a cluster', () => {
  test('either renders and passes every check, or is answered by what to do about it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), value, (path, replacement) => {
        for (const { where, what, fix } of problemsOf(withValue(base, path, replacement)) ?? []) {
          expect(isInData(where) || namesData.test(fix) ? '' : where).toBe('');
          expect(what).not.toMatch(/\.$|undefined|\[object|invalid input/i);
          expect(fix).toMatch(/^[a-z`"]/);
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 60) },
    );
  }, 600_000);
});
