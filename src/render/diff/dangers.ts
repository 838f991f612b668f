import { parseQuantity } from '../../core/quantity';
import { apiGroup, type Manifest } from '../model';
import { immutableFields } from './immutable-fields';
import { manifestOf, type ObjectChange } from './objects';
import { type FieldChange, formatPath } from './values';

/** A change that a cluster refuses, or that takes something along which Git does not bring back. */
export interface Danger {
  /** Path of the field; left out when it is the object as a whole. */
  readonly field?: string;
  /** What happens. */
  readonly what: string;
  /** What to do, in the imperative. */
  readonly fix: string;
}

const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
const CASCADE = 'resources-finalizer.argocd.argoproj.io';

/** Every danger of one change, with what happens and what to do. */
export function dangersOf(change: ObjectChange): Danger[] {
  if (change.type === 'removed') return deletion(manifestOf(change));
  if (change.type !== 'changed') return [];
  return [...move(change), ...refused(change), ...claimSize(change), ...lostProtection(change), ...orphans(change)];
}

/** What is lost with an object of these kinds. */
const held: Readonly<Record<string, string>> = {
  '/Namespace': 'everything in it',
  '/PersistentVolumeClaim': 'its volume, unless that is retained',
  '/PersistentVolume': 'the way to its data',
  'apiextensions.k8s.io/CustomResourceDefinition': 'all objects of its kind, in every namespace',
};

function deletion(manifest: Manifest): Danger[] {
  const { kind, metadata } = manifest;
  const key = `${apiGroup(manifest.apiVersion)}/${kind}`;
  const name = metadata.namespace ? `${metadata.name} --namespace ${metadata.namespace}` : metadata.name;
  if (key === 'argoproj.io/Application') {
    if (!finalizersOf(manifest).some((finalizer) => finalizer.startsWith(CASCADE))) return [];
    return [
      {
        what: 'Argo CD deletes the Application and every object that it brought',
        fix: 'remove the finalizer in a commit of its own first if the objects shall stay',
      },
    ];
  }
  const loss = held[key];
  if (loss === undefined) return [];
  if (isKept(manifest)) {
    return [
      {
        what: 'it leaves Git but stays in the cluster (Prune=false), and its Application is out of sync until it is gone',
        fix: `if it may go, delete it by hand: "kubectl delete ${kind.toLowerCase()} ${name}", and with it ${loss}`,
      },
    ];
  }
  return [
    {
      what: `Argo CD deletes it, and with it ${loss}`,
      fix: `restore it, or annotate it with "${SYNC_OPTIONS}: Prune=false,Delete=false" in a commit of its own first`,
    },
  ];
}

function move({ component, movedFrom, after }: ObjectChange): Danger[] {
  if (movedFrom === undefined || !after) return [];
  const kept = isKept(after);
  return [
    {
      what: `it goes from the Application of ${movedFrom} to that of ${component}; both claim it until both have synced, and the second fails to sync as long (FailOnSharedResource)`,
      fix: kept
        ? `sync ${movedFrom} first, then ${component}; Prune=false keeps the object meanwhile`
        : `sync ${movedFrom} first, which deletes the object, then ${component}, which makes it again`,
    },
  ];
}

function refused({ before, after, fields }: ObjectChange): Danger[] {
  if (!before || !after) return [];
  const group = apiGroup(after.apiVersion);
  const found = fields.flatMap((field): Danger[] => {
    const path = formatPath(field.path);
    const rule = immutableFields.find(
      (one) =>
        one.group === group && one.kinds.includes(after.kind) && one.fields.some((fixed) => isBelow(path, fixed)),
    );
    if (!rule || isNewNodeAffinity(field)) return [];
    return [
      {
        field: path,
        what: 'an API server does not change this field of an object that is there: the sync fails',
        fix: rule.fix,
      },
    ];
  });
  const frozen = before.immutable === true && group === '' && ['ConfigMap', 'Secret'].includes(after.kind);
  if (
    frozen &&
    fields.some(({ path }) => ['data', 'stringData', 'binaryData', 'immutable'].includes(String(path[0])))
  ) {
    found.push({
      field: 'immutable',
      what: 'the object is marked immutable, and an API server does not change it: the sync fails',
      fix: 'give it another name and lead its consumers there',
    });
  }
  return found;
}

