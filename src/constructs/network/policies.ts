import type {
  V1LabelSelector,
  V1NetworkPolicy,
  V1NetworkPolicyIngressRule,
  V1NetworkPolicyPeer,
} from '@kubernetes/client-node';
import type { ClusterScope } from '../../core/component';
import { type Edge, isAddresses, type Peer, type Pods, type Port } from '../../core/connections';
import { kubernetesObject } from '../../core/kubernetes-object';

/** Pods of CoreDNS, which every pod asks for names. */
export const clusterDns: Peer & Pods = {
  name: 'cluster-dns',
  namespace: 'kube-system',
  podLabels: { 'k8s-app': 'kube-dns' },
};

export const dnsPorts: readonly Port[] = [
  { port: 53, protocol: 'UDP' },
  { port: 53, protocol: 'TCP' },
];

/**
 * Writes one policy for each workload, with all edges that begin or end at its pods. Both sides get theirs from the
 * same edge, so that neither can permit what the other does not.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function deriveNetworkPolicies({ connections }: ClusterScope): void {
  const workloads = new Map<string, Pods>();
  for (const { from, to } of connections.edges) {
    for (const peer of [from, to]) {
      if (!isAddresses(peer) && peer.policyScope) workloads.set(`${peer.namespace}/${peer.name}`, peer);
    }
  }
  for (const pods of workloads.values()) {
    const ingress = connections.edges.filter(({ to }) => isSame(to, pods));
    const egress = connections.edges.filter(({ from }) => isSame(from, pods));
    if (!pods.policyScope) continue;
    kubernetesObject<V1NetworkPolicy>(pods.policyScope, 'NetworkPolicy', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: pods.name, namespace: pods.namespace },
      spec: {
        podSelector: selector(pods),
        policyTypes: ['Ingress', 'Egress'],
        // The API server drops an empty list, and every apply would put it there again.
        ...(ingress.length > 0 && {
          ingress: inOrder(
            ingress
              .map((edge): V1NetworkPolicyIngressRule => ({ _from: [peer(edge.from, pods)], ports: ports(edge) }))
              .map(wireIngress),
          ),
        }),
        egress: [
          ...inOrder(egress.map((edge) => ({ to: [peer(edge.to, pods)], ports: ports(edge) }))),
          { to: [peer(clusterDns, pods)], ports: dnsPorts.map(({ port, protocol }) => ({ port, protocol })) },
        ],
      },
    });
  }
}

/** An order of their own: that in which components connect may change, and Git should not show it. */
function inOrder<T>(rules: readonly T[]): T[] {
  const text = new Map(rules.map((rule) => [rule, JSON.stringify(rule)]));
  return [...rules].sort((a, b) => ((text.get(a) ?? '') < (text.get(b) ?? '') ? -1 : 1));
}

/** `from` is a reserved word in other languages, so the client's types call it `_from`; the API does not. */
function wireIngress({ _from, ...rest }: V1NetworkPolicyIngressRule): V1NetworkPolicyIngressRule {
  return { ...rest, from: _from } as V1NetworkPolicyIngressRule;
}

function isSame(one: Peer, other: Pods): boolean {
  return !isAddresses(one) && one.namespace === other.namespace && one.name === other.name;
}

function ports(edge: Edge) {
  return edge.ports.map(({ port, protocol = 'TCP' }) => ({ port, protocol }));
}

function peer(one: Peer, beside: Pods): V1NetworkPolicyPeer {
  if (isAddresses(one)) return { ipBlock: { cidr: one.cidr, ...(one.except && { except: [...one.except] }) } };
  const podSelector = selector(one);
  if (one.namespace === beside.namespace) return { podSelector };
  return { podSelector, namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': one.namespace } } };
}

/** No labels select every pod of the namespace. */
function selector({ podLabels }: Pods): V1LabelSelector {
  return Object.keys(podLabels).length > 0 ? { matchLabels: { ...podLabels } } : {};
}
