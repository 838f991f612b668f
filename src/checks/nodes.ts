import { type Cluster, nodeLabels } from '../core/cluster';
import { at, fields, items, list, scalar, strings, text } from './read';

/** Labels that kubelets set, to values that cluster data does not state. */
const UNSTATED_LABELS = new Set([
  'beta.kubernetes.io/arch',
  'kubernetes.io/arch',
  'node.kubernetes.io/instance-type',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
]);

/** Names of the nodes on which the scheduler may place a pod, by its selector, its required affinity and its name. */
export function eligibleNodes(cluster: Cluster, podSpec: unknown): string[] {
  const { nodeSelector, nodeName, affinity } = fields(podSpec);
  const required = at(affinity, 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution');
  return Object.keys(cluster.nodes).filter(
    (node) =>
      (text(nodeName) ?? node) === node &&
      carries(cluster, node, strings(nodeSelector)) &&
      matchesTerms(cluster, node, required),
  );
}

/** Whether a node carries all these labels. */
export function carries(cluster: Cluster, node: string, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([key, value]) => matchesExpression(cluster, node, key, 'In', [value]));
}

/** Whether a node satisfies a NodeSelector: one of its terms, all expressions of that term. Without one, it does. */
export function matchesTerms(cluster: Cluster, node: string, nodeSelector: unknown): boolean {
  if (nodeSelector === undefined || nodeSelector === null) return true;
  return items(at(nodeSelector, 'nodeSelectorTerms'), '').some(({ value: term }) => {
    const expressions = items(term.matchExpressions, '');
    const names = items(term.matchFields, '');
    return (
      expressions.length + names.length > 0 &&
      expressions.every(({ value }) =>
        matchesExpression(cluster, node, text(value.key) ?? '', value.operator, list(value.values)),
      ) &&
      names.every(({ value }) => value.key === 'metadata.name' && compares(node, value.operator, list(value.values)))
    );
  });
}

function matchesExpression(
  cluster: Cluster,
  node: string,
  key: string,
  operator: unknown,
  values: readonly unknown[],
): boolean {
  if (UNSTATED_LABELS.has(key)) return true;
  const labels: Readonly<Record<string, string>> = { 'kubernetes.io/os': 'linux', ...nodeLabels(cluster, node) };
  return compares(Object.hasOwn(labels, key) ? labels[key] : undefined, operator, values);
}

function compares(label: string | undefined, operator: unknown, values: readonly unknown[]): boolean {
  switch (operator) {
    case 'In':
      return label !== undefined && values.includes(label);
    case 'NotIn':
      return label === undefined || !values.includes(label);
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    case 'Gt':
      return label !== undefined && Number(label) > Number(scalar(values[0]));
    case 'Lt':
      return label !== undefined && Number(label) < Number(scalar(values[0]));
    default:
      return false;
  }
}
