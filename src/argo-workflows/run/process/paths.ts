import { join } from 'node:path';

/** A path of the container, and where it is on this machine. */
export interface Place {
  readonly container: string;
  readonly host: string;
}

/** Translates between the paths of a container and those of this machine. */
export interface PathMap {
  /** Every path of the container within a text becomes the path here. */
  readonly toHost: (text: string) => string;
  /** The other way round, for what a program tells. */
  readonly toContainer: (text: string) => string;
  /** Where one path of the container is here. */
  readonly hostPath: (path: string) => string;
}

/**
 * A map for one step. A path counts as one of the container when it begins a word: after a space, `=`, a quote, `(` and
 * the like, or `file://`; never in the middle of another path or of an address.
 *
 * @param root what stands for `/`: where the paths lie that have no place of their own
 * @param untouched folders of this machine that are left as they are when a text names them
 */
export function pathMap(places: readonly Place[], root: string, untouched: readonly string[] = []): PathMap {
  const forward = new Map([
    ...untouched.map((path) => [path, path] as const),
    ...places.map(({ container, host }) => [container, host] as const),
  ]);
  const backward = new Map([[root, ''], ...places.map(({ container, host }) => [host, container] as const)]);
  const containerPaths = alternatives(forward.keys());
  const hostPaths = alternatives(backward.keys());
  const longest = [...places].sort((a, b) => b.container.length - a.container.length);
  return {
    toHost: (text) =>
      text.replace(containerPaths, (path, offset: number) =>
        beginsWord(text.slice(0, offset)) ? (forward.get(path) ?? path) : path,
      ),
    toContainer: (text) =>
      text.replace(hostPaths, (path, offset: number) => {
        const known = backward.get(path) ?? path;
        // The root itself is `/`, unless what follows begins with one.
        return known === '' && text[offset + path.length] !== '/' ? '/' : known;
      }),
    hostPath: (path) => {
      const place = longest.find(({ container }) => path === container || path.startsWith(`${container}/`));
      return place === undefined ? join(root, path) : join(place.host, path.slice(place.container.length));
    },
  };
}

/** Any of the paths, the longest first, that is not the beginning of another name. */
function alternatives(paths: Iterable<string>): RegExp {
  const escaped = [...paths]
    .sort((a, b) => b.length - a.length)
    .map((path) => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?:${escaped.join('|') || '(?!)'})(?![\\w.-])`, 'g');
}

function beginsWord(before: string): boolean {
  if (before === '') return true;
  if (/["'`]$/.test(before)) {
    // A quote that closes, as in "$HOME"/work, is no beginning; the prefix of a text, as in f"/work", is.
    return !/[\w)}$]["'`]$/.test(before) || /(?:^|\W)[fFrRbBuU]{1,2}["']$/.test(before);
  }
  if (before.endsWith('/')) return before.endsWith('file://');
  if (/@[\w.-]+:$/.test(before)) return false;
  return !/[\w.~)}\]*?$-]$/.test(before) || /(?:^|\s)-[A-Za-z]$/.test(before);
}

/** Folders that every machine has, and that no step may own as a whole. */
const SYSTEM = new Set(
  'bin boot dev etc home lib lib32 lib64 media mnt opt private proc root run sbin srv sys tmp usr var Users Library System Applications Volumes'.split(
    ' ',
  ),
);

/** What is mapped for a declared path: its outermost folder, or below a folder of the system only the path itself. */
export function ownPath(path: string): string {
  const [, first = ''] = path.split('/');
  return SYSTEM.has(first) ? path : `/${first}`;
}
