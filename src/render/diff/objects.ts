import type { FileSpec } from '../layout';
import { readManifest } from '../manifest';
import { type Manifest, objectKey } from '../model';
import { compareTrees } from '../tree';
import { compare } from '../walk';
import { compareValues, type FieldChange } from './values';

/** One object that is not what it was. */
export interface ObjectChange {
  /** `source` when only the construct that makes it is another one: nothing changes in the cluster. */
  readonly type: 'added' | 'removed' | 'changed' | 'source';
  readonly cluster: string;
  /** Folder that holds it; of a removed one, the folder that held it. */
  readonly component: string;
  /** Path below `dist/`. */
  readonly file: string;
  readonly before?: Manifest;
  readonly after?: Manifest;
  /** Component that held it before, when that was another one. */
  readonly movedFrom?: string;
  /** Differences of a changed object; empty for one that is added or removed. */
  readonly fields: readonly FieldChange[];
}

/** A file that is not what it was and that Argo CD does not sync, such as the instructions of `bootstrap/`. */
export interface TextChange {
  readonly type: 'added' | 'removed' | 'changed';
  readonly cluster: string;
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** Everything that differs between two trees of `dist/`. */
export interface TreeDifference {
  readonly objects: readonly ObjectChange[];
  readonly texts: readonly TextChange[];
}

interface Placed {
  readonly file: string;
  readonly cluster: string;
  readonly component: string;
  readonly manifest: Manifest;
}

/** Compares two trees object by object. An object is the same one whatever file or component it is in. */
export function compareObjects(before: ReadonlyMap<string, string>, after: readonly FileSpec[]): TreeDifference {
  const change = compareTrees(before, after);
  const now = new Map(after.map(({ path, content }) => [path, content]));
  const [oldObjects, oldTexts] = read([...change.changed, ...change.removed], before);
  const [newObjects, newTexts] = read([...change.changed, ...change.added], now);

  const objects = [...new Set([...oldObjects.keys(), ...newObjects.keys()])].flatMap((key): ObjectChange[] => {
    const [old, current] = [oldObjects.get(key), newObjects.get(key)];
    const place = current ?? old;
    if (!place) return [];
    const { file, cluster, component } = place;
    const fields = old && current ? compareValues(old.manifest, current.manifest) : [];
    const movedFrom = old && current && old.component !== current.component ? old.component : undefined;
    return [
      {
        type: !old ? 'added' : !current ? 'removed' : fields.length > 0 || movedFrom ? 'changed' : 'source',
        cluster,
        component,
        file,
        fields,
        ...(old && { before: old.manifest }),
        ...(current && { after: current.manifest }),
        ...(movedFrom && { movedFrom }),
      },
    ];
  });
  const texts = [...new Set([...oldTexts, ...newTexts])].map((file): TextChange => {
    const [old, current] = [oldTexts.has(file), newTexts.has(file)];
    return {
      type: !old ? 'added' : !current ? 'removed' : 'changed',
      cluster: clusterOf(file),
      file,
      before: old ? (before.get(file) ?? '') : '',
      after: current ? (now.get(file) ?? '') : '',
    };
  });
  return {
    objects: objects.sort((a, b) => compare(a.file, b.file)),
    texts: texts.sort((a, b) => compare(a.file, b.file)),
  };
}

/** Objects by their identity in a cluster, and the paths of what is no object that Argo CD would sync. */
function read(paths: readonly string[], contents: ReadonlyMap<string, string>): [Map<string, Placed>, Set<string>] {
  const objects = new Map<string, Placed>();
  const texts = new Set<string>();
  for (const file of paths) {
    const [cluster = '', component = '', ...rest] = file.split('/');
    const manifest = rest.length === 1 && file.endsWith('.yaml') ? readManifest(contents.get(file) ?? '') : undefined;
    if (manifest) objects.set(`${cluster}/${objectKey(manifest)}`, { file, cluster, component, manifest });
    else texts.add(file);
  }
  return [objects, texts];
}

function clusterOf(file: string): string {
  return file.split('/')[0] ?? '';
}

/** The object of a change, as it is or, when it goes, as it was. */
export function manifestOf({ before, after }: ObjectChange): Manifest {
  const manifest = after ?? before;
  if (!manifest) throw new TypeError('a change has an object before it, after it, or both');
  return manifest;
}
