import type { V1Volume } from '@kubernetes/client-node';

/** Something that a container mounts; the pod gets its source from the mounts of its containers. */
export interface Mountable {
  /** Name within the pod. */
  readonly name: string;
  readonly source: Omit<V1Volume, 'name'>;
}

/**
 * Space that lives and dies with the pod, for a container whose root file system is read-only.
 *
 * @param sizeLimit the pod is evicted above it
 * @see https://kubernetes.io/docs/concepts/storage/volumes/#emptydir
 */
export function temporaryVolume(name: string, sizeLimit: string): Mountable {
  return { name, source: { emptyDir: { sizeLimit } } };
}
