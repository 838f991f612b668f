import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { InvalidInput } from '../core/problem';
import { gitIn } from '../promotion/git';
import { runChild } from './child';
import { type Places, repositoryUrl } from './places';
import { onHost } from './programs';
import { folderDigest, newestCommit, type ServedVersion, servedAt } from './served';

/** Argo CD looks every three minutes; somebody who tries things out waits less. */
const LOOK_MILLISECONDS = 500;

/** Told about what is served. */
export interface Follower {
  /** The server was brought to a version. */
  readonly served: (version: ServedVersion) => void;
  /** It could not be; the version before stays. */
  readonly failed: (version: ServedVersion, error: InvalidInput) => void;
}

/**
 * Stands in for Argo CD: looks at the platform repository until it is stopped, and brings the inference server to the
 * version that the rendered branch names. The server follows a link, and replaces its model when the link changes.
 */
export async function followBranch(places: Places, follower: Follower, signal: AbortSignal): Promise<void> {
  const git = gitIn(places.platformRepository);
  let seen: string | undefined;
  let current: string | undefined;
  while (!signal.aborted) {
    try {
      const commit = await newestCommit(git);
      if (commit !== undefined && commit !== seen) {
        const wanted = await servedAt(git, commit, places);
        if (wanted && wanted.digest !== current) current = (await bring(places, wanted, follower, signal)) ?? current;
        seen = commit;
      }
      await sleep(LOOK_MILLISECONDS, undefined, { signal });
    } catch (error) {
      // Ctrl-C ends Git too, which may be noticed first.
      await setImmediate();
      if (!signal.aborted) throw error;
    }
  }
}

/** @returns the digest that is served now; undefined when it is still the one before */
async function bring(
  places: Places,
  wanted: ServedVersion,
  follower: Follower,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await deliver(places, wanted, signal);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    follower.failed(wanted, error);
    return undefined;
  }
  const next = `${places.served}.new`;
  rmSync(next, { force: true });
  symlinkSync(wanted.folder, next);
  renameSync(next, places.served);
  follower.served(wanted);
  return wanted.digest;
}

/**
 * Makes sure that the folder is there and is what the pin says. A promotion by the pipeline has put it there; one by
 * hand need not have.
 *
 * @throws InvalidInput when it is another, or cannot be had
 */
async function deliver(
  places: Places,
  { name, version, digest, folder }: ServedVersion,
  signal: AbortSignal,
): Promise<void> {
  const there = folderDigest(folder);
  if (there === digest) return;
  if (there !== undefined) {
    throw new InvalidInput([
      {
        where: folder,
        what: `is another version than the pinned ${digest}`,
        got: there,
        fix: 'remove the folder; it is fetched again',
      },
    ]);
  }
  const { command, args, env } = onHost(places, { image: 'dvc', argv: ['python', '-m', 'versioning', 'pull'] });
  const from = ['--repository', repositoryUrl(places.modelRepository), '--remote', places.volume('dvc')];
  const what = ['--name', name, '--version', version, '--digest', digest, '--output', folder];
  await runChild(`${name}@${version}`, command, [...args, ...from, ...what], {
    cwd: places.folder,
    env,
    signal,
    log: join(places.logs, 'pull.log'),
  });
}
