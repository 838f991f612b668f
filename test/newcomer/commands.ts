import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** The commands of a section of the README, in order; comments are for people. */
export function commandsOf(folder: string, section: string): string[] {
  const [, text = ''] = readFileSync(join(folder, 'README.md'), 'utf8').split(`\n## ${section}\n`);
  const [body = ''] = text.split('\n## ');
  return [...body.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.split('\n').filter(Boolean));
}

/** A command in a terminal. */
export interface Typed {
  readonly process: ChildProcess;
  /** All that it has printed. */
  readonly said: () => string;
  readonly ended: Promise<number | null>;
  /** Waits until it prints this. Rejects when it ends without. */
  readonly until: (text: string) => Promise<void>;
}

/** Types a command as a person does: a shell reads it, in a process group of its own as a terminal gives it. */
export function type(command: string, folder: string, environment: NodeJS.ProcessEnv): Typed {
  const child = spawn('sh', ['-c', `exec ${command}`], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    process: child,
    said: () => said,
    ended,
    until: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!said.includes(text)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        void ended.then((code) => reject(new Error(`${command} ended with ${code}:\n${said}`)));
      }),
  };
}

/** The first of three ports in a row that nobody listens on. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const first = await listen(0);
    if (first < 65_000 && (await listen(first + 1)) && (await listen(first + 2))) return first;
  }
}

/** Listens for a moment; 0 when somebody else does. */
function listen(port: number): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(0));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
