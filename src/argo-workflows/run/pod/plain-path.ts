import { existsSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const links = new Map<string, string>();

/**
 * A path of a folder that scripts can name without quotes: the folder itself, or where its name has spaces and the like
 * a link to it below the temporary folder of the system. Links are made once for each folder and process.
 */
export function plainPath(folder: string): string {
  const real = realpathSync(folder);
  if (/^[\w./-]+$/.test(real)) return real;
  const known = links.get(real);
  if (known !== undefined && existsSync(known)) return known;
  const link = join(mkdtempSync(join(realpathSync(tmpdir()), 'workflow-')), 'folder');
  symlinkSync(real, link, 'dir');
  links.set(real, link);
  return link;
}
