import type {
  V1Namespace,
  V1NetworkPolicy,
  V1PriorityClass,
  V1ResourceQuota,
  V1ServiceAccount,
} from '@kubernetes/client-node';
import { Construct } from 'constructs';
import type { LimitRange } from '../constructs/limit-range';
import { type NamespaceName, namespaceNames, type Quota } from '../core/cluster';
import { type ClusterScope, Component } from '../core/component';
import type { Reference } from '../core/existing';
import { kubernetesObject } from '../core/kubernetes-object';
import { PART_OF } from '../core/metadata';
import { keepOnDeletion } from '../core/protected';
import { resourceProfiles, wireAmounts } from '../core/resources';
import { operatorNamespaces } from './operators';

/** Who goes first when room is short: serving before what it stands on, training last and never pushing others out. */
const priorities = {
  'ml-inference': { value: 100_000, preemptionPolicy: 'PreemptLowerPriority' },
  'ml-platform': { value: 50_000, preemptionPolicy: 'PreemptLowerPriority' },
  'ml-batch': { value: 1_000, preemptionPolicy: 'Never' },
} as const;

export type PriorityName = keyof typeof priorities;

/**
 * The namespaces, one for each concern and each pipeline, and what bounds everything in them: Pod Security, quota,
 * default limits and a network that is closed unless a connection opens it.
 */
export class Namespaces extends Component {
  /** PriorityClasses by name. */
  readonly priorities: Readonly<Record<PriorityName, Reference<'PriorityClass'>>>;

  constructor(scope: ClusterScope) {
    super(scope, {
      name: 'namespaces',
      namespace: 'default',
      wave: 'foundation',
      project: 'foundation',
      cascadeDelete: false,
    });
    const { cluster } = scope;
    for (const name of namespaceNames)
      new PlatformNamespace(this, name, cluster.versions.kubernetes, cluster.quotas[name]);
    for (const name of operatorNamespaces(cluster)) namespace(this, name, cluster.versions.kubernetes, 'baseline');
    const classes = Object.entries(priorities).map(([name, { value, preemptionPolicy }]) => {
      kubernetesObject<V1PriorityClass>(this, `priority-${name}`, {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name },
        globalDefault: false,
        preemptionPolicy,
        value,
      });
      return [name, { kind: 'PriorityClass', name }];
    });
    this.priorities = Object.fromEntries(classes);
  }
}

class PlatformNamespace extends Construct {
  constructor(scope: Construct, name: NamespaceName, kubernetesVersion: string, quota: Quota) {
    super(scope, name);
    namespace(this, name, kubernetesVersion, 'restricted');
    kubernetesObject<V1ResourceQuota>(this, 'ResourceQuota', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'quota', namespace: name },
      spec: {
        hard: {
          'requests.cpu': quota.cpu,
          'limits.memory': quota.memory,
          'limits.ephemeral-storage': quota.ephemeralStorage,
          pods: String(quota.pods),
          'services.loadbalancers': '0',
          'services.nodeports': name === 'registry' ? '1' : '0',
        },
      },
    });
    const { limits, requests } = resourceProfiles.small;
    kubernetesObject<LimitRange>(this, 'LimitRange', {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'container-defaults', namespace: name },
      spec: { limits: [{ type: 'Container', default: wireAmounts(limits), defaultRequest: wireAmounts(requests) }] },
    });
    kubernetesObject<V1NetworkPolicy>(this, 'DefaultDeny', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'default-deny', namespace: name },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    // Nothing of ours runs as it; whoever forgets to name an account gets one without a token.
    kubernetesObject<V1ServiceAccount>(this, 'DefaultServiceAccount', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: name },
      automountServiceAccountToken: false,
    });
  }
}

/** Upstream operators are held to `baseline`, and a warning tells what keeps them from `restricted`. */
function namespace(scope: Construct, name: string, kubernetesVersion: string, level: 'restricted' | 'baseline'): void {
  const modes = { enforce: level, audit: 'restricted', warn: 'restricted' };
  kubernetesObject<V1Namespace>(scope, `namespace-${name}`, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      annotations: keepOnDeletion,
      labels: {
        ...PART_OF,
        ...Object.fromEntries(
          Object.entries(modes).flatMap(([mode, value]) => [
            [`pod-security.kubernetes.io/${mode}`, value],
            [`pod-security.kubernetes.io/${mode}-version`, `v${kubernetesVersion}`],
          ]),
        ),
      },
    },
  });
}
