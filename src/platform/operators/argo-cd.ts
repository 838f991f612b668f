import type { Operator } from '../../core/cluster';
import type { ComponentProps } from '../../core/component';
import { toYaml } from '../../core/yaml';
import { healthChecks } from './health-checks';

/** Argo CD's own settings: health checks, who may look, and comparison on the server. */
export const argoCdPatches = [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm' },
    data: {
      'application.resourceTrackingMethod': 'annotation',
      ...healthChecks,
      // The autoscaler's status changes at every measurement; nothing in Git depends on it.
      'resource.customizations.ignoreResourceUpdates.autoscaling_HorizontalPodAutoscaler': toYaml({
        jsonPointers: ['/status'],
      }),
      'timeout.reconciliation': '60s',
    },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-rbac-cm' },
    data: { 'policy.default': 'role:readonly' },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cmd-params-cm' },
    data: { 'controller.diff.server.side': 'true' },
  },
] as const;

/** Folder of Argo CD's own installation in its repository. */
export const ARGO_CD_PATH = 'manifests/cluster-install';

export function argoCd({ repository, version }: Operator): ComponentProps {
  return {
    name: 'argo-cd',
    namespace: 'argocd',
    wave: 'operators',
    project: 'operators',
    // Argo CD would delete itself half-way.
    cascadeDelete: false,
    upstream: { type: 'kustomize', repository, version, path: ARGO_CD_PATH, patches: argoCdPatches },
    provides: {
      clusterKinds: [
        'apiextensions.k8s.io/CustomResourceDefinition',
        'rbac.authorization.k8s.io/ClusterRole',
        'rbac.authorization.k8s.io/ClusterRoleBinding',
      ],
      definitions: ['argoproj.io/Application', 'argoproj.io/AppProject', 'argoproj.io/ApplicationSet'],
    },
  };
}
