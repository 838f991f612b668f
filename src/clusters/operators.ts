import type { ClusterData } from '../core/cluster';

/** The operators that this platform was tested with, at their upstream sources. */
export const upstreamOperators = {
  argoCd: { repository: 'https://github.com/argoproj/argo-cd.git', version: 'v3.2.11' },
  argoWorkflows: { repository: 'https://github.com/argoproj/argo-workflows.git', version: 'v3.7.18' },
  argoRollouts: { repository: 'https://github.com/argoproj/argo-rollouts.git', version: 'v1.9.2' },
  argoEvents: { repository: 'https://github.com/argoproj/argo-events.git', version: 'v1.9.11' },
  certManager: { repository: 'https://charts.jetstack.io', version: 'v1.21.1' },
  sealedSecrets: { repository: 'https://github.com/bitnami-labs/sealed-secrets.git', version: 'v0.36.6' },
  metricsServer: { repository: 'https://kubernetes-sigs.github.io/metrics-server', version: '3.13.0' },
  gatewayApi: { repository: 'https://github.com/kubernetes-sigs/gateway-api.git', version: 'v1.6.1' },
  traefik: { repository: 'https://traefik.github.io/charts', version: '41.3.0' },
} as const satisfies ClusterData['operators'];
