import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from './containers';

/** Writes the text of a `script` as a file; undefined when the container has none. */
export function writeScript(
  container: Container,
  folder: string,
  translate: (text: string) => string,
): string | undefined {
  if (container.source === undefined) return undefined;
  const file = join(folder, `${container.name}-script`);
  writeFileSync(file, translate(container.source), { mode: 0o755 });
  return file;
}
