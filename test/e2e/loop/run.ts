import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  /** Beside those of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Seconds. @default 600 */
  readonly timeout?: number;
}

/** Thrown when a program fails; the message is what it said. */
export class ProgramFailed extends Error {
  constructor(
    command: string,
    readonly code: number | null,
    readonly output: string,
  ) {
    super(`${command} ended with ${code}:\n${output.trim()}`);
  }
}

/** Runs a program, without a shell. @returns what it printed */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { cwd, env, input = '', timeout = 600 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: 'pipe',
      timeout: timeout * 1000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new ProgramFailed([command, ...args].join(' ').slice(0, 300), code, stderr || stdout));
    });
    child.stdin.on('error', () => undefined); // it may end before it has read everything
    child.stdin.end(input);
  });
}
