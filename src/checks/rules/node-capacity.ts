import type { Cluster } from '../../core/cluster';
import { quantity } from '../../core/quantity';
import type { Check, CheckContext, Finding } from '../check';
import { type Amounts, formatAmount, maximumReplicas, podAmounts, surge } from '../demand';
import { type PodTemplate, podTemplates } from '../pods';
import { runnableNodes } from '../volumes';

/** Pods that may run on the same nodes. */
interface Group {
  readonly nodes: ReadonlySet<string>;
  readonly pods: PodTemplate[];
}

/** The nodes have room for every pod, and for all of them at their maximum. */
export const nodeCapacity: Check = {
  id: 'node-capacity',
  severity: 'error',
  why: 'A pod that fits on no node that it may run on stays Pending; so do the last ones when all together ask for more than there is.',
  *run(context) {
    const groups = new Map<string, Group>();
    for (const pod of podTemplates(context)) {
      const nodes = runnableNodes(context, pod);
      // No node at all is the finding of another rule.
      if (nodes.length === 0) continue;
      const finding = tooBig(context.cluster, pod, nodes);
      if (finding) {
        yield finding;
        continue;
      }
      // How many pods of a workflow run at once is decided when they run.
      if (pod.lifetime === 'workflow') continue;
      const key = nodes.join();
      const group = groups.get(key) ?? { nodes: new Set(nodes), pods: [] };
      groups.set(key, group);
      group.pods.push(pod);
    }
    const everywhere = Object.keys(context.cluster.nodes);
    if (!groups.has(everywhere.join())) groups.set(everywhere.join(), { nodes: new Set(everywhere), pods: [] });
    for (const group of groups.values()) yield* overfull(context, group, [...groups.values()]);
  },
};

/** The resource of which no single node has enough for the pod. */
function tooBig(cluster: Cluster, pod: PodTemplate, nodes: readonly string[]): Finding | undefined {
  const requests = podAmounts(pod, 'requests');
  const fits = (node: string) =>
    [...requests].every(([resource, amount]) => amount <= capacity(cluster, node, resource));
  if (nodes.some(fits)) return undefined;
  const [resource, amount] = [...requests].find(([name, one]) =>
    nodes.every((node) => one > capacity(cluster, node, name)),
  ) ??
    [...requests][0] ?? ['cpu', 0];
  return {
    object: pod.object,
    field: pod.path,
    what: `asks for more ${resource} than ${nodes.join(', ')} ${nodes.length > 1 ? 'have each' : 'has'}`,
    got: formatAmount(resource, amount),
    fix: 'lower the request, or place the pod on a bigger node',
  };
}

/** Pods that may only run within a group of nodes must fit there together. */
function* overfull(context: CheckContext, { nodes }: Group, groups: readonly Group[]): Generator<Finding> {
  const within = groups
    .filter((group) => [...group.nodes].every((node) => nodes.has(node)))
    .flatMap(({ pods }) => pods);
  const wanted = new Map<string, number>();
  for (const pod of within) {
    const replicas = maximumReplicas(context, pod) + surge(context, pod);
    for (const [resource, amount] of podAmounts(pod, 'requests'))
      wanted.set(resource, (wanted.get(resource) ?? 0) + amount * replicas);
  }
  for (const [resource, amount] of wanted) {
    const available = [...nodes].reduce((sum, node) => sum + capacity(context.cluster, node, resource), 0);
    const biggest = within.toSorted((a, b) => share(context, b, resource) - share(context, a, resource))[0];
    if (amount <= available * (1 + 1e-9) || !biggest) continue;
    yield {
      object: biggest.object,
      field: biggest.path,
      what: `all pods on ${[...nodes].join(', ')} ask for more ${resource} than there is (${formatAmount(resource, available)}), this one for most`,
      got: formatAmount(resource, amount),
      fix: 'lower resources, replicas or maxReplicas, or add to nodes of the cluster',
    };
  }
}

function share(context: CheckContext, pod: PodTemplate, resource: string): number {
  const amounts: Amounts = podAmounts(pod, 'requests');
  return (amounts.get(resource) ?? 0) * (maximumReplicas(context, pod) + surge(context, pod));
}

function capacity(cluster: Cluster, node: string, resource: string): number {
  const known = cluster.nodes[node]?.capacity;
  switch (resource) {
    case 'cpu':
      return quantity(known?.cpu ?? '0');
    case 'memory':
      return quantity(known?.memory ?? '0');
    case 'ephemeral-storage':
      return quantity(known?.ephemeralStorage ?? '0');
    default:
      return known?.accelerators?.[resource] ?? 0;
  }
}
