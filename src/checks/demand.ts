import { formatBytes, formatCores, parseQuantity } from '../core/quantity';
import { wireAmounts } from '../core/resources';
import { executorResources } from '../core/workflow-executor';
import type { RenderedObject } from '../render/model';
import type { CheckContext } from './check';
import { perContext } from './per-context';
import type { PodTemplate } from './pods';
import { at, type Fields, fields, number, text } from './read';
import { runnableNodes } from './volumes';

/** Amounts by resource name: cores, bytes or devices. */
export type Amounts = ReadonlyMap<string, number>;

const autoscalers = perContext((context): ReadonlyMap<string, RenderedObject> => {
  const found = new Map<string, RenderedObject>();
  for (const object of [...context.ofKind('HorizontalPodAutoscaler'), ...context.ofKind('ScaledObject')]) {
    const { kind, name } = fields(at(object.manifest, 'spec', 'scaleTargetRef'));
    found.set(`${text(kind) ?? 'Deployment'}/${object.manifest.metadata.namespace ?? ''}/${text(name) ?? ''}`, object);
  }
  return found;
});

function scaleOf(context: CheckContext, { object, namespace }: PodTemplate): Fields | undefined {
  const found = autoscalers(context).get(`${object.manifest.kind}/${namespace}/${object.manifest.metadata.name}`);
  return found && fields(at(found.manifest, 'spec'));
}

/** The fewest pods of a template that run when it is left alone. */
export function minimumReplicas(context: CheckContext, pod: PodTemplate): number {
  const scale = scaleOf(context, pod);
  if (scale) return number(scale.minReplicas) ?? number(scale.minReplicaCount) ?? 1;
  return number(at(pod.object.manifest, 'spec', 'replicas')) ?? 1;
}

/** The most pods of a template that run at once, without those of an update. A workflow's are not known: two. */
export function maximumReplicas(context: CheckContext, pod: PodTemplate): number {
  const spec = fields(pod.object.manifest.spec);
  switch (pod.object.manifest.kind) {
    case 'Pod':
      return 1;
    case 'DaemonSet':
      return runnableNodes(context, pod).length;
    case 'Job':
      return number(spec.parallelism) ?? 1;
    case 'CronJob':
      return number(at(spec, 'jobTemplate', 'spec', 'parallelism')) ?? 1;
    default: {
      if (pod.lifetime === 'workflow') return 2;
      const scale = scaleOf(context, pod);
      const maximum = scale && (number(scale.maxReplicas) ?? number(scale.maxReplicaCount));
      return maximum ?? number(spec.replicas) ?? 1;
    }
  }
}

/** Pods that an update runs beside those that it replaces. */
export function surge(context: CheckContext, pod: PodTemplate): number {
  const replicas = maximumReplicas(context, pod);
  const spec = fields(pod.object.manifest.spec);
  if (pod.object.manifest.kind === 'Rollout') {
    const blueGreen = at(spec, 'strategy', 'blueGreen');
    if (blueGreen !== undefined) return number(at(blueGreen, 'previewReplicaCount')) ?? replicas;
    return share(at(spec, 'strategy', 'canary', 'maxSurge'), replicas);
  }
  if (pod.object.manifest.kind !== 'Deployment' || at(spec, 'strategy', 'type') === 'Recreate') return 0;
  return share(at(spec, 'strategy', 'rollingUpdate', 'maxSurge'), replicas);
}

/** A number or a percentage, rounded up; a quarter when it is left out. */
function share(value: unknown, of: number): number {
  if (typeof value === 'number') return value;
  const percent = typeof value === 'string' && /^\d+%$/.test(value) ? Number.parseInt(value, 10) : 25;
  return Math.ceil((of * percent) / 100);
}

/**
 * What one pod asks for: its containers and sidecars together, or its hungriest init container with the sidecars, which
 * ever is more. A pod of a workflow has a container more than its template says.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
 */
export function podAmounts({ containers, lifetime }: PodTemplate, side: 'requests' | 'limits'): Amounts {
  const steady = new Map<string, number>();
  const peak = new Map<string, number>();
  if (lifetime === 'workflow') {
    for (const [resource, value] of Object.entries(wireAmounts(executorResources[side]))) {
      steady.set(resource, parseQuantity(value) ?? 0);
    }
  }
  for (const { fields: container, role } of containers) {
    for (const [resource, value] of Object.entries(fields(at(container, 'resources', side)))) {
      const amount = typeof value === 'string' || typeof value === 'number' ? (parseQuantity(value) ?? 0) : 0;
      if (role === 'init') peak.set(resource, Math.max(peak.get(resource) ?? 0, amount + (steady.get(resource) ?? 0)));
      else steady.set(resource, (steady.get(resource) ?? 0) + amount);
    }
  }
  for (const [resource, amount] of peak) steady.set(resource, Math.max(steady.get(resource) ?? 0, amount));
  return steady;
}

/** An amount of a resource, or of what a quota counts (`limits.cpu`), as a person writes it. */
export function formatAmount(resource: string, amount: number): string {
  if (/memory|storage/.test(resource)) return formatBytes(amount);
  return resource.endsWith('cpu') ? formatCores(amount) : String(amount);
}
