import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { InvalidInput } from '../core/problem';
import { withLock } from '../render/lock';
import type { Places } from './places';
import { type Ports, urlOf } from './servers';

/** A loop that runs. */
export interface Running {
  readonly process: number;
  readonly ports: Ports;
}

/**
 * Runs `work` as the only loop on this checkout.
 *
 * @throws InvalidInput when there is one, with where it is
 */
export async function asOnlyLoop<T>(places: Places, work: () => Promise<T>): Promise<T> {
  let begun = false;
  try {
    return await withLock(places.lock, () => {
      begun = true;
      return work();
    });
  } catch (error) {
    if (begun || !(error instanceof InvalidInput)) throw error;
    const running = readRunning(places);
    const where = running ? `; its page is ${urlOf(running.ports.page)}` : '';
    throw new InvalidInput([
      {
        where: places.folder,
        what: `npm start runs already${running ? ` as process ${running.process}` : ''}${where}`,
        fix: 'use that one, or stop it with Ctrl-C first',
      },
    ]);
  }
}

/** Tells other commands that the loop is ready, until it is forgotten. */
export function writeRunning({ running }: Places, value: Running): void {
  writeFileSync(`${running}.new`, JSON.stringify(value));
  renameSync(`${running}.new`, running);
}

export function forgetRunning({ running }: Places): void {
  rmSync(running, { force: true });
}

/** What a loop has told last; it may have been killed since. */
export function readRunning({ running }: Places): Running | undefined {
  return existsSync(running) ? (JSON.parse(readFileSync(running, 'utf8')) as Running) : undefined;
}
