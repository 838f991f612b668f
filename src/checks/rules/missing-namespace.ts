import type { Check } from '../check';
import { isKnown } from '../known';

/** Kinds of Kubernetes that live in a namespace and that this platform uses. */
const NAMESPACED = new Set([
  'ConfigMap',
  'CronJob',
  'DaemonSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'Ingress',
  'Job',
  'LimitRange',
  'NetworkPolicy',
  'PersistentVolumeClaim',
  'Pod',
  'PodDisruptionBudget',
  'ResourceQuota',
  'Role',
  'RoleBinding',
  'Secret',
  'Service',
  'ServiceAccount',
  'StatefulSet',
]);

/** Namespaces are declared with their quota and policies, never made on the way. */
export const missingNamespace: Check = {
  id: 'missing-namespace',
  severity: 'error',
  why: 'A namespace that nobody declares has no quota, no policies and no Pod Security level, and without it nothing can be applied.',
  *run(context) {
    for (const object of context.objects) {
      const { kind, metadata } = object.manifest;
      const { namespace } = metadata;
      if (namespace === undefined) {
        if (!NAMESPACED.has(kind)) continue;
        yield {
          object,
          field: 'metadata.namespace',
          what: 'has no namespace',
          fix: 'set it, or make the object in a component, which has one',
        };
      } else if (namespace === 'default') {
        yield {
          object,
          field: 'metadata.namespace',
          what: 'lives in the namespace of everybody',
          got: namespace,
          fix: 'give it a namespace of its concern',
        };
      } else if (!isKnown(context, 'Namespace', namespace)) {
        yield {
          object,
          field: 'metadata.namespace',
          what: 'there is no such namespace',
          got: namespace,
          fix: 'add the namespace to the platform, or list it under `provides.namespaces` of the operator that brings it',
        };
      }
    }
  },
};
