import { structuredPatch } from 'diff';
import { toYaml } from '../../core/yaml';
import { type FieldChange, formatPath, MOST_EDITS } from './values';

/** A line of a difference: removed, added, or context. */
export interface Line {
  readonly sign: '-' | '+' | ' ';
  readonly text: string;
}

/** One field's difference as people read it. */
export interface FieldLines {
  readonly path: string;
  readonly lines: readonly Line[];
}

/** Longer lines are shortened, around the place where two differ. */
export const LONGEST_LINE = 160;
/** Of a longer value, the rest is counted. */
const MOST_LINES = 40;

/** A field's old and new value, line by line; text of several lines as the lines that differ, with their neighbours. */
export function fieldLines(change: FieldChange, longest = LONGEST_LINE): FieldLines {
  const path = formatPath(change.path) || '(whole object)';
  switch (change.type) {
    case 'added':
      return { path, lines: limit(valueLines(change.after, '+'), longest) };
    case 'removed':
      return { path, lines: limit(valueLines(change.before, '-'), longest) };
    case 'reordered':
      return {
        path: `${path} (order)`,
        lines: limit([removed(change.before.join(', ')), added(change.after.join(', '))], longest),
      };
    case 'changed': {
      const { before, after } = change;
      if (typeof before === 'string' && typeof after === 'string' && (before + after).includes('\n')) {
        return { path, lines: textLines(before, after, longest) };
      }
      return { path, lines: limit([...valueLines(before, '-'), ...valueLines(after, '+')], longest) };
    }
  }
}

/** Lines that differ between two texts, with two lines around them. */
export function textLines(before: string, after: string, longest = LONGEST_LINE): Line[] {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 2, maxEditLength: MOST_EDITS }) ?? {
    hunks: [
      { lines: [...before.split('\n').map((line) => `-${line}`), ...after.split('\n').map((line) => `+${line}`)] },
    ],
  };
  const lines = hunks.flatMap(({ lines }, index): Line[] => [
    ...(index > 0 ? [{ sign: ' ', text: '…' } as const] : []),
    ...lines.map((line) => {
      if (line.startsWith('+')) return added(line.slice(1));
      if (line.startsWith('-')) return removed(line.slice(1));
      return { sign: ' ', text: line.startsWith('\\') ? line : line.slice(1) } as const;
    }),
  ]);
  return limit(lines, longest);
}

const added = (text: string): Line => ({ sign: '+', text });
const removed = (text: string): Line => ({ sign: '-', text });

function valueLines(value: unknown, sign: '-' | '+'): Line[] {
  return toYaml(value)
    .replace(/\n$/, '')
    .split('\n')
    .map((text) => ({ sign, text }));
}

/** Few enough lines, each of them short enough. */
function limit(lines: readonly Line[], longest: number): Line[] {
  const rest = lines.length - MOST_LINES + 1;
  const shown = rest > 1 ? lines.slice(0, MOST_LINES - 1) : lines;
  const starts = new Map<number, number>();
  for (const [old, now] of counterparts(shown)) {
    const start = commonStart(shown[old]?.text ?? '', shown[now]?.text ?? '');
    starts.set(old, start).set(now, start);
  }
  const short = shown.map(({ sign, text }, index) => ({ sign, text: shorten(text, longest, starts.get(index) ?? 0) }));
  return rest > 1 ? [...short, { sign: ' ', text: `… ${rest} more lines` }] : short;
}

/** Positions of removed lines, each with that of the added line in its place. */
function counterparts(lines: readonly Line[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (let start = 0; start < lines.length; start++) {
    let middle = start;
    while (lines[middle]?.sign === '-') middle++;
    let end = middle;
    while (lines[end]?.sign === '+') end++;
    for (let i = 0; i < Math.min(middle - start, end - middle); i++) pairs.push([start + i, middle + i]);
    start = Math.max(start, end - 1);
  }
  return pairs;
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** Keeps the part of a long line in which it differs from its counterpart, from a little before that place. */
function shorten(text: string, longest: number, at: number): string {
  if (text.length <= longest) return text;
  const from = at < longest * 0.75 ? 0 : Math.min(at - Math.floor(longest / 4), text.length - longest + 1);
  const end = from > 0 ? from + longest - 2 : longest - 1;
  return `${from > 0 ? '…' : ''}${text.slice(from, end)}${end < text.length ? '…' : ''}`;
}
