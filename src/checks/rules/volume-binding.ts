import { parseQuantity } from '../../core/quantity';
import type { RenderedObject } from '../../render/model';
import type { Check, CheckContext, Finding } from '../check';
import { at, fields, scalar } from '../read';
import { accessModes, volumeOf } from '../volumes';

/** A static volume and its claim name each other and ask for the same. */
export const volumeBinding: Check = {
  id: 'volume-binding',
  severity: 'error',
  why: 'A volume and a claim that do not name each other are bound to whatever else fits first; a pair that differs is never bound.',
  *run(context) {
    const claimed = new Map<string, string>();
    for (const volume of context.ofKind('PersistentVolume')) {
      yield* volumeAlone(volume);
      const { name, namespace } = fields(at(volume.manifest, 'spec', 'claimRef'));
      const claim =
        typeof name === 'string' ? context.find('PersistentVolumeClaim', name, scalar(namespace ?? '')) : undefined;
      if (!claim) continue;
      const key = `${scalar(namespace)}/${scalar(name)}`;
      const other = claimed.get(key);
      if (other)
        yield {
          object: volume,
          field: 'spec.claimRef',
          what: `names the claim of volume ${other}`,
          got: key,
          fix: 'give each volume a claim of its own',
        };
      claimed.set(key, volume.manifest.metadata.name);
      const back = at(claim.manifest, 'spec', 'volumeName');
      if (back !== volume.manifest.metadata.name) {
        yield {
          object: claim,
          field: 'spec.volumeName',
          what: 'does not name the volume that is kept for it',
          got: back ?? 'nothing',
          fix: `set it to ${volume.manifest.metadata.name}`,
        };
      }
    }
    for (const claim of context.ofKind('PersistentVolumeClaim')) yield* claimAndVolume(context, claim);
  },
};

function* volumeAlone(object: RenderedObject): Generator<Finding> {
  const { manifest } = object;
  const spec = fields(manifest.spec);
  if (manifest.metadata.namespace !== undefined) {
    yield {
      object,
      field: 'metadata.namespace',
      what: 'volumes have no namespace',
      got: manifest.metadata.namespace,
      fix: 'remove it; the claim has one',
    };
  }
  if (typeof at(spec, 'claimRef', 'name') !== 'string' || typeof at(spec, 'claimRef', 'namespace') !== 'string') {
    yield {
      object,
      field: 'spec.claimRef',
      what: 'is kept for no claim',
      got: spec.claimRef ?? 'nothing',
      fix: 'name the claim and its namespace',
    };
  }
  if (spec.persistentVolumeReclaimPolicy !== 'Retain') {
    yield {
      object,
      field: 'spec.persistentVolumeReclaimPolicy',
      what: 'does not keep the data',
      got: spec.persistentVolumeReclaimPolicy ?? 'nothing',
      fix: 'set it to Retain',
    };
  }
  if (spec.local !== undefined && at(spec, 'nodeAffinity', 'required') === undefined) {
    yield {
      object,
      field: 'spec.nodeAffinity',
      what: 'does not say on which node the folder is',
      fix: 'require the node by kubernetes.io/hostname',
    };
  }
}

function* claimAndVolume(context: CheckContext, claim: RenderedObject): Generator<Finding> {
  const volume = volumeOf(context, claim);
  if (!volume) return;
  const { name, namespace } = claim.manifest.metadata;
  const wanted = fields(claim.manifest.spec);
  const offered = fields(volume.manifest.spec);
  const differs = (field: string, what: string, got: unknown, fix: string): Finding => ({
    object: claim,
    field: `spec.${field}`,
    what,
    got,
    fix,
  });

  const reference = fields(offered.claimRef);
  const isKept = typeof reference.name === 'string' && typeof reference.namespace === 'string';
  if (isKept && (reference.name !== name || reference.namespace !== namespace)) {
    yield differs(
      'volumeName',
      `volume ${volume.manifest.metadata.name} is kept for ${reference.namespace}/${reference.name}`,
      wanted.volumeName,
      'name the volume of this claim',
    );
  }
  if ((wanted.storageClassName ?? '') !== (offered.storageClassName ?? '')) {
    yield differs(
      'storageClassName',
      'is not the class of the volume',
      wanted.storageClassName ?? 'nothing',
      `set it to ${JSON.stringify(offered.storageClassName ?? '')}`,
    );
  }
  if ((wanted.volumeMode ?? 'Filesystem') !== (offered.volumeMode ?? 'Filesystem')) {
    yield differs(
      'volumeMode',
      'is not the mode of the volume',
      wanted.volumeMode ?? 'Filesystem',
      `set it to ${scalar(offered.volumeMode) || 'Filesystem'}`,
    );
  }
  const modes = accessModes(volume);
  const missing = accessModes(claim).filter((mode) => !modes.includes(mode));
  if (missing.length > 0) {
    yield differs(
      'accessModes',
      'asks for a mode that the volume does not offer',
      missing,
      `ask for one of ${modes.join(', ') || 'those that the volume is given'}`,
    );
  }
  const asked = bytes(at(wanted, 'resources', 'requests', 'storage'));
  const capacity = bytes(at(offered, 'capacity', 'storage'));
  if (asked === undefined || asked !== capacity) {
    const size = scalar(at(offered, 'capacity', 'storage')) || 'none';
    yield differs(
      'resources.requests.storage',
      `is not the size of the volume (${size})`,
      at(wanted, 'resources', 'requests', 'storage') ?? 'nothing',
      'state one size for both',
    );
  }
}

function bytes(value: unknown): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
}
