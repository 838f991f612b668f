import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSpec } from './layout';

/** What `dist/` holds now, by path with forward slashes. Empty when the folder is not there. */
export function readTree(root: string): Map<string, string> {
  const files = new Map<string, string>();
  const visit = (folder: string, prefix: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = prefix + entry.name;
      if (entry.isDirectory()) visit(join(folder, entry.name), `${path}/`);
      else files.set(path, entry.isFile() ? readFileSync(join(folder, entry.name), 'utf8') : '');
    }
  };
  try {
    visit(root, '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return files;
}

/** Difference between two trees, by path. */
export interface TreeChange {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export function compareTrees(before: ReadonlyMap<string, string>, after: readonly FileSpec[]): TreeChange {
  const paths = new Set(after.map(({ path }) => path));
  return {
    added: after.filter(({ path }) => !before.has(path)).map(({ path }) => path),
    changed: after
      .filter(({ path, content }) => before.has(path) && before.get(path) !== content)
      .map(({ path }) => path),
    removed: [...before.keys()].filter((path) => !paths.has(path)).sort(),
  };
}

export function isUnchanged({ added, changed, removed }: TreeChange): boolean {
  return added.length + changed.length + removed.length === 0;
}
