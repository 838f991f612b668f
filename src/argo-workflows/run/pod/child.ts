import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { theWatchdog } from './watchdog';

/** As much of what a program prints as the controller keeps. */
const RESULT_BYTES = 256 * 1024;
/** How long a pipe may stay open that a process outside of the group still holds. */
const DRAIN_MS = 2000;

export interface ChildOptions {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Gets everything that is printed, in the order in which it comes. */
  readonly logFile: string;
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
  /** Ends the program when it is aborted: SIGTERM, and after the grace SIGKILL. */
  readonly signal: AbortSignal;
  readonly graceSeconds: number;
}

export interface ChildEnd {
  /** 128 and the number of the signal for a program that a signal ended. */
  readonly exitCode: number;
  /** The end of what was printed to stdout, without its last line break. */
  readonly stdout: string;
}

const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGTERM: 15,
};

/**
 * Runs a program in a process group of its own. When it has ended, nothing of its group is left, as in a container.
 *
 * @throws {NodeJS.ErrnoException} when it cannot be started.
 */
export async function runChild(options: ChildOptions): Promise<ChildEnd> {
  const [command, ...args] = options.argv;
  const log = createWriteStream(options.logFile, { flags: 'a' });
  // First, so that there is no moment in which a program runs unwatched but for the one after its start.
  const watchdog = theWatchdog(options.graceSeconds);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  if (child.pid !== undefined) watchdog.began(child.pid);
  const tail = keepTail();
  const pipe = (stream: Readable, name: 'stdout' | 'stderr'): void => {
    const lines = splitLines((line) => options.onLine(name, line));
    stream.on('data', (chunk: Buffer) => {
      if (name === 'stdout') tail.add(chunk);
      lines.add(chunk);
      if (!log.write(chunk)) {
        stream.pause();
        log.once('drain', () => stream.resume());
      }
    });
    stream.on('end', lines.end);
  };
  pipe(child.stdout, 'stdout');
  pipe(child.stderr, 'stderr');
  const stop = stopOnAbort(child, options);
  try {
    const exitCode = await exitOf(child);
    killGroup(child, 'SIGKILL');
    await closed(child);
    return { exitCode, stdout: tail.text() };
  } finally {
    if (child.pid !== undefined) watchdog.ended(child.pid);
    stop();
    await new Promise((resolve) => log.end(resolve));
  }
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (SIGNALS[signal ?? ''] ?? 0)));
  });
}

function closed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const streams = [child.stdout, child.stderr];
    if (streams.every((stream) => stream === null || stream.readableEnded)) return resolve();
    const timer = setTimeout(() => {
      for (const stream of streams) stream?.destroy();
    }, DRAIN_MS);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function stopOnAbort(child: ChildProcess, { signal, graceSeconds }: ChildOptions): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    killGroup(child, 'SIGTERM');
    timer = setTimeout(() => killGroup(child, 'SIGKILL'), graceSeconds * 1000);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return () => {
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
  };
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended.
  }
}

function splitLines(onLine: (line: string) => void): { add: (chunk: Buffer) => void; end: () => void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    add: (chunk) => {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line.replace(/\r$/, ''));
    },
    end: () => {
      rest += decoder.end();
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}

function keepTail(): { add: (chunk: Buffer) => void; text: () => string } {
  let chunks: Buffer[] = [];
  let size = 0;
  return {
    add: (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= 2 * RESULT_BYTES) return;
      chunks = [Buffer.concat(chunks).subarray(-RESULT_BYTES)];
      size = RESULT_BYTES;
    },
    text: () => Buffer.concat(chunks).subarray(-RESULT_BYTES).toString('utf8').replace(/\n$/, ''),
  };
}
