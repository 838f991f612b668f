import { parseQuantity } from '../../core/quantity';
import type { Check } from '../check';
import { type Amounts, formatAmount, maximumReplicas, podAmounts, surge } from '../demand';
import { perContext } from '../per-context';
import { type PodTemplate, podTemplates } from '../pods';
import { at, fields, scalar } from '../read';

interface Demand {
  readonly total: Map<string, number>;
  /** The biggest pod of a workflow: how many run at once is decided when they run. */
  readonly biggest: Map<string, number>;
}

/** What a ResourceQuota counts, by namespace, with every workload at its maximum and being updated. */
const demands = perContext((context): ReadonlyMap<string, Demand> => {
  const found = new Map<string, Demand>();
  for (const pod of podTemplates(context)) {
    const { total, biggest } = found.get(pod.namespace) ?? { total: new Map(), biggest: new Map() };
    found.set(pod.namespace, { total, biggest });
    if (pod.lifetime === 'workflow') {
      for (const [key, amount] of counted(pod, 1)) biggest.set(key, Math.max(biggest.get(key) ?? 0, amount));
      continue;
    }
    for (const [key, amount] of counted(pod, maximumReplicas(context, pod) + surge(context, pod))) {
      total.set(key, (total.get(key) ?? 0) + amount);
    }
  }
  for (const claim of context.ofKind('PersistentVolumeClaim')) {
    const demand = found.get(claim.manifest.metadata.namespace ?? '');
    const size = parseQuantity(scalar(at(claim.manifest, 'spec', 'resources', 'requests', 'storage'))) ?? 0;
    for (const [key, amount] of [
      ['persistentvolumeclaims', 1],
      ['requests.storage', size],
    ] as const) {
      demand?.total.set(key, (demand.total.get(key) ?? 0) + amount);
    }
  }
  return found;
});

/** The quota of a namespace lets its workloads grow to their maximum while one of them is updated. */
export const quotaCapacity: Check = {
  id: 'quota-capacity',
  severity: 'error',
  why: "A workload that its namespace's quota stops short neither scales nor updates, and only an event says so.",
  *run(context) {
    for (const quota of context.ofKind('ResourceQuota')) {
      const demand = demands(context).get(quota.manifest.metadata.namespace ?? '');
      // A quota with scopes counts some pods only.
      if (
        !demand ||
        at(quota.manifest, 'spec', 'scopes') !== undefined ||
        at(quota.manifest, 'spec', 'scopeSelector') !== undefined
      )
        continue;
      for (const [key, value] of Object.entries(fields(at(quota.manifest, 'spec', 'hard')))) {
        const hard = parseQuantity(scalar(value));
        const wanted = (demand.total.get(canonical(key)) ?? 0) + (demand.biggest.get(canonical(key)) ?? 0);
        if (hard === undefined || wanted <= hard * (1 + 1e-9)) continue;
        yield {
          object: quota,
          field: `spec.hard["${key}"]`,
          what: `is less than the workloads of the namespace take at their maximum and during an update (${formatAmount(key, wanted)})`,
          got: value,
          fix: `raise quotas.${quota.manifest.metadata.namespace} of the cluster, or lower resources, replicas or maxReplicas`,
        };
      }
    }
  },
};

function counted(pod: PodTemplate, replicas: number): Amounts {
  const found = new Map<string, number>([['pods', replicas]]);
  for (const side of ['requests', 'limits'] as const) {
    for (const [resource, amount] of podAmounts(pod, side)) found.set(`${side}.${resource}`, amount * replicas);
  }
  return found;
}

/** `cpu` and `memory` alone mean requests; `count/pods` means pods. */
function canonical(key: string): string {
  if (key === 'cpu' || key === 'memory' || key === 'ephemeral-storage') return `requests.${key}`;
  return key.replace(/^count\/(pods|persistentvolumeclaims)$/, '$1');
}
