import type { Cluster, Operator } from '../../core/cluster';
import type { ComponentProps, Provides, UpstreamSource } from '../../core/component';

const DEFINITION = 'apiextensions.k8s.io/CustomResourceDefinition';
const ROLES = ['rbac.authorization.k8s.io/ClusterRole', 'rbac.authorization.k8s.io/ClusterRoleBinding'];
const WEBHOOKS = [
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
];

/** What the operators that this platform barely configures have in common. */
function operator(
  name: string,
  namespace: string,
  upstream: UpstreamSource,
  provides: Provides,
  wave: ComponentProps['wave'] = 'operators',
): ComponentProps {
  // Deleting an operator must not delete its definitions, and with them every object of their kinds.
  return { name, namespace, wave, project: 'operators', cascadeDelete: false, upstream, provides };
}

export function argoRollouts({ repository, version }: Operator): ComponentProps {
  return operator(
    'argo-rollouts',
    'argo-rollouts',
    { type: 'kustomize', repository, version, path: 'manifests/cluster-install', patches: [] },
    {
      clusterKinds: [DEFINITION, ...ROLES],
      definitions: ['Rollout', 'AnalysisTemplate', 'ClusterAnalysisTemplate', 'AnalysisRun', 'Experiment'].map(
        (kind) => `argoproj.io/${kind}`,
      ),
    },
  );
}

export function argoEvents({ repository, version }: Operator): ComponentProps {
  return operator(
    'argo-events',
    'argo-events',
    { type: 'kustomize', repository, version, path: 'manifests/cluster-install', patches: [] },
    {
      clusterKinds: [DEFINITION, ...ROLES],
      definitions: ['EventBus', 'EventSource', 'Sensor'].map((kind) => `argoproj.io/${kind}`),
    },
  );
}

export function certManager({ repository, version }: Operator): ComponentProps {
  return operator(
    'cert-manager',
    'cert-manager',
    { type: 'helm', repository, version, chart: 'cert-manager', values: { crds: { enabled: true, keep: true } } },
    {
      // Its leader election lives in kube-system.
      namespaces: ['kube-system'],
      clusterKinds: [DEFINITION, ...ROLES, ...WEBHOOKS],
      definitions: ['Certificate', 'Issuer', 'ClusterIssuer'].map((kind) => `cert-manager.io/${kind}`),
    },
  );
}

export function sealedSecrets({ repository, version }: Operator): ComponentProps {
  return operator(
    'sealed-secrets',
    'sealed-secrets',
    {
      type: 'helm',
      repository,
      version,
      chart: 'helm/sealed-secrets',
      values: { fullnameOverride: 'sealed-secrets-controller' },
    },
    { clusterKinds: [DEFINITION, ...ROLES], definitions: ['bitnami.com/SealedSecret'] },
  );
}

export function metricsServer({ repository, version }: Operator): ComponentProps {
  return operator(
    'metrics-server',
    'kube-system',
    // Kubelets of small clusters sign their own certificates.
    { type: 'helm', repository, version, chart: 'metrics-server', values: { args: ['--kubelet-insecure-tls'] } },
    { clusterKinds: ['apiregistration.k8s.io/APIService', ...ROLES] },
  );
}

export function gatewayApi({ repository, version }: Operator): ComponentProps {
  return operator(
    'gateway-api',
    'default',
    { type: 'kustomize', repository, version, path: 'config/crd', patches: [] },
    {
      clusterKinds: [
        DEFINITION,
        'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
        'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
      ],
      definitions: ['GatewayClass', 'Gateway', 'HTTPRoute', 'GRPCRoute', 'ReferenceGrant', 'BackendTLSPolicy'].map(
        (kind) => `gateway.networking.k8s.io/${kind}`,
      ),
    },
    'definitions',
  );
}

export function traefik({ repository, version }: Operator, { gateway }: Cluster): ComponentProps {
  const nodePorts = gateway.type === 'gateway' ? gateway.nodePorts : undefined;
  // Traefik gives a request a minute to arrive; a layer of an image takes longer.
  const patient = { transport: { respondingTimeouts: { readTimeout: '3600s' } } };
  return operator(
    'traefik',
    'traefik',
    {
      type: 'helm',
      repository,
      version,
      chart: 'traefik',
      values: {
        gateway: { enabled: false },
        ingressClass: { enabled: false },
        ports: {
          ...(nodePorts && { web: { nodePort: nodePorts.http } }),
          websecure: { ...patient, ...(nodePorts && { nodePort: nodePorts.https }) },
        },
        providers: {
          kubernetesCRD: { enabled: false },
          kubernetesGateway: { enabled: true },
          kubernetesIngress: { enabled: false },
        },
        ...(nodePorts && { service: { spec: { type: 'NodePort' } } }),
      },
    },
    { clusterKinds: [DEFINITION, ...ROLES] },
  );
}
