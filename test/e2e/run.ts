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
  constructor(command: string, code: number | null, output: string) {
    super(`${command} ended with ${code}:\n${output.trim()}`);
  }
}

/** Runs a program, without a shell. @throws ProgramFailed when it ends with anything but 0 */
export function execute(
  command: string,
  args: readonly string[],
  { cwd, env, input = '', timeout = 600 }: RunOptions = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
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
      if (code === 0) resolve({ stdout, stderr });
      else reject(new ProgramFailed([command, ...args].join(' ').slice(0, 300), code, stderr || stdout));
    });
    child.stdin.on('error', () => undefined); // it may end before it has read everything
    child.stdin.end(input);
  });
}

/** Runs a program, without a shell. @returns what it printed */
export async function run(command: string, args: readonly string[], options?: RunOptions): Promise<string> {
  return (await execute(command, args, options)).stdout;
}
