import type { V1Affinity } from '@kubernetes/client-node/dist/gen/models/V1Affinity.js';
import type { V1Toleration } from '@kubernetes/client-node/dist/gen/models/V1Toleration.js';

/**
 * On which nodes a pod may run. It stands at the level of the template: inside a container it would do nothing.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
 */
export interface Placement {
  /** Labels that the node must have. @default - any node */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that the pod tolerates. @default - none */
  readonly tolerations?: readonly V1Toleration[];
  /** Rules of attraction and repulsion. @default - none */
  readonly affinity?: V1Affinity;
}
