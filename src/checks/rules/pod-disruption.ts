import type { RenderedObject } from '../../render/model';
import type { Check, Finding } from '../check';
import { maximumReplicas, minimumReplicas } from '../demand';
import { type PodTemplate, podTemplates } from '../pods';
import { at, fields } from '../read';
import { selectedPods } from '../selectors';

const REPLICATED = new Set(['Deployment', 'StatefulSet', 'Rollout', 'ReplicaSet']);

/** Every workload with more than one pod has a budget, and every budget lets one go. */
export const podDisruption: Check = {
  id: 'pod-disruption',
  severity: 'error',
  why: 'Without a budget a drained node takes all pods at once; a budget that spares every pod keeps the node from ever being drained.',
  *run(context) {
    const covered = new Map<PodTemplate, RenderedObject>();
    for (const budget of context.ofKind('PodDisruptionBudget')) {
      const spec = fields(at(budget.manifest, 'spec'));
      const pods = selectedPods(context, budget.manifest.metadata.namespace ?? '', spec.selector);
      for (const pod of pods) {
        const other = covered.get(pod);
        if (other) {
          const { name } = other.manifest.metadata;
          yield {
            object: budget,
            field: 'spec.selector',
            what: `selects pods of budget ${name} too, which makes every eviction fail`,
            got: name,
            fix: 'keep one budget for each pod',
          };
        }
        covered.set(pod, budget);
      }
      yield* blocking(
        budget,
        pods.reduce((sum, pod) => sum + minimumReplicas(context, pod), 0),
        pods.length > 0,
      );
    }
    for (const pod of podTemplates(context)) {
      if (!REPLICATED.has(pod.object.manifest.kind) || maximumReplicas(context, pod) < 2 || covered.has(pod)) continue;
      yield {
        object: pod.object,
        what: 'has more than one pod and no PodDisruptionBudget',
        got: maximumReplicas(context, pod),
        fix: 'add one with maxUnavailable: 1',
      };
    }
  },
};

function* blocking(object: RenderedObject, replicas: number, known: boolean): Generator<Finding> {
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy } = fields(at(object.manifest, 'spec'));
  const fix = 'set maxUnavailable: 1';
  if (maxUnavailable === 0 || maxUnavailable === '0%') {
    yield { object, field: 'spec.maxUnavailable', what: 'lets no pod go', got: maxUnavailable, fix };
  } else if (minAvailable === '100%' || (known && typeof minAvailable === 'number' && minAvailable >= replicas)) {
    yield {
      object,
      field: 'spec.minAvailable',
      what: `keeps all of the ${replicas} pods that may be there`,
      got: minAvailable,
      fix,
    };
  }
  if (unhealthyPodEvictionPolicy !== 'AlwaysAllow') {
    yield {
      object,
      field: 'spec.unhealthyPodEvictionPolicy',
      what: 'keeps pods that never became ready from being evicted',
      got: unhealthyPodEvictionPolicy ?? 'nothing, which means IfHealthyBudget',
      fix: 'set it to AlwaysAllow',
    };
  }
}
