import { InvalidInput } from '../core/problem';
import { type Change, commitChange } from './commit';
import type { Git } from './git';

/** A request to merge a branch, or the page on which a person opens it. */
export interface PullRequest {
  readonly url: string;
}

/** Environment variables that may hold a token for GitHub's API. */
const TOKENS = ['GITHUB_TOKEN', 'GH_TOKEN'] as const;

/**
 * Commits a change on a branch of its own, pushes it and opens a pull request against the current branch. Without a
 * token the branch is pushed all the same, and the page on which a person opens the request is returned.
 *
 * @returns undefined when there was nothing to change
 * @see https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request
 */
export async function openPullRequest(checkout: string, git: Git, change: Change): Promise<PullRequest | undefined> {
  const base = (await git('rev-parse', '--abbrev-ref', 'HEAD')).trim();
  const branch = branchOf(change.subject);
  await git('checkout', '--quiet', '-B', branch);
  try {
    if (!(await commitChange(checkout, git, change))) return undefined;
    await git('push', '--quiet', '--force-with-lease', 'origin', `HEAD:refs/heads/${branch}`);
  } finally {
    await git('checkout', '--quiet', base);
  }
  const token = TOKENS.map((name) => process.env[name]).find(Boolean);
  return request((await git('remote', 'get-url', 'origin')).trim(), { base, branch, title: change.subject, token });
}

/**
 * Pushes the commit of a clone to a branch of its own and asks to merge it. The branch belongs to the change: what an
 * earlier attempt has pushed there is replaced.
 *
 * @param base branch that the clone is of
 */
export async function requestCommit(git: Git, base: string, token: string | undefined): Promise<PullRequest> {
  const title = (await git('log', '-1', '--format=%s')).trim();
  const branch = branchOf(title);
  await git('push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`);
  return request((await git('remote', 'get-url', 'origin')).trim(), { base, branch, title, token });
}

const branchOf = (subject: string) => subject.toLowerCase().replace(/[^a-z0-9.]+/g, '-');

interface Request {
  readonly base: string;
  readonly branch: string;
  readonly title: string;
  readonly token: string | undefined;
}

async function request(remote: string, { base, branch, title, token }: Request): Promise<PullRequest> {
  const [, host, path] =
    /^(?:https?:\/\/(?:[^@/]+@)?|ssh:\/\/git@|git@)([^/:]+)(?::\d+)?[/:](.+?)(?:\.git)?\/?$/.exec(remote) ?? [];
  if (!host || !path) {
    throw new InvalidInput([
      {
        where: 'origin',
        what: 'is no server that takes pull requests; the branch is pushed',
        got: remote,
        fix: `merge ${branch} by hand`,
      },
    ]);
  }
  const page = { url: `https://${host}/${path}/compare/${base}...${branch}?expand=1` };
  // A token is for GitHub; another server must not see it.
  if (!token || host !== 'github.com') return page;
  const response = await fetch(`https://api.github.com/repos/${path}/pulls`, {
    method: 'POST',
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ title, head: branch, base }),
  });
  if (!response.ok) return page;
  const { html_url: url } = (await response.json()) as { html_url?: string };
  return url ? { url } : page;
}
