import type { Check, CheckContext } from '../check';
import { maximumReplicas, surge } from '../demand';
import { at } from '../read';
import { accessModes, claimMounts, type MountedClaim, mountsByClaim, runnableNodes } from '../volumes';

/** Who mounts a volume, and how, is what it allows. */
export const volumeAccess: Check = {
  id: 'volume-access',
  severity: 'error',
  why: 'A volume that one node may mount keeps the pods on all other nodes waiting, and a folder of one node is not shared by calling it so.',
  *run(context) {
    for (const volume of context.ofKind('PersistentVolume')) {
      if (at(volume.manifest, 'spec', 'local') === undefined && at(volume.manifest, 'spec', 'hostPath') === undefined)
        continue;
      const shared = accessModes(volume).filter((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany');
      if (shared.length === 0) continue;
      yield {
        object: volume,
        field: 'spec.accessModes',
        what: 'promises a folder of one node to many nodes',
        got: shared,
        fix: 'use ReadWriteOnce, or put the folder on a network file system',
      };
    }
    for (const { pod, claim, path, readOnly } of claimMounts(context)) {
      const modes = accessModes(claim);
      if (readOnly || modes.length === 0 || !modes.every((mode) => mode === 'ReadOnlyMany')) continue;
      yield {
        object: pod.object,
        field: path,
        what: `mounts claim ${claim.manifest.metadata.name} for writing, which can only be read`,
        got: modes,
        fix: 'mount it read-only, or claim it with ReadWriteMany',
      };
    }
    for (const [claim, mounts] of mountsByClaim(context)) {
      const modes = accessModes(claim);
      const { name } = claim.manifest.metadata;
      if (
        modes.includes('ReadWriteMany') ||
        (modes.includes('ReadOnlyMany') && mounts.every(({ readOnly }) => readOnly))
      )
        continue;
      const pods = mounts.reduce((sum, { pod }) => sum + maximumReplicas(context, pod) + surge(context, pod), 0);
      const fix =
        'pin all of them to one node by placement, run one replica without surge (Recreate or a StatefulSet), or claim a volume with ReadWriteMany';
      if (modes.includes('ReadWriteOncePod') && pods > 1) {
        yield {
          object: claim,
          field: 'spec.accessModes',
          what: `one pod may mount it, and up to ${pods} do`,
          got: modes,
          fix,
        };
      } else if (modes.includes('ReadWriteOnce') && pods > 1) {
        const nodes = nodesOf(context, mounts);
        if (nodes.length < 2) continue;
        const consumers = mounts.map(({ pod }) => `${pod.object.manifest.kind} ${pod.object.manifest.metadata.name}`);
        yield {
          object: claim,
          field: 'spec.accessModes',
          what: `one node may mount ${name}, and ${[...new Set(consumers)].join(', ')} may run on ${nodes.join(', ')}`,
          got: modes,
          fix,
        };
      }
    }
  },
};

/** Nodes on which the pods that mount a claim may run, in the order of the cluster's data. */
function nodesOf(context: CheckContext, mounts: readonly MountedClaim[]): string[] {
  const found = new Set(mounts.flatMap(({ pod }) => runnableNodes(context, pod)));
  return Object.keys(context.cluster.nodes).filter((node) => found.has(node));
}
