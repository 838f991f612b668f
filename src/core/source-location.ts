import type { Construct } from 'constructs';

const creations = new WeakMap<Construct, Error>();

/**
 * Remembers where in the sources a construct is created, for `explain` and the messages of checks. Reading a stack is
 * dear and writing one down is not, so it is only read when somebody asks.
 */
export function rememberSource(construct: Construct): void {
  creations.set(construct, new Error('created'));
}

/** `src/platform/registry.ts:42` for what was created there; the frame nearest to the platform's own list of parts. */
export function sourceOf(construct: Construct): string | undefined {
  const frames = (creations.get(construct)?.stack ?? '').split('\n').flatMap((line) => {
    const match = /\(?((?:\/|[A-Za-z]:)[^():]+\.ts):(\d+):\d+\)?$/.exec(line);
    return match?.[1] ? [{ file: match[1], line: match[2] }] : [];
  });
  const frame = frames.find(({ file }) => !/[/\\](core|constructs|node_modules)[/\\]/.test(file)) ?? frames[0];
  if (!frame) return undefined;
  const start = frame.file.lastIndexOf('/src/');
  return `${start < 0 ? frame.file : frame.file.slice(start + 1)}:${frame.line}`;
}
