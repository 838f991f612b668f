import { InvalidInput } from '../core/problem';
import type { Change } from './commit';
import type { Git } from './git';
import { lockFilePath, parseLockFile } from './lock-files';
import type { ModelVersion } from './model-version';

export interface Pin {
  readonly version: string;
  readonly digest: string;
}

/** Who or what asked for a promotion, for the history. */
export interface Origin {
  readonly workflowRun?: string | undefined;
  readonly approvedBy?: string | undefined;
}

/**
 * The change that makes a cluster serve a version of a model.
 *
 * @throws InvalidInput when it is said who approved it, but not in one line of text
 */
export function pinModel(cluster: string, name: string, pin: Pin, verb: string, origin: Origin): Change {
  const { approvedBy = 'nobody asked' } = origin;
  // The stage tag refuses it too, but only when the version is served already.
  if (!/^\P{C}{1,500}$/u.test(approvedBy) || approvedBy.trim() !== approvedBy) {
    const fix = 'say who approves, in one line';
    throw new InvalidInput([{ where: '--approved-by', what: 'is not one line of text', got: approvedBy, fix }]);
  }
  return {
    cluster,
    kind: 'models',
    edit: (entries) => ({ ...entries, [name]: { version: pin.version, digest: pin.digest } }),
    subject: `${verb} ${name} ${pin.version} in ${cluster}`,
    trailers: {
      Model: `${name}@${pin.version}`,
      Digest: pin.digest,
      'Workflow-Run': origin.workflowRun,
      'Approved-By': origin.approvedBy,
    },
  };
}

/** The pin of a model in the entries of a lock file; undefined when there is none. */
export function pinOf(entries: Readonly<Record<string, unknown>>, name: string): Pin | undefined {
  const entry = entries[name];
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { version, digest } = entry as Partial<Record<keyof Pin, unknown>>;
  return typeof version === 'string' && typeof digest === 'string' ? { version, digest } : undefined;
}

/**
 * A new version must not be worse than the one that it replaces, in the metric that both state.
 *
 * @throws InvalidInput when it is
 */
export function refuseWorse(next: ModelVersion, served: ModelVersion | undefined, metric = 'accuracy'): void {
  const [before, after] = [served?.metrics[metric], next.metrics[metric]];
  if (!served || before === undefined || after === undefined || after >= before) return;
  throw new InvalidInput([
    {
      where: `${next.name}@${next.version}`,
      what: `has less ${metric} than ${served.version}, which is served (${before})`,
      got: after,
      fix: 'train a better one, or pass --allow-worse',
    },
  ]);
}

/**
 * The pin that a cluster had before the one it has: what the Git history of the lock file says.
 *
 * A rollback leaves a commit too. Going back twice therefore skips versions that were rolled back from, and does not
 * swing between two versions.
 *
 * @throws InvalidInput when the model had no other pin
 */
export async function previousPin(git: Git, cluster: string, name: string): Promise<Pin> {
  const path = lockFilePath(cluster, 'models');
  const commits = (await git('log', '--format=%H', '--', path)).split('\n').filter(Boolean);
  const stack: Pin[] = [];
  for (const commit of commits.reverse()) {
    const text = await git('show', `${commit}:${path}`).catch(() => '{}');
    const pin = pinOf(parseLockFile(`${commit.slice(0, 12)}:${path}`, text), name);
    if (!pin || same(pin, stack.at(-1))) continue;
    // Back to the one below the top: a rollback.
    if (same(pin, stack.at(-2))) stack.pop();
    else stack.push(pin);
  }
  const previous = stack.at(-2);
  if (previous) return previous;
  throw new InvalidInput([
    {
      where: `${cluster}.models.${name}`,
      what: 'has no earlier pin to go back to',
      got: stack.at(-1)?.version,
      fix: 'promote the version that you want',
    },
  ]);
}

function same(one: Pin, other: Pin | undefined): boolean {
  return one.version === other?.version && one.digest === other.digest;
}
