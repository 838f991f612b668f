import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Path of a program on the PATH or among the programs of the test cluster; undefined when there is none. */
export function findTool(name: string): string | undefined {
  const home = process.env.CLUSTER_HOME ?? join(homedir(), '.cache', 'test-cluster');
  const folders = [...(process.env.PATH ?? '').split(delimiter), join(home, 'bin')];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Says why tests are left out: a silent gap looks like a success. */
export function skipReason(what: string, reason: string): void {
  process.stderr.write(`skipped: ${what}: ${reason}\n`);
}
