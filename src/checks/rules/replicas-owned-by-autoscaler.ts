import type { Check } from '../check';
import { at, fields, number, text } from '../read';

/** Self-heal would set the stated replicas again after every scaling. */
export const replicasOwnedByAutoscaler: Check = {
  id: 'replicas-owned-by-autoscaler',
  severity: 'error',
  why: 'Argo CD sets stated replicas again each time the autoscaler changes them, so the workload never scales.',
  *run(context) {
    const owners = new Map<string, string>();
    for (const autoscaler of [...context.ofKind('HorizontalPodAutoscaler'), ...context.ofKind('ScaledObject')]) {
      const { name: owner, namespace = '' } = autoscaler.manifest.metadata;
      const spec = fields(at(autoscaler.manifest, 'spec'));
      const kind = text(at(spec, 'scaleTargetRef', 'kind')) ?? 'Deployment';
      const name = text(at(spec, 'scaleTargetRef', 'name')) ?? '';
      const other = owners.get(`${kind}/${namespace}/${name}`);
      owners.set(`${kind}/${namespace}/${name}`, owner);
      if (other) {
        yield {
          object: autoscaler,
          field: 'spec.scaleTargetRef',
          what: `${kind} ${name} is scaled by ${other} too`,
          got: name,
          fix: 'keep one autoscaler for each workload',
        };
      }
      const [minimum, maximum] = [number(spec.minReplicas), number(spec.maxReplicas)];
      if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
        yield {
          object: autoscaler,
          field: 'spec.maxReplicas',
          what: `is below minReplicas (${minimum})`,
          got: maximum,
          fix: `set at least ${minimum}`,
        };
      }
      const target = context.find(kind, name, namespace);
      const replicas = target && at(target.manifest, 'spec', 'replicas');
      if (target && replicas !== undefined) {
        yield {
          object: target,
          field: 'spec.replicas',
          what: `is stated although ${autoscaler.manifest.kind} ${owner} owns it`,
          got: replicas,
          fix: 'leave replicas out; set minReplicas of the autoscaler',
        };
      }
    }
  },
};
