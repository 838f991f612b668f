import type { V1Affinity, V1Toleration } from '@kubernetes/client-node';

/**
 * Where pods may run. A prop of every workload and workflow template, emitted in the pod or template, where the
 * scheduler reads it. Left out, it is gone everywhere.
 */
export interface Placement {
  /**
   * Labels that a node must carry, all of them.
   * @default - any node
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodeselector
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /**
   * Taints that the pods bear.
   * @default - none
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
   */
  readonly tolerations?: readonly V1Toleration[];
  /**
   * Finer rules than a selector.
   * @default - spread over nodes when there is more than one replica
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#affinity-and-anti-affinity
   */
  readonly affinity?: V1Affinity;
}
