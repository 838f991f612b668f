import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidInput } from '../core/problem';
import { type Git, GitFailure, gitIn, identityEnvironment } from '../promotion/git';
import { requestCommit } from '../promotion/pull-request';
import { commitOnNewest, pushCommit } from '../promotion/push';
import { root } from './project';
import { type ExitCode, say } from './report';

export interface DeployOptions {
  /** URL of the platform repository. */
  readonly repository: string;
  /** Branch that Argo CD watches. */
  readonly branch: string;
  /** File with the private key that may push. */
  readonly keyFile?: string;
  /** File with the host keys of the Git server. */
  readonly knownHostsFile?: string;
  /** Push a branch of its own and ask to merge it, in place of a push to the watched branch. */
  readonly pullRequest?: boolean;
  /** File with the token that may open pull requests on GitHub; without one, a person opens it. */
  readonly tokenFile?: string;
  /** @default - the system's temporary folder */
  readonly workFolder?: string;
}

/** Who commits on behalf of a workflow. */
const identity = { name: 'mlops deployer', email: 'deployer@mlops.invalid' };

/**
 * What a pipeline does to promote or roll back: clones the platform repository, runs one of this program's commands in
 * the clone and pushes its commit, or asks to merge it. The clone's own sources render it, with the dependencies that are installed here.
 *
 * @param command words of the command, such as `promote model sentiment@v1.2.0 --to homelab`
 */
export async function deploy(command: readonly string[], options: DeployOptions): Promise<ExitCode> {
  const folder = mkdtempSync(join(options.workFolder ?? tmpdir(), 'deploy-'));
  try {
    const checkout = join(folder, 'platform');
    await clone(folder, checkout, options);
    const git = gitIn(checkout, { ...options, identity });
    const change = async () => {
      useInstalledDependencies(checkout);
      await run(checkout, command);
    };
    const result = await (options.pullRequest ? propose(git, change, options) : push(git, change, options));
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function push(git: Git, change: () => Promise<void>, { branch }: DeployOptions): Promise<object> {
  const commit = await pushCommit(git, branch, change);
  say(commit ? `pushed ${commit}` : 'nothing to change');
  return { commit: commit ?? null };
}

async function propose(git: Git, change: () => Promise<void>, { branch, tokenFile }: DeployOptions): Promise<object> {
  const commit = await commitOnNewest(git, branch, change);
  if (!commit) {
    say('nothing to change');
    return { commit: null };
  }
  const { url } = await requestCommit(git, branch, tokenFile && readFileSync(tokenFile, 'utf8').trim());
  say(`Review and merge: ${url}`);
  return { commit, pullRequest: url };
}

async function clone(folder: string, checkout: string, options: DeployOptions): Promise<void> {
  const { repository, branch } = options;
  try {
    await gitIn(folder, options)('clone', '--quiet', '--single-branch', '--branch', branch, '--', repository, checkout);
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    const what = `cannot be cloned: ${error.output.trim().split('\n').at(-1)}`;
    throw new InvalidInput([{ where: repository, what, fix: 'check the URL, the branch and the key' }]);
  }
}

/** Other dependencies could render other bytes, or not run at all. */
function useInstalledDependencies(checkout: string): void {
  const name = 'package-lock.json';
  const [theirs, ours] = [checkout, root].map((folder) => readFileSync(join(folder, name), 'utf8'));
  if (theirs !== ours) {
    throw new InvalidInput([
      {
        where: name,
        what: 'the platform repository has other dependencies than this image',
        fix: 'build the deployer image of that commit',
      },
    ]);
  }
  const modules = join(checkout, 'node_modules');
  if (!existsSync(modules)) symlinkSync(join(root, 'node_modules'), modules);
}

function run(checkout: string, command: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(checkout, 'bin', 'mlops.js'), ...command], {
      cwd: checkout,
      env: { ...process.env, ...identityEnvironment(identity) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new InvalidInput([{ where: command.join(' '), what: `ended with ${code}`, fix: 'see the messages above' }]),
        );
    });
  });
}
