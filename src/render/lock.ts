import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { tryLock } from 'fs-native-extensions';
import { InvalidInput } from '../core/problem';

/**
 * Runs `work` while no other process does so with the same lock file.
 *
 * The kernel holds the lock and gives it back when the process ends, however it ends: nothing can be left to be taken
 * over. That is also why the file stays: two processes could otherwise lock two files of one name.
 *
 * @throws InvalidInput at once when another process holds it
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const descriptor = open(file);
  if (descriptor === undefined) return work();
  try {
    if (!tryLock(descriptor)) throw busy(file);
    // For people only; nothing depends on what the file says.
    ftruncateSync(descriptor);
    writeSync(descriptor, String(process.pid));
    return await work();
  } finally {
    closeSync(descriptor);
  }
}

/** Undefined on a read-only file system: nobody writes there, so that whoever only reads needs no lock. */
function open(file: string): number | undefined {
  try {
    return openSync(file, 'a');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EROFS') return undefined;
    throw error;
  }
}

function busy(file: string): InvalidInput {
  const owner = readFileSync(file, 'utf8');
  return new InvalidInput([
    {
      where: file,
      what: `another command is at work${owner === '' ? '' : ` (process ${owner})`}`,
      fix: 'wait until it has ended and try again',
    },
  ]);
}
