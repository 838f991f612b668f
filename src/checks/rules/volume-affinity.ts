import type { Check } from '../check';
import { eligibleNodes } from '../nodes';
import { claimMounts, runnableNodes, volumeNodes } from '../volumes';

/** Where a pod may run and where its volumes are must have a node in common. */
export const volumeAffinity: Check = {
  id: 'volume-affinity',
  severity: 'error',
  why: 'A pod that is placed on one node and mounts the disk of another is never scheduled.',
  *run(context) {
    for (const { pod, volume, path } of claimMounts(context)) {
      if (!volume) continue;
      const placed = eligibleNodes(context.cluster, pod.spec);
      const mountable = volumeNodes(context, volume);
      // A selector that no node satisfies is another rule's finding.
      if (placed.length === 0 || mountable.length === 0) continue;
      const name = volume.manifest.metadata.name;
      if (!placed.some((node) => mountable.includes(node))) {
        yield {
          object: pod.object,
          field: path,
          what: `volume ${name} is on ${mountable.join(', ')}, but the pod may only run on ${placed.join(', ')}`,
          got: pod.spec.nodeSelector ?? pod.spec.affinity ?? pod.spec.nodeName,
          fix: 'place the workload where its volume is, or leave its placement out: the volume decides',
        };
      } else if (runnableNodes(context, pod).length === 0) {
        yield {
          object: pod.object,
          field: path,
          what: `volume ${name} is on ${mountable.join(', ')}, where another volume of the pod is not`,
          got: name,
          fix: 'put the volumes of one pod on one node, or on a network file system',
        };
      }
    }
  },
};
