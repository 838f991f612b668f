import type { RenderedObject } from '../../render/model';
import type { Check, CheckContext } from '../check';
import { append, perContext } from '../per-context';
import { mountedClaims, type PodTemplate, podTemplates } from '../pods';
import { at, scalar, text } from '../read';
import { describePosition, isLater } from '../waves';

/** Pods that mount a claim, by `namespace/claim`. */
const consumers = perContext((context) => {
  const found = new Map<string, PodTemplate[]>();
  for (const pod of podTemplates(context)) {
    for (const { name } of mountedClaims(pod)) append(found, `${pod.namespace}/${name}`, pod);
  }
  return found;
});

/**
 * A claim on a class with `WaitForFirstConsumer` stays Pending, for Argo CD Progressing, until a pod that mounts it is
 * scheduled. That pod must come in the same wave, and the sync itself must start it: a workflow, a CronJob or nobody
 * would leave the wave waiting. A claim with `volumeName` is bound at once by the volume controller whatever its class
 * says, so static pairs may come in any earlier wave than their consumers. A class that is not rendered here is taken
 * to wait, as those of kind, k3s and the clouds do.
 *
 * @see https://github.com/argoproj/argo-cd/issues/12840
 */
export const claimWave: Check = {
  id: 'claim-wave',
  severity: 'error',
  why: 'A claim that waits for its first consumer never becomes healthy when that consumer comes in a later wave, and the sync stops there.',
  *run(context) {
    for (const claim of context.ofKind('PersistentVolumeClaim')) {
      if (!waitsForConsumer(context, claim)) continue;
      const { name, namespace = '' } = claim.manifest.metadata;
      const pods = consumers(context).get(`${namespace}/${name}`) ?? [];
      const started = pods.filter(
        ({ object, lifetime }) => lifetime !== 'workflow' && object.manifest.kind !== 'CronJob',
      );
      const [first] = started;
      const fix =
        'put the claim into the component of the workload that mounts it, or bind it to a volume with volumeName';
      if (!first) {
        yield { object: claim, what: 'waits for a first consumer, and no pod that the sync starts mounts it', fix };
      } else if (started.every(({ object }) => isLater(object, claim))) {
        const { kind, metadata } = first.object.manifest;
        yield {
          object: claim,
          what: `waits in ${describePosition(claim)} for ${kind} ${metadata.name}, which comes in ${describePosition(first.object)}`,
          fix,
        };
      }
    }
  },
};

function waitsForConsumer(context: CheckContext, { manifest }: RenderedObject): boolean {
  if (text(at(manifest, 'spec', 'volumeName'))) return false;
  const name = at(manifest, 'spec', 'storageClassName');
  // The empty class is no class: such a claim waits for a volume, not for a pod.
  if (name === '') return false;
  const storageClass = text(name) ? context.find('StorageClass', scalar(name)) : undefined;
  return storageClass ? storageClass.manifest.volumeBindingMode === 'WaitForFirstConsumer' : true;
}
