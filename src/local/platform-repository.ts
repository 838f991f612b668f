import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInput } from '../core/problem';
import { type Git, GitFailure, gitIn } from '../promotion/git';
import { lockFilePath } from '../promotion/lock-files';
import { runChild } from './child';
import type { Machine } from './cluster';
import { BRANCH, CLUSTER, type Places, repositoryUrl } from './places';
import { loopEnvironment } from './programs';

/** In whose name the loop commits; a person's own signing and hooks have no part in it. */
const identity = { name: 'local loop', email: 'local@mlops.invalid' };

/** The clusters of the checkout, of which one is this machine. The checkout's own file goes on beside it. */
const CLUSTERS = `import { onThisMachine } from '../local/cluster';
import { clusters as committed } from './committed';
import machine from './machine.json';

/** Written by "npm start": the clusters of the checkout, and this machine as ${CLUSTER}. */
export const clusters = committed.map((cluster) =>
  cluster.name === '${CLUSTER}' ? onThisMachine(cluster, machine) : cluster,
);
`;

/** The checkout as it was committed. */
export interface Checkout {
  readonly commit: string;
  /** Files with changes that are not committed, and so not part of what runs. */
  readonly uncommitted: readonly string[];
}

/** @throws InvalidInput when it is no Git repository with a commit */
export async function readCheckout(folder: string): Promise<Checkout> {
  const git = gitIn(folder);
  try {
    const commit = (await git('rev-parse', '--verify', 'HEAD')).trim();
    const status = await git(
      'status',
      '--porcelain',
      '--',
      'bin',
      'dist',
      'imports',
      'schemas',
      'src',
      'package-lock.json',
    );
    return {
      commit,
      uncommitted: status
        .split('\n')
        .filter(Boolean)
        .map((line) => line.slice(3)),
    };
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    const what = `cannot be read as a Git repository: ${error.output.trim().split('\n')[0]}`;
    throw new InvalidInput([{ where: folder, what, fix: 'clone the repository in place of copying its files' }]);
  }
}

/** Makes the repository for versions of models, empty, where there is none. */
export async function prepareModelRepository({ modelRepository, folder }: Places): Promise<void> {
  await makeBare(gitIn(folder), modelRepository);
}

/**
 * Brings the platform repository of this machine up to date: the checkout's commit with this machine as the cluster
 * `laptop`, and the versions that are served here. Its history is its own: pins of the real cluster are no versions that
 * could be gone back to here.
 */
export async function preparePlatformRepository(
  places: Places,
  { commit: base }: Checkout,
  machine: Machine,
  signal: AbortSignal,
): Promise<void> {
  const { checkout, folder, platformRepository, platformTree } = places;
  const state = JSON.stringify({ base, machine });
  const mark = join(folder, 'platform.json');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === state) return;

  await makeBare(gitIn(folder), platformRepository);
  mkdirSync(platformTree, { recursive: true });
  const git = gitIn(folder, { identity });
  const repository: Git = (...args) => git('--git-dir', platformRepository, '--work-tree', platformTree, ...args);
  // Without its history; from a shallow checkout too.
  await repository('fetch', '--quiet', '--no-tags', '--depth=1', repositoryUrl(checkout), base);
  await repository('read-tree', '--reset', '-u', base);
  await repository('clean', '--quiet', '--force', '-d');
  const head = await resolve(repository);
  describeMachine(
    platformTree,
    machine,
    head && (await repository('show', `${head}:${lockFilePath(CLUSTER, 'models')}`)),
  );
  await render(places, signal);
  await repository('add', '--all');
  const tree = (await repository('write-tree')).trim();
  if (head === undefined || tree !== (await repository('rev-parse', `${head}^{tree}`)).trim()) {
    const parents = head === undefined ? [] : ['-p', head];
    const message = `Run ${base.slice(0, 12)} on this machine`;
    const commit = (await repository('commit-tree', tree, ...parents, '-m', message)).trim();
    await repository('update-ref', `refs/heads/${BRANCH}`, commit, head ?? '');
  }
  writeFileSync(`${mark}.new`, state);
  renameSync(`${mark}.new`, mark);
}

async function makeBare(git: Git, repository: string): Promise<void> {
  if (existsSync(repository)) return;
  const aside = `${repository}.new`;
  rmSync(aside, { recursive: true, force: true });
  await git('init', '--quiet', '--bare', `--initial-branch=${BRANCH}`, aside);
  renameSync(aside, repository);
}

async function resolve(git: Git): Promise<string | undefined> {
  try {
    return (await git('rev-parse', '--verify', '--quiet', `refs/heads/${BRANCH}`)).trim();
  } catch (error) {
    if (error instanceof GitFailure) return undefined;
    throw error;
  }
}

/** @param models the lock file of what is served here; none at first */
function describeMachine(tree: string, machine: Machine, models = '{}\n'): void {
  const clusters = join(tree, 'src', 'clusters');
  renameSync(join(clusters, 'index.ts'), join(clusters, 'committed.ts'));
  writeFileSync(join(clusters, 'index.ts'), CLUSTERS);
  writeFileSync(join(clusters, 'machine.json'), `${JSON.stringify(machine, undefined, 2)}\n`);
  writeFileSync(join(tree, lockFilePath(CLUSTER, 'models')), models);
}

async function render(places: Places, signal: AbortSignal): Promise<void> {
  const { checkout, platformTree, logs } = places;
  const modules = join(platformTree, 'node_modules');
  rmSync(modules, { force: true });
  symlinkSync(join(checkout, 'node_modules'), modules);
  const args = [join(platformTree, 'bin', 'mlops.js'), 'synth', '--no-typecheck', '--allow-deletions'];
  await runChild('synth', process.execPath, args, {
    cwd: platformTree,
    env: { ...loopEnvironment(places) },
    signal,
    log: join(logs, 'synth.log'),
  });
}
