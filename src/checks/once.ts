import type { Problem } from '../core/problem';

/** What checks found in one cluster. */
export interface ClusterProblems {
  readonly cluster: string;
  readonly problems: readonly Problem[];
}

/** The problems of all clusters. One that several share is told once, in the first, with the names of the others. */
export function once(found: readonly ClusterProblems[]): Problem[] {
  const shared = new Map<string, { readonly problem: Problem; readonly clusters: Set<string> }>();
  for (const { cluster, problems } of found) {
    for (const problem of problems) {
      const { where, what, got, fix } = problem;
      const key = JSON.stringify([where.replace(`${cluster}/`, ''), what, got, fix]);
      const known = shared.get(key);
      if (known) known.clusters.add(cluster);
      else shared.set(key, { problem, clusters: new Set([cluster]) });
    }
  }
  return [...shared.values()].map(({ problem, clusters: [, ...others] }) =>
    others.length === 0 ? problem : { ...problem, where: `${problem.where}, the same in ${others.join(' and ')}` },
  );
}
