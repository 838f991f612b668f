import type { Operator } from '../../core/cluster';
import type { ComponentProps } from '../../core/component';
import { wireAmounts } from '../../core/resources';
import { executorResources } from '../../core/workflow-executor';
import { toYaml } from '../../core/yaml';

/** User that the `argoexec` image is made for. */
const EXECUTOR_USER_ID = 8737;

/**
 * The controller looks at a workflow at most this often. Its own default, 10 seconds, is for many workflows at a time: each
 * step would begin up to that long after the one before it.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/environment-variables/#controller
 */
const REQUEUE_TIME = '2s';

/**
 * How the controller's own containers, which it adds to every workflow pod, run: bounded, so that a quota admits them,
 * and under Pod Security `restricted`.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/workflow-controller-configmap/
 */
export const workflowControllerSettings = [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'workflow-controller-configmap' },
    data: {
      executor: toYaml({
        imagePullPolicy: 'IfNotPresent',
        resources: { requests: wireAmounts(executorResources.requests), limits: wireAmounts(executorResources.limits) },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          runAsUser: EXECUTOR_USER_ID,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      }),
      // Only templates that are in Git can be run.
      workflowRestrictions: toYaml({ templateReferencing: 'Strict' }),
    },
  },
] as const;

const workflowControllerEnvironment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'workflow-controller' },
  spec: {
    template: {
      spec: {
        containers: [{ name: 'workflow-controller', env: [{ name: 'DEFAULT_REQUEUE_TIME', value: REQUEUE_TIME }] }],
      },
    },
  },
} as const;

export function argoWorkflows({ repository, version }: Operator): ComponentProps {
  return {
    name: 'argo-workflows',
    namespace: 'argo',
    wave: 'operators',
    project: 'operators',
    cascadeDelete: false,
    upstream: {
      type: 'kustomize',
      repository,
      version,
      path: 'manifests/cluster-install',
      patches: [...workflowControllerSettings, workflowControllerEnvironment],
    },
    provides: {
      clusterKinds: [
        'apiextensions.k8s.io/CustomResourceDefinition',
        'rbac.authorization.k8s.io/ClusterRole',
        'rbac.authorization.k8s.io/ClusterRoleBinding',
        'scheduling.k8s.io/PriorityClass',
      ],
      definitions: [
        'argoproj.io/Workflow',
        'argoproj.io/WorkflowTemplate',
        'argoproj.io/ClusterWorkflowTemplate',
        'argoproj.io/CronWorkflow',
        'argoproj.io/WorkflowEventBinding',
      ],
    },
  };
}