/** A volume's node affinity may be set once. */
function isNewNodeAffinity({ type, path }: FieldChange): boolean {
  return type === 'added' && formatPath(path) === 'spec.nodeAffinity';
}

function claimSize({ after, fields }: ObjectChange): Danger[] {
  if (after?.kind !== 'PersistentVolumeClaim') return [];
  return fields.flatMap((change): Danger[] => {
    const field = formatPath(change.path);
    if (change.type !== 'changed' || field !== 'spec.resources.requests.storage') return [];
    const [before, now] = [bytes(change.before), bytes(change.after)];
    if (before === undefined || now === undefined) return [];
    if (now === before) return [];
    return now < before
      ? [
          {
            field,
            what: 'a claim cannot shrink: the sync fails',
            fix: 'keep the size, or make a smaller claim of another name beside it and copy the data',
          },
        ]
      : [
          {
            field,
            what: 'a claim grows only where its StorageClass allows it (allowVolumeExpansion); elsewhere the sync fails',
            fix: 'enlarge the volume behind it first; for a static volume make a new pair and copy the data',
          },
        ];
  });
}

function lostProtection({ before, after, fields }: ObjectChange): Danger[] {
  if (!before || !after) return [];
  const found: Danger[] = [];
  const loss = held[`${apiGroup(after.apiVersion)}/${after.kind}`];
  if (loss !== undefined && isKept(before) && !isKept(after)) {
    found.push({
      field: `metadata.annotations[${JSON.stringify(SYNC_OPTIONS)}]`,
      what: `Argo CD may delete the object from now on, and with it ${loss}`,
      fix: 'keep Prune=false and Delete=false',
    });
  }
  const policy = fields.find(({ path }) => formatPath(path) === 'spec.persistentVolumeReclaimPolicy');
  if (after.kind === 'PersistentVolume' && policy?.type === 'changed' && policy.before === 'Retain') {
    found.push({
      field: 'spec.persistentVolumeReclaimPolicy',
      what: 'the data goes when the claim on the volume goes',
      fix: 'keep Retain',
    });
  }
  return found;
}

/** What a controller no longer finds, it leaves running. */
function orphans({ after, fields }: ObjectChange): Danger[] {
  if (!after) return [];
  const key = `${apiGroup(after.apiVersion)}/${after.kind}`;
  return fields.flatMap((change): Danger[] => {
    const field = formatPath(change.path);
    if (key === 'argoproj.io/Rollout' && isBelow(field, 'spec.selector')) {
      return [
        {
          field,
          what: 'the controller no longer finds the ReplicaSets that it made: their pods go on beside the new ones',
          fix: 'keep the selector, or give the Rollout another name',
        },
      ];
    }
    if (key === 'argoproj.io/Application' && isBelow(field, 'spec.destination')) {
      return [
        {
          field,
          what: 'the objects are made again at the new destination, and Argo CD no longer knows those at the old one',
          fix: 'delete what stays behind by hand once the new ones are healthy',
        },
      ];
    }
    return [];
  });
}

function isBelow(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);
}

function isKept({ metadata }: Manifest): boolean {
  const options = (metadata.annotations?.[SYNC_OPTIONS] ?? '').split(',').map((option) => option.trim());
  return options.includes('Prune=false');
}

function finalizersOf({ metadata }: Manifest): string[] {
  const { finalizers } = metadata as { readonly finalizers?: unknown };
  return Array.isArray(finalizers) ? finalizers.map(String) : [];
}

function bytes(value: unknown): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
}
