import { clusters } from '../clusters';
import { type ImageLock, loadClusters } from '../core/cluster';
import { InvalidInput, type Problem } from '../core/problem';
import { readImageDigest } from '../promotion/image-digest';
import { readLockFile, writeLockFile } from '../promotion/lock-files';
import { root } from './project';
import { type ExitCode, say, sayProblems } from './report';

/**
 * Reads the digest of every image from its registry into the lock files. What one registry does not tell stays as it
 * is, and is said.
 */
export async function lockImages(): Promise<ExitCode> {
  const problems: Problem[] = [];
  for (const { name: cluster, images } of loadClusters(clusters)) {
    const entries = readLockFile(root, cluster, 'images');
    for (const [name, image] of Object.entries(images)) {
      try {
        const digest = await readImageDigest(image);
        if (digest === image.digest) continue;
        say(`${cluster} ${name} ${image.repository}:${image.tag} ${digest}`);
        entries[name] = { ...(entries[name] as ImageLock), digest };
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        problems.push(...error.problems);
      }
    }
    writeLockFile(root, cluster, 'images', entries);
  }
  sayProblems('error', problems);
  return problems.length > 0 ? 1 : 0;
}
