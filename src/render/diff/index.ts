import { readApplications } from '../applications';
import type { FileSpec } from '../layout';
import { compare } from '../walk';
import { type Danger, dangersOf } from './dangers';
import { derivations } from './derived';
import { compareObjects, type ObjectChange, type TextChange } from './objects';

/** A change with what follows from it and what it follows from. */
export interface JudgedChange extends ObjectChange {
  readonly dangers: readonly Danger[];
  /** Components because of which it changed; empty when it was made in its own component. */
  readonly derivedFrom: readonly string[];
}

/** What changes in one Application. */
export interface ApplicationChange {
  readonly cluster: string;
  readonly component: string;
  /** Name of the Argo CD Application; undefined for what a person applies (`bootstrap/`). */
  readonly application?: string;
  /** Whether everything in it changed only because of other components. */
  readonly derived: boolean;
  readonly objects: readonly JudgedChange[];
  readonly texts: readonly TextChange[];
}

/** Compares two trees of `dist/`, by Application, in order of cluster and component. */
export function difference(before: ReadonlyMap<string, string>, after: readonly FileSpec[]): ApplicationChange[] {
  const applications = readApplications([before, new Map(after.map(({ path, content }) => [path, content]))]);
  const { objects, texts } = compareObjects(before, after);
  const derived = derivations(objects, applications);
  const judged = objects.map(
    (change): JudgedChange => ({ ...change, dangers: dangersOf(change), derivedFrom: derived.get(change) ?? [] }),
  );
  const folders = new Set([
    ...judged.map(({ cluster, component }) => `${cluster}/${component}`),
    ...texts.map(({ file }) => file.split('/').slice(0, 2).join('/')),
  ]);
  return [...folders].sort(compare).map((folder): ApplicationChange => {
    const [cluster = '', component = ''] = folder.split('/');
    const application = applications.find((one) => one.cluster === cluster && one.component === component);
    const own = judged.filter((change) => change.cluster === cluster && change.component === component);
    const ownTexts = texts.filter(({ file }) => file.startsWith(`${folder}/`) || file === folder);
    return {
      cluster,
      component,
      ...(application && { application: application.name }),
      derived: own.length > 0 && ownTexts.length === 0 && own.every(({ derivedFrom }) => derivedFrom.length > 0),
      objects: own,
      texts: ownTexts,
    };
  });
}

/** How many objects and files were added, changed and removed. */
export interface Counts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Files of which only the comment in the first line differs. */
  readonly source: number;
}

export function count(changes: readonly Pick<ApplicationChange, 'objects' | 'texts'>[]): Counts {
  const counts = { added: 0, changed: 0, removed: 0, source: 0 };
  for (const { objects, texts } of changes) for (const { type } of [...objects, ...texts]) counts[type]++;
  return counts;
}

/** `2 added, 1 changed`; what is zero is left out. */
export function describeCounts({ added, changed, removed, source }: Counts): string {
  const parts = [
    [added, 'added'],
    [changed, 'changed'],
    [removed, 'removed'],
    [source, 'made by another construct'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(', ');
}
