import { spawnSync } from 'node:child_process';
import { InvalidInput, type Problem } from '../core/problem';

/** A commit that a person named. */
export interface Commit {
  /** Full object name. */
  readonly id: string;
  /** What the person wrote. */
  readonly ref: string;
}

/** As much as Git may answer at once: far above any tree of manifests, far below the memory of a machine. */
const LARGEST_ANSWER = 1024 ** 3;

/**
 * Resolves a ref in the repository around `folder`.
 *
 * @throws InvalidInput when there is no Git, no repository or no such commit
 */
export function resolveCommit(folder: string, ref: string): Commit {
  const inside = git(folder, ['rev-parse', '--is-inside-work-tree']);
  if (inside.status !== 0) {
    throw invalid({
      where: folder,
      what: /dubious ownership/.test(inside.stderr)
        ? 'Git does not trust this folder, which another user owns'
        : 'is in no Git repository',
      fix: /dubious ownership/.test(inside.stderr)
        ? `run "git config --global --add safe.directory ${folder}"`
        : 'clone the repository instead of copying its files',
    });
  }
  const { status, stdout } = git(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  if (status === 0) return { id: stdout.toString().trim(), ref };
  const hasCommits = git(folder, ['rev-parse', '--verify', '--quiet', 'HEAD']).status === 0;
  throw invalid({
    where: '--against',
    what: 'names no commit of this repository',
    got: ref,
    fix: hasCommits
      ? 'write a branch, tag or commit that "git rev-parse" knows; fetch it first if it is on a remote'
      : 'commit something first: the repository has no commit yet',
  });
}

/**
 * Reads every file below a folder as it was in a commit, by path relative to that folder.
 *
 * @throws InvalidInput when the commit does not have the folder
 */
export function readCommittedTree(folder: string, { id, ref }: Commit, subfolder: string): Map<string, string> {
  const prefix = `${subfolder}/`;
  const listing = succeed(git(folder, ['ls-tree', '-r', '-z', id, '--', prefix]));
  const entries = listing
    .toString()
    .split('\0')
    .flatMap((entry) => {
      const match = /^\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(entry);
      return match?.[1] && match[2]?.startsWith(prefix) ? [{ object: match[1], path: match[2] }] : [];
    });
  if (entries.length === 0) {
    throw invalid({
      where: prefix,
      what: `is not in the commit ${ref} (${id.slice(0, 7)})`,
      fix: 'compare with a commit that has rendered manifests, or run "npm run synth" and commit dist/',
    });
  }
  const answer = succeed(git(folder, ['cat-file', '--batch'], entries.map(({ object }) => `${object}\n`).join('')));
  return readBatch(
    answer,
    entries.map(({ path }) => path.slice(prefix.length)),
  );
}

/** `<object> blob <size>`, a line break, that many bytes and a line break; for each path in turn. */
function readBatch(answer: Buffer, paths: readonly string[]): Map<string, string> {
  const files = new Map<string, string>();
  let position = 0;
  for (const path of paths) {
    const end = answer.indexOf('\n', position);
    const [, size] = / blob (\d+)$/.exec(answer.toString('utf8', position, end)) ?? [];
    if (size === undefined) throw new TypeError(`git cat-file does not know ${path}`);
    const start = end + 1;
    files.set(path, answer.toString('utf8', start, start + Number(size)));
    position = start + Number(size) + 1;
  }
  return files;
}

interface Answer {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** No shell reads the arguments. */
function git(folder: string, args: readonly string[], input?: string): Answer {
  const { status, stdout, stderr, error } = spawnSync('git', args, {
    cwd: folder,
    input,
    maxBuffer: LARGEST_ANSWER,
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (error && 'code' in error && error.code === 'ENOENT') {
    throw invalid({ where: 'git', what: 'is not installed, or not in PATH', fix: 'install Git' });
  }
  if (error) throw error;
  return { status, stdout, stderr: stderr.toString() };
}

function succeed({ status, stdout, stderr }: Answer): Buffer {
  if (status === 0) return stdout;
  throw invalid({ where: 'git', what: `failed: ${stderr.trim()}`, fix: 'mend the repository, then try again' });
}

function invalid(problem: Problem): InvalidInput {
  return new InvalidInput([problem]);
}
