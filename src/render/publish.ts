import { existsSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileSpec } from './layout';
import { isUnchanged, type TreeChange } from './tree';

/** Folders beside the published one, while it is replaced. */
const nextOf = (root: string) => `${root}.next`;
const previousOf = (root: string) => `${root}.previous`;

/**
 * Mends what a killed command left: brings the previous tree back if it died between the two renames, and removes
 * trees that were never published. Call it while holding the lock, before anything else.
 */
export function recover(root: string): void {
  if (!existsSync(root) && existsSync(previousOf(root))) renameSync(previousOf(root), root);
  rmSync(nextOf(root), { recursive: true, force: true });
  rmSync(previousOf(root), { recursive: true, force: true });
}

/**
 * Replaces the tree at `root` as a whole: a sibling is built, with hard links for files that stay as they are, and two
 * renames put it in place. Nothing is written when nothing changed.
 *
 * Killed at any moment, it leaves no partial file and no mixed tree: `root` is the old tree, the new one or, between
 * the renames, absent with the old one beside it, which {@link recover} brings back.
 */
export function publish(root: string, files: readonly FileSpec[], change: TreeChange): void {
  if (isUnchanged(change) && existsSync(root)) return;
  const next = nextOf(root);
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next, { recursive: true });
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
  const previous = previousOf(root);
  rmSync(previous, { recursive: true, force: true });
  if (existsSync(root)) renameFolder(root, previous);
  renameFolder(next, root);
  rmSync(previous, { recursive: true, force: true });
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

/** A folder in the lower layer of an overlay cannot be renamed; copied up once, it can. */
function renameFolder(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    throw Object.assign(new Error(`${from} cannot be renamed: it lies in the lower layer of an overlay file system`), {
      code: 'EXDEV',
    });
  }
}
