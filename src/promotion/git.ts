import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { InvalidInput } from '../core/problem';

const run = promisify(execFile);

/** Runs Git in one repository. Arguments are never read by a shell. */
export type Git = (...args: readonly string[]) => Promise<string>;

export interface GitOptions {
  /**
   * File with the private key for the remote.
   * @default - whatever the machine's SSH is set up with
   */
  readonly keyFile?: string | undefined;
  /**
   * File with the host keys of the remote, for a machine that has never seen it.
   * @default - whatever the machine knows
   */
  readonly knownHostsFile?: string | undefined;
  /** Who commits, as `Name <address>`; only for programs, a person has a name. */
  readonly identity?: { readonly name: string; readonly email: string } | undefined;
}

/** Environment in which Git commits in somebody's name. */
export function identityEnvironment({ name, email }: NonNullable<GitOptions['identity']>): Record<string, string> {
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}

/** What Git said when it refused. */
export class GitFailure extends Error {
  constructor(
    readonly args: readonly string[],
    readonly output: string,
  ) {
    super(`git ${args[0]}: ${output.trim()}`);
  }
}

/** Git in `directory`, without prompts: a question that nobody answers is an error. */
export function gitIn(directory: string, { keyFile, knownHostsFile, identity }: GitOptions = {}): Git {
  const environment = {
    ...process.env,
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    ...((keyFile || knownHostsFile) && { GIT_SSH_COMMAND: ssh(keyFile, knownHostsFile) }),
    ...(identity && identityEnvironment(identity)),
  };
  return async (...args) => {
    try {
      const { stdout } = await run('git', [...args], { cwd: directory, env: environment, maxBuffer: 1 << 28 });
      return stdout;
    } catch (error) {
      const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
      if (code === 'ENOENT') {
        throw new InvalidInput([
          { where: 'git', what: 'is not on the PATH, or its folder is gone', fix: 'install Git' },
        ]);
      }
      throw new GitFailure(args, stderr || message);
    }
  };
}

function ssh(keyFile: string | undefined, knownHostsFile: string | undefined): string {
  const key = keyFile ? ['-i', quoteForShell(keyFile), '-o', 'IdentitiesOnly=yes'] : [];
  const hosts = knownHostsFile ? ['-o', quoteForShell(`UserKnownHostsFile=${knownHostsFile}`)] : [];
  return ['ssh', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', ...key, ...hosts].join(' ');
}

/** Git hands GIT_SSH_COMMAND to a shell. */
function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
