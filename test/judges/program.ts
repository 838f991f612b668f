import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program is, on the `PATH` or in `CLUSTER_HOME/bin`; undefined when it is not installed. */
export function findProgram(name: string): string | undefined {
  const home = process.env.CLUSTER_HOME;
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...(home ? [join(home, 'bin')] : [])];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
