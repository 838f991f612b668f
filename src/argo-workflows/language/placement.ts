import type { Affinity, Toleration } from './kubernetes';

/**
 * On which nodes a pod may run. It stands at the level of the template: inside a container it would do nothing.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
 */
export interface Placement {
  /** Labels that the node must have. @default - any node */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that the pod tolerates. @default - none */
  readonly tolerations?: readonly Toleration[];
  /** Rules of attraction and repulsion. @default - none */
  readonly affinity?: Affinity;
}
