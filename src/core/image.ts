import type { Cluster, ImageLock } from './cluster';

/** `repository:tag`, with the digest once it is known; the digest is then what counts. */
export function imageReference({ repository, tag, digest }: ImageLock): string {
  return digest ? `${repository}:${tag}@${digest}` : `${repository}:${tag}`;
}

/** Host and port under which nodes and people reach the private image registry. */
export function privateRegistryHost(cluster: Cluster): string {
  return `${cluster.imageRegistry.host}:${cluster.imageRegistry.nodePort}`;
}

/** Whether pulling this image takes the private registry's credentials. */
export function isPrivateImage(cluster: Cluster, image: ImageLock): boolean {
  return image.repository.startsWith(`${privateRegistryHost(cluster)}/`);
}
