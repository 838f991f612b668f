import { expect, test } from '@jest/globals';
import { once } from '../../src/checks/once';
import type { Problem } from '../../src/core/problem';

const problem = (cluster: string, change: Partial<Problem> = {}): Problem => ({
  where: `${cluster}/registry/Resource (StatefulSet registry, spec.replicas)`,
  what: 'is wrong [a-check]',
  got: { replicas: 3 },
  fix: 'mend it',
  ...change,
});

test('what clusters share is told once, with the names of the others', () => {
  const found = ['homelab', 'laptop', 'edge'].map((cluster) => ({ cluster, problems: [problem(cluster)] }));
  expect(once(found)).toEqual([
    problem('homelab', {
      where: 'homelab/registry/Resource (StatefulSet registry, spec.replicas), the same in laptop and edge',
    }),
  ]);
});

test.each([
  { where: 'laptop/registry/Other (StatefulSet registry, spec.replicas)' },
  { what: 'is wrong [another-check]' },
  { got: { replicas: 4 } },
  { fix: 'leave it' },
])('%j is a problem of its own', (change) => {
  const other = problem('laptop', change);
  expect(
    once([
      { cluster: 'homelab', problems: [problem('homelab')] },
      { cluster: 'laptop', problems: [other] },
    ]),
  ).toEqual([problem('homelab'), other]);
});

test('the same thing twice in one cluster names no other', () => {
  expect(once([{ cluster: 'homelab', problems: [problem('homelab'), problem('homelab')] }])).toEqual([
    problem('homelab'),
  ]);
});
