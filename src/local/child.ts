import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InvalidInput } from '../core/problem';

/** How long a program may take to end once it is told. */
const PATIENCE_MILLISECONDS = 15_000;

export interface ChildOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the program, and all that it started. */
  readonly signal: AbortSignal;
  /** File that takes its output, in place of what a program of this name said before. */
  readonly log: string;
}

export interface Child {
  readonly process: ChildProcess;
  /** Exit code. */
  readonly ended: Promise<number>;
}

/** Starts a program in a process group of its own, which ends with this process however that ends. */
export function startChild(command: string, args: readonly string[], options: ChildOptions): Child {
  const keeper = join(__dirname, '..', '..', 'bin', 'end-with-parent.js');
  mkdirSync(dirname(options.log), { recursive: true });
  const log = openSync(options.log, 'w');
  const child = spawn(process.execPath, [keeper, command, ...args], {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  return { process: child, ended: end(child, options.signal) };
}

function end(child: ChildProcess, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const stop = () => {
      killGroup(child, 'SIGTERM');
      timer = setTimeout(() => killGroup(child, 'SIGKILL'), PATIENCE_MILLISECONDS);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    const settled = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
    child.on('error', (error) => {
      settled();
      reject(error);
    });
    child.on('close', (code) => {
      settled();
      resolve(code ?? 137);
    });
  });
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    // All of it has ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Runs a program to its end.
 *
 * @param what is to be done, for the message when it fails
 * @throws InvalidInput with the last line that it said when it fails
 */
export async function runChild(
  what: string,
  command: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<void> {
  const code = await startChild(command, args, options).ended;
  if (code === 0) return;
  options.signal.throwIfAborted();
  throw new InvalidInput([
    {
      where: what,
      what: `failed: ${lastLine(options.log)}`,
      got: code,
      fix: `mend it and start again; all that it said is in ${options.log}`,
    },
  ]);
}

/** The last line of a program's output that says something. */
export function lastLine(log: string): string {
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .map((line) => line.trim());
  return (
    lines
      .filter(Boolean)
      .at(-1)
      ?.replace(/^error: /, '') ?? 'it said nothing'
  );
}
