import { createColors } from 'picocolors';
import { formatDuration } from './duration';
import type { TreeNode } from './tree';

export interface TreeLook {
  readonly colours: boolean;
  /** Columns; longer lines are cut. */
  readonly width: number;
  /** Lines; a longer tree is folded, from what has succeeded to what has not begun. */
  readonly height: number;
  /** Seconds since the run began, for what runs. */
  readonly now: number;
  /** Which picture of the moving sign. @default 0 */
  readonly frame?: number;
}

/** Where durations begin at the left, so that they seldom move while the tree grows. */
const LEAST_COLUMN = 26;

/** As wide as most durations, such as `1m 05s`. */
const DURATION_WIDTH = 6;

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

interface Line {
  readonly prefix: string;
  readonly node: TreeNode;
  readonly name: string;
  readonly folded: number;
}

/** A run as lines: state, name, duration, retries, and what there is to say of each node. */
export function treeText(roots: readonly TreeNode[], look: TreeLook): readonly string[] {
  const folds: ((node: TreeNode) => boolean)[] = [
    () => false,
    (node) => node.phase === 'Succeeded',
    (node) => node.phase === 'Succeeded' || node.phase === 'Skipped' || node.phase === 'Omitted',
  ];
  let lines: readonly Line[] = [];
  for (const fold of folds) {
    lines = roots.flatMap((root, index) => linesOf(root, '', '', fold, index === 0 ? root.name : ''));
    if (lines.length <= look.height) break;
  }
  if (lines.length > look.height) lines = mostTelling(lines, look.height - 1);
  const column = Math.min(
    48,
    Math.max(LEAST_COLUMN, ...lines.map(({ prefix, name }) => prefix.length + 2 + name.length)) + 2,
  );
  const all = countLines(roots);
  const shown = lines.reduce((sum, line) => sum + 1 + line.folded, 0);
  const rest = all - shown;
  const text = lines.map((line) => lineText(line, column, look));
  return rest > 0 ? [...text, createColors(look.colours).dim(`… ${rest} more`)] : text;
}

function countLines(nodes: readonly TreeNode[]): number {
  return nodes.reduce((sum, node) => sum + 1 + countLines(node.children), 0);
}

function linesOf(
  node: TreeNode,
  prefix: string,
  inner: string,
  fold: (node: TreeNode) => boolean,
  run: string,
): readonly Line[] {
  // Hooks of the workflow are named after the run, which the first line says already.
  const name = prefix === '' && run === '' ? node.displayName.replace(/^.*\.(onExit|hooks\.)/, '$1') : node.displayName;
  if (fold(node) && node.children.length > 0) return [{ prefix, node, name, folded: countLines(node.children) }];
  const children = node.children.flatMap((child, index) => {
    const isLast = index === node.children.length - 1;
    return linesOf(child, `${inner}${isLast ? '└─ ' : '├─ '}`, `${inner}${isLast ? '   ' : '│  '}`, fold, run);
  });
  return [{ prefix, node, name, folded: 0 }, ...children];
}

/** As many lines as there is room for: first what runs or failed, then what comes before. */
function mostTelling(lines: readonly Line[], room: number): readonly Line[] {
  const rank = ({ node }: Line): number =>
    ({ Running: 0, Failed: 0, Error: 0, Pending: 2, Succeeded: 3, Skipped: 3, Omitted: 3 })[node.phase];
  const chosen = new Set(
    [...lines.entries()]
      .sort(([a, one], [b, other]) => rank(one) - rank(other) || a - b)
      .slice(0, Math.max(1, room))
      .map(([index]) => index),
  );
  return lines.filter((_, index) => chosen.has(index));
}

function lineText({ prefix, node, name, folded }: Line, column: number, look: TreeLook): string {
  const colour = createColors(look.colours);
  const { sign, paint } = signOf(node, look);
  const notes = notesOf(node, folded);
  const duration = durationOf(node, look.now);
  const isQuiet = node.phase === 'Skipped' || node.phase === 'Omitted' || node.phase === 'Pending';
  const isBad = node.phase === 'Failed' || node.phase === 'Error';
  const gap = ' '.repeat(Math.max(1, column - prefix.length - sign.length - 1 - name.length));
  const parts: readonly (readonly [string, (text: string) => string])[] = [
    [prefix, colour.dim],
    [`${sign} `, paint(colour)],
    [name, isQuiet ? colour.dim : prefix === '' ? colour.bold : String],
    // Notes stand below each other.
    [
      duration === '' && notes === '' ? '' : gap + (notes === '' ? duration : duration.padEnd(DURATION_WIDTH)),
      colour.dim,
    ],
    [notes === '' ? '' : `  ${notes}`, isBad ? colour.red : colour.dim],
  ];
  let room = look.width;
  let line = '';
  for (const [text, painted] of parts) {
    const cut = text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`.slice(0, room);
    room -= cut.length;
    if (cut !== '') line += painted(cut);
  }
  return line;
}

type Paint = (colour: ReturnType<typeof createColors>) => (text: string) => string;

function signOf(node: TreeNode, look: TreeLook): { readonly sign: string; readonly paint: Paint } {
  if (node.waiting !== '') return { sign: '◷', paint: (colour) => colour.yellow };
  switch (node.phase) {
    case 'Running':
      if (node.kind === 'Suspend') return { sign: '◷', paint: (colour) => colour.yellow };
      return { sign: SPINNER[(look.frame ?? 0) % SPINNER.length] ?? '●', paint: (colour) => colour.cyan };
    case 'Succeeded':
      return { sign: '✔', paint: (colour) => colour.green };
    case 'Failed':
    case 'Error':
      return { sign: '✖', paint: (colour) => colour.red };
    case 'Pending':
      return { sign: '○', paint: (colour) => colour.dim };
    default:
      return { sign: '–', paint: (colour) => colour.dim };
  }
}

function durationOf(node: TreeNode, now: number): string {
  if (node.phase === 'Skipped' || node.phase === 'Omitted' || node.startedAt === undefined) return '';
  return formatDuration((node.finishedAt ?? now) - node.startedAt);
}

function notesOf(node: TreeNode, folded: number): string {
  const retries = node.retries === 0 ? '' : node.retries === 1 ? '1 retry' : `${node.retries} retries`;
  const parts = [retries, folded === 0 ? '' : `${folded} inside`];
  if (node.waiting !== '') parts.push(`waits: ${node.waiting}`);
  else if (node.phase === 'Running') parts.push(node.kind === 'Suspend' ? 'waits' : node.lastLine.trim());
  else if (node.phase === 'Skipped') parts.push(`skipped: ${node.message.replace(/^Skipped, /, '')}`);
  else if (node.phase === 'Omitted') parts.push('omitted');
  else if (node.daemoned) parts.push('served');
  else parts.push(node.message);
  return parts
    .filter((part) => part !== '')
    .join(' · ')
    .replace(/\s+/g, ' ');
}
