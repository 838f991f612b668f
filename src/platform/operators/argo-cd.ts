import type { Operator } from '../../core/cluster';
import type { ComponentProps } from '../../core/component';
import { toYaml } from '../../core/yaml';

/**
 * An Application is as healthy as what it holds once that is in sync; without this, Argo CD does not wait between the
 * waves of the root Application.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#argocd-app
 */
const applicationHealth = `hs = { status = "Progressing", message = "" }
if obj.status == nil or obj.status.health == nil then
  return hs
end
if obj.status.health.message ~= nil then
  hs.message = obj.status.health.message
end
if obj.status.health.status == "Healthy" and (obj.status.sync == nil or obj.status.sync.status ~= "Synced") then
  hs.message = "waiting for sync"
  return hs
end
hs.status = obj.status.health.status
return hs
`;

/** Argo CD's own settings: health checks, who may look, and comparison on the server. */
export const argoCdPatches = [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm' },
    data: {
      'application.resourceTrackingMethod': 'annotation',
      'resource.customizations.health.argoproj.io_Application': applicationHealth,
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
