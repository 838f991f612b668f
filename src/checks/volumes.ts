import type { RenderedObject } from '../render/model';
import type { CheckContext } from './check';
import { eligibleNodes, matchesTerms } from './nodes';
import { append, perContext } from './per-context';
import { mountedClaims, type PodTemplate, podTemplates } from './pods';
import { at, list, text } from './read';

/** A claim that pods mount, with the volume behind it when that is rendered. */
export interface MountedClaim {
  readonly pod: PodTemplate;
  readonly claim: RenderedObject;
  readonly volume?: RenderedObject;
  readonly path: string;
  readonly readOnly: boolean;
}

const volumesByClaim = perContext((context): ReadonlyMap<string, RenderedObject> => {
  const found = new Map<string, RenderedObject>();
  for (const volume of context.ofKind('PersistentVolume')) {
    const name = text(at(volume.manifest, 'spec', 'claimRef', 'name'));
    if (name) found.set(`${text(at(volume.manifest, 'spec', 'claimRef', 'namespace')) ?? ''}/${name}`, volume);
  }
  return found;
});

/** The volume that a claim names, or that names the claim. */
export function volumeOf(context: CheckContext, { manifest }: RenderedObject): RenderedObject | undefined {
  const name = text(at(manifest, 'spec', 'volumeName'));
  const { namespace = '', name: claim } = manifest.metadata;
  return name ? context.find('PersistentVolume', name) : volumesByClaim(context).get(`${namespace}/${claim}`);
}

/** Every mount of a rendered claim by rendered pods. */
export const claimMounts = perContext((context): readonly MountedClaim[] =>
  podTemplates(context).flatMap((pod) =>
    mountedClaims(pod).flatMap(({ name, path, readOnly }) => {
      const claim = context.find('PersistentVolumeClaim', name, pod.namespace);
      if (!claim) return [];
      const volume = volumeOf(context, claim);
      return [{ pod, claim, ...(volume && { volume }), path, readOnly }];
    }),
  ),
);

/** Mounts by claim. */
export const mountsByClaim = perContext((context): ReadonlyMap<RenderedObject, readonly MountedClaim[]> => {
  const found = new Map<RenderedObject, MountedClaim[]>();
  for (const mount of claimMounts(context)) append(found, mount.claim, mount);
  return found;
});

const volumesByPod = perContext((context): ReadonlyMap<PodTemplate, readonly RenderedObject[]> => {
  const found = new Map<PodTemplate, RenderedObject[]>();
  for (const { pod, volume } of claimMounts(context)) if (volume) append(found, pod, volume);
  return found;
});

/** Nodes on which a volume can be mounted. */
export function volumeNodes({ cluster }: CheckContext, { manifest }: RenderedObject): string[] {
  const required = at(manifest, 'spec', 'nodeAffinity', 'required');
  return Object.keys(cluster.nodes).filter((node) => matchesTerms(cluster, node, required));
}

/** Nodes on which a pod can run with the volumes that it mounts. */
export function runnableNodes(context: CheckContext, pod: PodTemplate): string[] {
  const limits = (volumesByPod(context).get(pod) ?? []).map((volume) => new Set(volumeNodes(context, volume)));
  return eligibleNodes(context.cluster, pod.spec).filter((node) => limits.every((nodes) => nodes.has(node)));
}

/** Access modes of a claim or a volume. */
export function accessModes({ manifest }: RenderedObject): string[] {
  return list(at(manifest, 'spec', 'accessModes')).filter((mode): mode is string => typeof mode === 'string');
}
