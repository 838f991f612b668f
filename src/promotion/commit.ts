import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { InvalidInput } from '../core/problem';
import type { Git } from './git';
import { type LockKind, lockFilePath, readLockFile, writeLockFile } from './lock-files';

/** All that `dist/` follows from: a change there that is not committed would come along under another name. */
const SOURCES = ['bin', 'dist', 'imports', 'schemas', 'src', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** A change of one lock file, and what its commit says. */
export interface Change {
  readonly cluster: string;
  readonly kind: LockKind;
  /** The entries that the file is to have, from those that it has. It may be asked again on a newer commit. */
  readonly edit: (entries: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  readonly subject: string;
  /** `Key: value` lines at the end of the message, for programs that read the history. */
  readonly trailers: Readonly<Record<string, string | undefined>>;
}

/**
 * Edits a lock file, renders `dist/` with all checks and commits both together.
 *
 * @param checkout root of a working tree without other changes in what is committed
 * @returns whether there was anything to commit
 * @throws InvalidInput when rendering fails; the working tree is then as it was
 */
export async function commitChange(checkout: string, git: Git, change: Change): Promise<boolean> {
  const touched = [lockFilePath(change.cluster, change.kind), 'dist'];
  const dirty = (await git('status', '--porcelain', '--', ...SOURCES)).trimEnd();
  if (dirty !== '') {
    throw new InvalidInput([
      { where: checkout, what: `has changes that are not committed:\n${dirty}`, fix: 'commit or stash them first' },
    ]);
  }
  writeLockFile(
    checkout,
    change.cluster,
    change.kind,
    change.edit(readLockFile(checkout, change.cluster, change.kind)),
  );
  try {
    await render(checkout);
    await git('add', '--all', '--', ...touched);
    if ((await git('diff', '--cached', '--name-only', '--', ...touched)).trim() === '') return false;
    await git('commit', '--quiet', '--message', message(change), '--', ...touched);
    return true;
  } catch (error) {
    await git('reset', '--quiet', '--', ...touched);
    await git('checkout', '--quiet', '--', ...touched);
    await git('clean', '--quiet', '--force', '-d', '--', 'dist');
    throw error;
  }
}

/** Runs the synth that is in the checkout: what is rendered and the sources that it follows from are of one commit. */
function render(checkout: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(checkout, 'bin', 'mlops.js'), 'synth', '--no-typecheck'], {
      cwd: checkout,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new InvalidInput([
            {
              where: 'synth',
              what: `failed:\n${Buffer.concat(said).toString().trim()}`,
              fix: 'mend the sources, then promote again',
            },
          ]),
        );
    });
  });
}

function message({ subject, trailers }: Change): string {
  const lines = Object.entries(trailers).flatMap(([key, value]) => (value ? [`${key}: ${value}`] : []));
  return `${subject}\n\n${lines.join('\n')}\n`;
}
