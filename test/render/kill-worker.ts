import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileSpec } from '../../src/render/layout';
import { publish, recover } from '../../src/render/publish';
import { compareTrees, readTree, type TreeChange } from '../../src/render/tree';
import { trees } from './kill-trees';

type Publish = (root: string, files: readonly FileSpec[], change: TreeChange) => void;

/** The negative control: every file is written aside and renamed, and is whole; the tree is not. */
const publishFileByFile: Publish = (root, files, { removed }) => {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, `${path}.next`), content);
    renameSync(join(root, `${path}.next`), join(root, path));
  }
  for (const path of removed) rmSync(join(root, path), { force: true });
};

// Publishes the two trees in turn until it is killed.
const [root = '', variant] = process.argv.slice(2);
const write = variant === 'file-by-file' ? publishFileByFile : publish;
recover(root);
process.stdout.write('ready\n');
for (;;) {
  const before = readTree(root);
  const files = trees[0].some(({ path }) => !before.has(path)) ? trees[0] : trees[1];
  write(root, files, compareTrees(before, files));
}
