import { clusters } from '../clusters';
import { type ImageLock, loadClusters } from '../core/cluster';
import { InvalidInput, type Problem } from '../core/problem';
import { gitIn } from '../promotion/git';
import { readImageDigest } from '../promotion/image-digest';
import { readLockFile, writeLockFile } from '../promotion/lock-files';
import { openPullRequest } from '../promotion/pull-request';
import { root } from './project';
import { type ExitCode, say, sayProblems } from './report';

export interface LockImagesOptions {
  /** Only images whose repository begins with this, such as `ghcr.io/you`. @default all */
  readonly registry?: string;
  /** Push a branch for each cluster with new digests, with its `dist/`, and open a pull request. */
  readonly pullRequest?: boolean;
}

/**
 * Reads the digest of every image from its registry into the lock files. What one registry does not tell stays as it
 * is, and is said.
 */
export async function lockImages({ registry, pullRequest }: LockImagesOptions): Promise<ExitCode> {
  const problems: Problem[] = [];
  let asked = 0;
  for (const { name: cluster, images } of loadClusters(clusters)) {
    const digests: Record<string, string> = {};
    for (const [name, image] of Object.entries(images)) {
      if (registry && !image.repository.startsWith(`${registry}/`)) continue;
      asked += 1;
      try {
        const digest = await readImageDigest(image);
        if (digest === image.digest) continue;
        say(`${cluster} ${name} ${image.repository}:${image.tag} ${digest}`);
        digests[name] = digest;
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        problems.push(...error.problems);
      }
    }
    const edit = (entries: Readonly<Record<string, unknown>>) => withDigests(entries, digests);
    if (!pullRequest) writeLockFile(root, cluster, 'images', edit(readLockFile(root, cluster, 'images')));
    else if (Object.keys(digests).length > 0) {
      const change = { cluster, kind: 'images', edit, subject: `Lock the images of ${cluster}`, trailers: {} } as const;
      const request = await openPullRequest(root, gitIn(root), change);
      if (request) say(`Review and merge: ${request.url}`);
    }
  }
  if (registry && asked === 0) {
    const fix = 'name the registry as in src/clusters/<cluster>.images.json';
    problems.push({ where: '--registry', what: 'no cluster has an image from there', got: registry, fix });
  }
  sayProblems('error', problems);
  return problems.length > 0 ? 1 : 0;
}

function withDigests(
  entries: Readonly<Record<string, unknown>>,
  digests: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const locked = Object.entries(digests).map(([name, digest]) => [name, { ...(entries[name] as ImageLock), digest }]);
  return { ...entries, ...Object.fromEntries(locked) };
}
