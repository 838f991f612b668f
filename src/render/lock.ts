import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { InvalidInput } from '../core/problem';

/**
 * Runs `work` while no other process of this machine does so with the same lock file.
 *
 * @throws InvalidInput at once when another process that is alive holds it; what a killed one left is taken over
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  acquire(file);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function acquire(file: string): void {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      // `wx` fails when the file is there, however many try at once.
      const descriptor = openSync(file, 'wx');
      writeSync(descriptor, String(process.pid));
      closeSync(descriptor);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = ownerOf(file);
      if (owner !== undefined && isAlive(owner)) throw busy(file, owner);
      rmSync(file, { force: true });
    }
  }
  throw busy(file, ownerOf(file));
}

function busy(file: string, owner: number | undefined): InvalidInput {
  return new InvalidInput([
    {
      where: file,
      what: `another synth is at work${owner === undefined ? '' : ` (process ${owner})`}`,
      fix: 'wait until it has ended and try again',
    },
  ]);
}

function ownerOf(file: string): number | undefined {
  try {
    const owner = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isSafeInteger(owner) && owner > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
