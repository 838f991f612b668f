import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInput } from '../core/problem';
import { type Child, lastLine, startChild } from './child';
import type { Places } from './places';
import { type ImageProgram, onHost } from './programs';

/** Only this machine may ask: there is no password in front. */
export const HOST = '127.0.0.1';
/** How often the server looks at the link to the version that it serves. */
const FOLLOW_SECONDS = '0.5';
const LOOK_MILLISECONDS = 50;

const PAGE: ImageProgram = { image: 'ui', argv: ['node', '/app/build/src/server/main.js'] };

/** Where what answers. */
export interface Ports {
  readonly page: number;
  readonly api: number;
  /** Of the server that a test throws away. */
  readonly inferenceTest: number;
}

/** Three in a row, of which the person names the first. */
export function portsFrom(first: number): Ports {
  return { page: first, api: first + 1, inferenceTest: first + 2 };
}

export function urlOf(port: number): string {
  return `http://${HOST}:${port}`;
}

export interface Servers {
  /** Rejects when one of them ends by itself; resolves when they were stopped. */
  readonly ended: Promise<void>;
}

/**
 * Starts the inference API and the page, and waits until both answer. The API has no model before the first version is
 * served: until then it is not ready.
 *
 * @throws InvalidInput when one of them cannot start
 */
export async function startServers(
  places: Places,
  serving: ImageProgram,
  ports: Ports,
  signal: AbortSignal,
): Promise<Servers> {
  const start = (name: string, program: ImageProgram, ...more: readonly string[]): Child => {
    const { command, args, env } = onHost(places, program);
    const log = join(places.logs, `${name}.log`);
    return startChild(command, [...args, ...more, '--host', HOST], { cwd: places.folder, env, signal, log });
  };
  const model = ['--model', places.served, '--follow-seconds', FOLLOW_SECONDS];
  const api = start('inference', serving, ...model, '--port', String(ports.api));
  const page = start('ui', PAGE, '--api', urlOf(ports.api), '--port', String(ports.page));
  const ended = Promise.all([watch('inference', api, places, signal), watch('ui', page, places, signal)]).then(
    () => undefined,
  );
  // Whoever waits for the servers is told; until then it must not count as unhandled.
  ended.catch(() => undefined);
  await Promise.race([
    Promise.all([ports.api, ports.page].map((port) => untilAnswered(`${urlOf(port)}/health`, signal))),
    ended,
  ]);
  signal.throwIfAborted();
  return { ended };
}

async function watch(name: string, { ended }: Child, { logs }: Places, signal: AbortSignal): Promise<void> {
  const code = await ended;
  if (signal.aborted) return;
  const log = join(logs, `${name}.log`);
  throw new InvalidInput([
    { where: name, what: `ended: ${lastLine(log)}`, got: code, fix: `see ${log}, and start again` },
  ]);
}

/** Waits until there is a document at an address, or until it is told to stop. */
export async function untilAnswered(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if ((await ask(url)) !== undefined) return;
    await sleep(LOOK_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}

/** The JSON document at an address; undefined when there is none or nobody answers. */
export async function ask(url: string): Promise<unknown> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(2000) });
    return reply.ok ? await reply.json() : undefined;
  } catch {
    return undefined;
  }
}
