import { InvalidInput } from '../core/problem';
import { type Git, GitFailure } from './git';

/** Pushes that may be lost to others before it counts as a failure. */
const ATTEMPTS = 10;

/**
 * Makes a commit on the newest state of a branch.
 *
 * @param commit as in {@link pushCommit}
 * @returns the commit, or undefined when there was nothing to change
 */
export async function commitOnNewest(
  git: Git,
  branch: string,
  commit: () => Promise<void>,
): Promise<string | undefined> {
  const upstream = `refs/remotes/origin/${branch}`;
  await git('fetch', '--quiet', 'origin', `+refs/heads/${branch}:${upstream}`);
  await git('checkout', '--quiet', '--force', '-B', branch, upstream);
  await commit();
  const head = (await git('rev-parse', 'HEAD')).trim();
  return head === (await git('rev-parse', upstream)).trim() ? undefined : head;
}

/**
 * Makes a commit on the newest state of a branch and pushes it. When somebody else was faster, it is made anew on what
 * they pushed: it is an edit of data, so nothing has to be merged.
 *
 * @param commit makes the commit in the working tree, or leaves it as it is when there is nothing to change
 * @returns the commit, or undefined when there was nothing to change
 */
export async function pushCommit(git: Git, branch: string, commit: () => Promise<void>): Promise<string | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const head = await commitOnNewest(git, branch, commit);
    if (!head) return undefined;
    try {
      await git('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
      return head;
    } catch (error) {
      if (!(error instanceof GitFailure) || !isRace(error.output)) throw error;
    }
  }
  throw new InvalidInput([
    { where: branch, what: `${ATTEMPTS} pushes were lost to others`, fix: 'try again when the branch is quieter' },
  ]);
}

/** What Git and its servers say when the branch has moved on. */
function isRace(output: string): boolean {
  return /non-fast-forward|fetch first|stale info|failed to update ref|cannot lock ref|incorrect old value/.test(
    output,
  );
}
