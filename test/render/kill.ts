import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { FileSpec } from '../../src/render/layout';
import { publish, recover } from '../../src/render/publish';
import { compareTrees, readTree } from '../../src/render/tree';
import { compile, publishing } from './compiled';
import { trees } from './kill-trees';

/** How often what was found after a kill. */
export interface KillCounts {
  /** One of the two trees, whole. */
  whole: number;
  /** No tree, with a whole one beside it. */
  absent: number;
  /** Files of both trees, or half a file. */
  mixed: number;
  /** Of all: those in which a publish was under way, as what it left beside the tree shows. */
  interrupted: number;
  /** Of all: those in which recovery did not bring one of the two trees. */
  lost: number;
}

/**
 * Kills a process that publishes two trees in turn, again and again, at random moments, and looks at what it left.
 *
 * @param folder an empty folder
 */
export async function killLoop(
  folder: string,
  kills: number,
  variant: 'whole-tree' | 'file-by-file',
): Promise<KillCounts> {
  const environment = compile(folder, [...publishing, 'test/render/kill-worker.ts', 'test/render/kill-trees.ts']);
  const counts: KillCounts = { whole: 0, absent: 0, mixed: 0, interrupted: 0, lost: 0 };
  const root = join(folder, 'dist');
  publish(root, trees[0], compareTrees(new Map(), trees[0]));
  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [join(folder, 'test/render/kill-worker.js'), root, variant], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    await setTimeout(Math.random() * 60);
    child.kill('SIGKILL');
    await ended;
    if (existsSync(root)) counts[isWhole(root) ? 'whole' : 'mixed'] += 1;
    else counts[isWhole(`${root}.previous`) ? 'absent' : 'mixed'] += 1;
    if (['next', 'previous', 'discarded'].some((suffix) => existsSync(`${root}.${suffix}`))) counts.interrupted += 1;
    recover(root);
    if (!isWhole(root)) counts.lost += 1;
  }
  return counts;
}

function isWhole(root: string): boolean {
  const found = readTree(root);
  return trees.some((tree) => isEqual(found, tree));
}

function isEqual(found: ReadonlyMap<string, string>, files: readonly FileSpec[]): boolean {
  return found.size === files.length && files.every(({ path, content }) => found.get(path) === content);
}
