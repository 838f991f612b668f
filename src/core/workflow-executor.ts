import type { Resources } from './resources';

/**
 * What each of the two containers takes that Argo Workflows adds to every pod of a workflow: one before the step, one
 * beside it. Quotas count them too.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/workflow-controller-configmap/
 */
export const executorResources = {
  requests: { cpu: '50m', memory: '64Mi', ephemeralStorage: '64Mi' },
  limits: { cpu: '500m', memory: '256Mi', ephemeralStorage: '1Gi' },
} as const satisfies Resources;
