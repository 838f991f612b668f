import { linkSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InvalidInput } from '../core/problem';
import type { FileSpec } from './layout';
import { withLock } from './lock';
import { isUnchanged, type TreeChange } from './tree';

/** Folders beside the published one, while it is replaced. */
const nextOf = (root: string) => `${root}.next`;
const previousOf = (root: string) => `${root}.previous`;
const discardedOf = (root: string) => `${root}.discarded`;

/**
 * Runs `work` on the tree at `root` while no other process does, after mending what a killed one left.
 *
 * @throws InvalidInput when another process is at work on it, or when it is something else than a folder
 */
export function withTree<T>(root: string, work: () => Promise<T>): Promise<T> {
  return withLock(`${root}.lock`, () => {
    recover(root);
    const found = lstatSync(root, { throwIfNoEntry: false });
    if (found && !found.isDirectory()) throw notAFolder(root);
    return work();
  });
}

/**
 * Mends what a killed command left: brings the previous tree back if it died between the two renames, and removes
 * trees that were never published.
 */
export function recover(root: string): void {
  if (!exists(root) && exists(previousOf(root))) renameSync(previousOf(root), root);
  rmSync(nextOf(root), { recursive: true, force: true });
  rmSync(discardedOf(root), { recursive: true, force: true });
  discard(root);
}

/**
 * Replaces the tree at `root` as a whole: a sibling is built, with hard links for files that stay as they are, and two
 * renames put it in place. Nothing is written when nothing changed.
 *
 * Killed at any moment, it leaves no partial file and no mixed tree: `root` is the old tree, the new one or, between
 * the renames, absent with the old one beside it, which {@link recover} brings back. When it fails, `root` is the old
 * tree. Call it within {@link withTree}.
 *
 * @throws InvalidInput when the file system cannot rename `root`
 */
export function publish(root: string, files: readonly FileSpec[], change: TreeChange): void {
  const before = exists(root);
  if (before && isUnchanged(change)) return;
  const next = nextOf(root);
  try {
    build(next, root, files, change);
    if (before) rename(root, previousOf(root));
    try {
      rename(next, root);
    } catch (error) {
      if (before) renameSync(previousOf(root), root);
      throw error;
    }
  } catch (error) {
    // Left there, half a tree would go on filling a disk that is full.
    rmSync(next, { recursive: true, force: true });
    throw error;
  }
  discard(root);
}

function build(next: string, root: string, files: readonly FileSpec[], change: TreeChange): void {
  mkdirSync(next);
  const written = new Set([...change.added, ...change.changed]);
  const folders = new Set<string>();
  for (const { path, content } of files) {
    const target = join(next, path);
    const folder = dirname(target);
    if (!folders.has(folder)) {
      mkdirSync(folder, { recursive: true });
      folders.add(folder);
    }
    if (written.has(path) || !link(join(root, path), target)) writeFileSync(target, content);
  }
}

/** Hard links keep bytes and times of what did not change; a file system without them gets a copy. */
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}

/** Removes the previous tree. It is renamed first, so that what bears its name is always whole. */
function discard(root: string): void {
  if (!exists(previousOf(root))) return;
  renameSync(previousOf(root), discardedOf(root));
  rmSync(discardedOf(root), { recursive: true, force: true });
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EXDEV' && code !== 'EBUSY') throw error;
    throw new InvalidInput([
      {
        where: from,
        what: `cannot be renamed (${code}), which replacing it as a whole takes: it is a mount point, or lies in the lower layer of an overlay file system`,
        fix: 'mount the folder around it instead; in an overlay, copy it, remove it and rename the copy, once',
      },
    ]);
  }
}

function notAFolder(root: string): InvalidInput {
  return new InvalidInput([
    { where: root, what: 'is not a folder', fix: 'move it away; it is written anew, as a folder' },
  ]);
}

/** Other than `existsSync`, it sees a symbolic link that leads nowhere. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
