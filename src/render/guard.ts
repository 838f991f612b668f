import type { Problem } from '../core/problem';
import { OWNERSHIP_MARK } from './layout';
import type { RenderedCluster } from './model';
import type { TreeChange } from './tree';

/** Kinds whose deletion takes data or everything in them along. */
const DANGEROUS = ['persistentvolumeclaim', 'persistentvolume', 'namespace', 'customresourcedefinition'];

/** More than this share of all objects does not go without being asked for. */
const LARGEST_SHARE = 1 / 3;

/** Files below `dist/` that rendering did not write; it must neither delete, overwrite nor keep them silently. */
export function foreignFiles(before: ReadonlyMap<string, string>, change: TreeChange): Problem[] {
  const isForeign = (path: string) => !firstLine(before.get(path) ?? '').includes(OWNERSHIP_MARK);
  return [
    ...change.removed.filter(isForeign).map((path) => ({
      where: `dist/${path}`,
      what: 'nothing in src/ owns this file',
      fix: 'move it out of dist/, which holds rendered files only',
    })),
    ...change.changed.filter(isForeign).map((path) => ({
      where: `dist/${path}`,
      what: 'synth would write this file, but did not write what it holds',
      fix: 'keep elsewhere what you need of it and delete it',
    })),
  ];
}

/**
 * Deletions that a person must ask for: an object with data, or a large part of everything.
 *
 * @param folders folders of the components that go on. One that left the list in `src/platform/` took its folder along,
 * with data and all: leaving the list is its own consent. That most of everything would go is none.
 */
export function dangerousDeletions(
  before: ReadonlyMap<string, string>,
  { removed }: TreeChange,
  folders: ReadonlySet<string>,
): Problem[] {
  const problems: Problem[] = removed
    .filter((path) => folders.has(folderOf(path)) && isDangerous(path))
    .map((path) => ({
      where: `dist/${path}`,
      what: 'would leave Git; the cluster keeps it and what it holds, and nothing manages it any more',
      fix: 'restore it in src/, or pass --allow-deletions if it may go',
    }));
  if (removed.length > before.size * LARGEST_SHARE) {
    problems.push({
      where: 'dist/',
      what: `${removed.length} of ${before.size} files would be deleted`,
      fix: 'restore them in src/, or pass --allow-deletions if they may go',
    });
  }
  return problems;
}

/** An Application on a folder without a file fails to sync, and would delete all that it brought if it did not. */
export function emptyComponents(clusters: readonly RenderedCluster[]): Problem[] {
  return clusters.flatMap(({ components }) =>
    components
      .filter(({ objects, upstream }) => objects.length === 0 && !upstream)
      .map(({ cluster, name }) => ({
        where: `${cluster}/${name}`,
        what: 'the component holds no object, and its Application would have nothing to sync',
        fix: 'remove it from the list in src/platform/index.ts, or give it an object',
      })),
  );
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function isDangerous(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const kind = /^(?:[a-z0-9-]+\.)?([a-z0-9]+)-/.exec(name)?.[1] ?? '';
  return DANGEROUS.includes(kind);
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}
