import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInput } from '../core/problem';

/** Lock files of a cluster: data that commands edit and that synth reads. */
export type LockKind = 'models' | 'images';

/** Path of a lock file within the repository. */
export function lockFilePath(cluster: string, kind: LockKind): string {
  return `src/clusters/${cluster}.${kind}.json`;
}

/**
 * @param checkout root of the repository
 * @throws InvalidInput when the cluster has no such file, or it is not JSON
 */
export function readLockFile(checkout: string, cluster: string, kind: LockKind): Record<string, unknown> {
  const path = lockFilePath(cluster, kind);
  let text: string;
  try {
    text = readFileSync(join(checkout, path), 'utf8');
  } catch {
    throw new InvalidInput([
      { where: path, what: 'there is no such lock file', got: cluster, fix: 'name a cluster of src/clusters/' },
    ]);
  }
  return parseLockFile(path, text);
}

/** @throws InvalidInput when the text is not a JSON object */
export function parseLockFile(path: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, as for any other text.
  }
  throw new InvalidInput([{ where: path, what: 'is not a JSON object', fix: 'restore it from Git' }]);
}

/** Writes entries in order of name, so that two promotions touch different lines. Aside first, then renamed. */
export function writeLockFile(
  checkout: string,
  cluster: string,
  kind: LockKind,
  entries: Record<string, unknown>,
): void {
  const path = join(checkout, lockFilePath(cluster, kind));
  const names = Object.keys(entries).sort();
  const lines = names.map((name) => `  ${JSON.stringify(name)}: ${inline(entries[name])}`);
  writeFileSync(`${path}.new`, names.length > 0 ? `{\n${lines.join(',\n')}\n}\n` : '{}\n');
  renameSync(`${path}.new`, path);
}

/** One entry on one line: a change of a pin is then one line of the difference. */
function inline(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${JSON.stringify(one)}`);
  return `{ ${fields.join(', ')} }`;
}
