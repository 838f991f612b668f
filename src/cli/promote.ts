import { clusters } from '../clusters';
import { InvalidInput } from '../core/problem';
import { type Change, commitChange } from '../promotion/commit';
import { type GitOptions, gitIn } from '../promotion/git';
import { type LockKind, readLockFile } from '../promotion/lock-files';
import { type Origin, pinModel, pinOf, previousPin, refuseWorse } from '../promotion/model-pin';
import { type ModelVersion, parseModelReference, readModelVersion } from '../promotion/model-version';
import { openPullRequest } from '../promotion/pull-request';
import { commitInLoop } from './loop';
import { root } from './project';
import { type ExitCode, say } from './report';

export interface PromoteOptions extends Origin {
  /** Take the version even when its metrics are worse than those of the served one. */
  readonly allowWorse?: boolean;
  /** Push a branch and open a pull request in place of a commit on the current branch. */
  readonly pullRequest?: boolean;
  /** Commit in the platform repository of the loop on this machine, and leave this checkout alone. */
  readonly local?: boolean;
}

/** Makes a cluster serve a version of a model: pin and rendered `dist/` in one commit. */
export async function promoteModel(reference: string, cluster: string, options: PromoteOptions): Promise<ExitCode> {
  if (options.local) return inLoop(['promote', 'model', reference, '--to', cluster], options);
  const change = await modelChange(root, reference, cluster, options);
  return commitHere(change, options);
}

/** Makes a cluster serve the version before the current one. */
export async function rollbackModel(name: string, cluster: string, options: PromoteOptions): Promise<ExitCode> {
  if (options.local) return inLoop(['rollback', 'model', name, '--in', cluster], options);
  knownCluster(cluster);
  const pin = await previousPin(gitIn(root), cluster, name);
  return commitHere(pinModel(cluster, name, pin, 'Roll back to', options), options);
}

/** Takes all images or model pins that another cluster has. */
export async function promoteLockFile(
  kind: LockKind,
  from: string,
  to: string,
  options: PromoteOptions,
): Promise<ExitCode> {
  if (options.local) return inLoop(['promote', kind, '--from', from, '--to', to], options);
  knownCluster(from);
  knownCluster(to);
  const entries = readLockFile(root, from, kind);
  return commitHere(
    {
      cluster: to,
      kind,
      edit: () => entries,
      subject: `Take the ${kind} of ${from} in ${to}`,
      trailers: { ...trailers(options) },
    },
    options,
  );
}

/**
 * The change that a promotion makes, after its checks: the version exists, states a digest and is not worse than what
 * is served.
 *
 * @param checkout working tree whose lock file says what is served
 */
export async function modelChange(
  checkout: string,
  reference: string,
  cluster: string,
  options: PromoteOptions & { readonly git?: GitOptions },
): Promise<Change> {
  const repository = knownCluster(cluster).repositories.model.url;
  const { name } = parseModelReference(reference);
  const next = await readModelVersion(repository, reference, options.git);
  const pin = pinOf(readLockFile(checkout, cluster, 'models'), name);
  if (pin && !options.allowWorse) refuseWorse(next, await served(repository, name, pin.version, options.git));
  return pinModel(cluster, name, next, 'Serve', options);
}

async function served(
  repository: string,
  name: string,
  version: string,
  git?: GitOptions,
): Promise<ModelVersion | undefined> {
  try {
    return await readModelVersion(repository, `${name}@${version}`, git);
  } catch (error) {
    // What is served may be older than the repository's history; then there is nothing to compare with.
    if (error instanceof InvalidInput) return undefined;
    throw error;
  }
}

/** The same command, in a clone of the loop's repository. */
async function inLoop(words: readonly string[], options: PromoteOptions): Promise<ExitCode> {
  if (options.pullRequest) {
    const fix = 'leave one of both out';
    throw new InvalidInput([{ where: '--pull-request', what: 'needs a server, which --local has none of', fix }]);
  }
  const { allowWorse, approvedBy, workflowRun } = options;
  return commitInLoop([
    ...words,
    ...(allowWorse ? ['--allow-worse'] : []),
    ...(approvedBy ? ['--approved-by', approvedBy] : []),
    ...(workflowRun ? ['--workflow-run', workflowRun] : []),
  ]);
}

async function commitHere(change: Change, options: PromoteOptions): Promise<ExitCode> {
  const git = gitIn(root);
  if (options.pullRequest) {
    const request = await openPullRequest(root, git, change);
    say(request ? `Review and merge: ${request.url}` : 'nothing to change');
    return 0;
  }
  const committed = await commitChange(root, git, change);
  say(
    committed
      ? `${(await git('log', '-1', '--format=%h %s')).trim()}\nPush it, and Argo CD syncs it.`
      : 'nothing to change',
  );
  return 0;
}

function knownCluster(name: string) {
  const cluster = clusters.find((one) => one.name === name);
  if (cluster) return cluster;
  throw new InvalidInput([
    {
      where: 'cluster',
      what: 'there is no such cluster',
      got: name,
      fix: `name one of ${clusters.map((one) => one.name).join(', ')}`,
    },
  ]);
}

function trailers({ workflowRun, approvedBy }: Origin) {
  return { 'Workflow-Run': workflowRun, 'Approved-By': approvedBy };
}
