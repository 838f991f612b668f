import type { Cluster } from '../core/cluster';
import type { Problem } from '../core/problem';
import type { RenderedCluster } from '../render/model';
import { type Check, checkContext } from './check';

/** An exception that was used: findings of one check that a construct is allowed to have. */
export interface UsedException {
  readonly check: string;
  readonly path: string;
  readonly reason: string;
}

export interface CheckReport {
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly exceptions: readonly UsedException[];
}

/** Runs every check over a cluster and collects all that they find. */
export function runChecks(cluster: Cluster, rendered: RenderedCluster, checks: readonly Check[]): CheckReport {
  const context = checkContext(cluster, rendered);
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  const exceptions = new Map<string, UsedException>();
  for (const check of checks) {
    for (const { object, field, what, got, fix } of check.run(context)) {
      const { kind, metadata } = object.manifest;
      const reason = object.allowed.get(check.id);
      if (reason !== undefined) {
        exceptions.set(`${check.id} ${object.path}`, { check: check.id, path: object.path, reason });
        continue;
      }
      const where = `${object.path} (${kind} ${metadata.name}${field ? `, ${field}` : ''})`;
      // A message must not show what a Secret holds, whatever the check is about.
      const shown = got !== undefined && kind !== 'Secret';
      const problem = { where, what: `${what} [${check.id}]`, ...(shown && { got }), fix };
      (check.severity === 'error' ? errors : warnings).push(problem);
    }
  }
  return { errors, warnings, exceptions: [...exceptions.values()] };
}
