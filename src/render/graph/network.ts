import { apiGroup, objectsOf, type RenderedCluster } from '../model';
import { compare } from '../walk';

/** Whoever takes part in the network of a cluster. */
export interface Participant {
  /** Unique in the cluster. */
  readonly id: string;
  readonly label: string;
  /** Pods that are rendered here, pods of others, or addresses outside the pods. */
  readonly type: 'own' | 'foreign' | 'addresses';
}

/** One permitted direction: `from` may open connections to `to`. */
export interface NetworkEdge {
  readonly from: string;
  readonly to: string;
  /** Such as `8080` or `53/UDP`; empty for every port. */
  readonly ports: readonly string[];
}

export interface Network {
  readonly participants: readonly Participant[];
  readonly edges: readonly NetworkEdge[];
}

interface PodPeer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly unknown[];
}

interface Rule {
  readonly from?: readonly PodPeer[];
  readonly to?: readonly PodPeer[];
  readonly ports?: readonly {
    readonly port?: number | string;
    readonly protocol?: string;
    readonly endPort?: number;
  }[];
}

interface PolicySpec {
  readonly podSelector?: Selector;
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** Pods to which every pod may send its questions for names: an edge from everybody says nothing. */
const DNS = 'kube-system/k8s-app=kube-dns';

/**
 * Reads who may talk to whom from the NetworkPolicies of a cluster, whoever wrote them. What both sides permit is one
 * edge.
 *
 * @param names what addresses are called, by CIDR
 */
export function network(cluster: RenderedCluster, names: ReadonlyMap<string, string> = new Map()): Network {
  const policies = objectsOf(cluster).flatMap(({ manifest }) => {
    if (manifest.kind !== 'NetworkPolicy' || apiGroup(manifest.apiVersion) !== 'networking.k8s.io') return [];
    const spec = (manifest.spec ?? {}) as PolicySpec;
    const namespace = manifest.metadata.namespace ?? '';
    return [{ spec, namespace, name: manifest.metadata.name, id: podsId(namespace, spec.podSelector) }];
  });
  const participants = new Map<string, Participant>();
  for (const { id, name, namespace, spec } of policies) {
    if ((spec.ingress ?? []).length + (spec.egress ?? []).length === 0) continue;
    participants.set(id, { id, label: name === namespace ? name : `${namespace}: ${name}`, type: 'own' });
  }
  const edges = new Map<string, { readonly from: string; readonly to: string; readonly ports: Set<string> }>();
  const connect = (from: string, to: string, { ports = [] }: Rule) => {
    const key = `${from}\0${to}`;
    const edge = edges.get(key) ?? { from, to, ports: new Set<string>() };
    edges.set(key, edge);
    for (const { port, protocol = 'TCP', endPort } of ports) {
      const range = endPort === undefined ? `${port}` : `${port}-${endPort}`;
      edge.ports.add(protocol === 'TCP' ? range : `${range}/${protocol}`);
    }
  };
  for (const { id, namespace, spec } of policies) {
    for (const rule of spec.ingress ?? []) {
      for (const peer of peersOf(rule.from, namespace, names, participants)) connect(peer, id, rule);
    }
    for (const rule of spec.egress ?? []) {
      for (const peer of peersOf(rule.to, namespace, names, participants)) if (peer !== DNS) connect(id, peer, rule);
    }
  }
  participants.delete(DNS);
  return {
    participants: [...participants.values()].sort((a, b) => compare(a.id, b.id)),
    edges: [...edges.values()]
      .map(({ from, to, ports }) => ({ from, to, ports: [...ports].sort(byNumber) }))
      .sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to)),
  };
}

/** Ids of the peers, which are added to the participants; a rule without peers is for everybody. */
function peersOf(
  peers: readonly PodPeer[] | undefined,
  namespace: string,
  names: ReadonlyMap<string, string>,
  participants: Map<string, Participant>,
): string[] {
  if (peers === undefined || peers.length === 0) {
    participants.set('everybody', { id: 'everybody', label: 'everybody', type: 'addresses' });
    return ['everybody'];
  }
  return peers.map(({ ipBlock, podSelector, namespaceSelector }) => {
    if (ipBlock) {
      const { cidr, except = [] } = ipBlock;
      const name = names.get(cidr);
      const label = name === undefined ? cidr : `${name} (${cidr})`;
      participants.set(cidr, {
        id: cidr,
        label: except.length > 0 ? `${label} except private` : label,
        type: 'addresses',
      });
      return cidr;
    }
    const other = namespaceSelector ? namespaceOf(namespaceSelector) : namespace;
    const id = podsId(other, podSelector);
    if (!participants.has(id)) participants.set(id, { id, label: foreignLabel(other, podSelector), type: 'foreign' });
    return id;
  });
}

function namespaceOf({ matchLabels = {} }: Selector): string {
  const { 'kubernetes.io/metadata.name': name, ...rest } = matchLabels;
  return name !== undefined && Object.keys(rest).length === 0
    ? name
    : `namespaces with ${labelText(matchLabels) || 'any name'}`;
}

function podsId(namespace: string, selector: Selector | undefined): string {
  const expressions = selector?.matchExpressions ? JSON.stringify(selector.matchExpressions) : '';
  return `${namespace}/${labelText(selector?.matchLabels ?? {})}${expressions}`;
}

function foreignLabel(namespace: string, selector: Selector | undefined): string {
  const labels = selector?.matchLabels ?? {};
  const name = labels['app.kubernetes.io/name'];
  if (name !== undefined) return name === namespace ? name : `${namespace}: ${name}`;
  return Object.keys(labels).length > 0 ? `${namespace}: ${labelText(labels)}` : namespace;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .sort(([a], [b]) => compare(a, b))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

function byNumber(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || compare(a, b);
}
