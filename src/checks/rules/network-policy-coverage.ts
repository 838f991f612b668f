import type { RenderedObject } from '../../render/model';
import type { Check, CheckContext, Finding } from '../check';
import { type PodTemplate, podTemplates } from '../pods';
import { at, type Fields, fields, items, list } from '../read';
import { selectedPods } from '../selectors';

type Direction = 'Ingress' | 'Egress';

/** Every pod is under policies in both directions, and no policy permits everybody. */
export const networkPolicyCoverage: Check = {
  id: 'network-policy-coverage',
  severity: 'error',
  why: 'A pod that no policy selects may reach, and be reached by, everything; a rule without peers means the same.',
  *run(context) {
    const covered = { Ingress: new Set<PodTemplate>(), Egress: new Set<PodTemplate>() };
    for (const policy of context.ofKind('NetworkPolicy')) {
      const pods = selectedPods(
        context,
        policy.manifest.metadata.namespace ?? '',
        at(policy.manifest, 'spec', 'podSelector'),
      );
      for (const direction of directions(policy)) {
        for (const pod of pods) covered[direction].add(pod);
        yield* openRules(policy, direction);
      }
      yield* unknownPorts(context, policy, pods);
    }
    for (const pod of podTemplates(context)) {
      const open = (['Ingress', 'Egress'] as const).filter((direction) => !covered[direction].has(pod));
      // The network of the node is not the pod's own; a template of the whole cluster has no namespace before it runs.
      const isElsewhere = pod.spec.hostNetwork === true || pod.object.manifest.kind === 'ClusterWorkflowTemplate';
      if (open.length === 0 || isElsewhere) continue;
      yield {
        object: pod.object,
        field: pod.path,
        what: `no NetworkPolicy selects the pods for ${open.join(' and ')}`,
        got: pod.labels,
        fix: 'put a default-deny policy into the namespace, and declare connections with allowFrom',
      };
    }
  },
};

function directions({ manifest }: RenderedObject): Direction[] {
  const { policyTypes, egress } = fields(manifest.spec);
  if (policyTypes === undefined) return egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
  return list(policyTypes).filter((type): type is Direction => type === 'Ingress' || type === 'Egress');
}

function* openRules(object: RenderedObject, direction: Direction): Generator<Finding> {
  const [rules, side] = direction === 'Ingress' ? ['ingress', 'from'] : ['egress', 'to'];
  for (const { value, path } of items(at(object.manifest, 'spec', rules), `spec.${rules}`)) {
    const peers = items(value[side], `${path}.${side}`);
    if (peers.length === 0) {
      yield {
        object,
        field: `${path}.${side}`,
        what: 'permits everybody',
        got: value[side] ?? 'nothing',
        fix: 'name the pods or the network',
      };
    }
    for (const { value: peer, path: field } of peers) {
      const everything = openPeer(peer);
      if (everything)
        yield {
          object,
          field,
          what: `permits ${everything}`,
          got: peer,
          fix: 'name the pods by labels, or the network with the private ranges under except',
        };
    }
  }
}

function openPeer(peer: Fields): string | undefined {
  const { cidr, except } = fields(peer.ipBlock);
  if ((cidr === '0.0.0.0/0' || cidr === '::/0') && list(except).length === 0)
    return 'every address, also those of the cluster and its nodes';
  const isEmpty = (selector: unknown) => Object.keys(fields(selector)).length === 0;
  return peer.namespaceSelector !== undefined && isEmpty(peer.namespaceSelector) && isEmpty(peer.podSelector)
    ? 'every pod of every namespace'
    : undefined;
}

/** Ports of the selected pods for what comes in, those of the peers for what goes out. */
function* unknownPorts(
  context: CheckContext,
  object: RenderedObject,
  pods: readonly PodTemplate[],
): Generator<Finding> {
  const namespace = object.manifest.metadata.namespace ?? '';
  for (const rule of items(at(object.manifest, 'spec', 'ingress'), 'spec.ingress'))
    yield* portsWithin(object, rule, pods);
  for (const rule of items(at(object.manifest, 'spec', 'egress'), 'spec.egress')) {
    const peers = items(rule.value.to, '').map(({ value }) => peerPods(context, namespace, value));
    if (peers.every((found) => found.length > 0)) yield* portsWithin(object, rule, peers.flat());
  }
}

/** Rendered pods of a peer, when it names one namespace by its name. */
function peerPods(context: CheckContext, namespace: string, peer: Fields): PodTemplate[] {
  if (peer.podSelector === undefined) return [];
  const name =
    peer.namespaceSelector === undefined
      ? namespace
      : at(peer.namespaceSelector, 'matchLabels', 'kubernetes.io/metadata.name');
  return typeof name === 'string' ? selectedPods(context, name, peer.podSelector) : [];
}

function* portsWithin(
  object: RenderedObject,
  rule: { readonly value: Fields; readonly path: string },
  pods: readonly PodTemplate[],
): Generator<Finding> {
  const offered = new Set(
    pods.flatMap(({ containers }) =>
      containers.flatMap((one) =>
        items(one.fields.ports, '').flatMap(({ value }) => [value.name, value.containerPort]),
      ),
    ),
  );
  if (offered.size === 0) return;
  for (const { value, path } of items(rule.value.ports, `${rule.path}.ports`)) {
    if (value.port === undefined || value.endPort !== undefined || offered.has(value.port)) continue;
    const known = [...offered].filter((port) => typeof port === 'number').join(', ');
    yield {
      object,
      field: `${path}.port`,
      what: 'is no port of these pods',
      got: value.port,
      fix: `use the port of the container, not of its Service: ${known}`,
    };
  }
}
