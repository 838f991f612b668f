import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { createColors } from 'picocolors';
import { logFile } from '../../argo-workflows/run/process/process-executor';
import { formatDuration } from '../../argo-workflows/run/report/duration';
import { isFailed, type RunNode, type RunResult } from '../../argo-workflows/run/result';

/** Lines of a log that are shown of each step that failed. */
const TAIL = 12;
/** Longer outputs are shown by their beginning. */
const LONGEST_VALUE = 100;

/** What a person wants to know at the end: the outputs, why it failed, and where everything is. */
export function summaryLines(result: RunResult, folder: string | undefined, colours: boolean): readonly string[] {
  const colour = createColors(colours);
  const failed = [result.root, ...result.hooks].flatMap(failedLeaves);
  const why = failed.flatMap((node) => ['', ...failureLines(node, folder, colours)]);
  const outputs = Object.entries({ ...result.root.outputs.parameters, ...result.outputs.parameters });
  const values = outputs.map(([name, value]) => `  ${name}: ${shortened(value)}`);
  const paint = isFailed(result.phase) ? colour.red : colour.green;
  const message = result.message === '' ? '' : `: ${result.message}`;
  return [
    ...why,
    '',
    `${paint(colour.bold(result.phase))} in ${formatDuration(result.duration)}${message}`,
    ...values,
    ...(folder === undefined ? [] : [colour.dim(`logs and files: ${relative('', folder) || '.'}`)]),
  ];
}

/** What failed and has nothing inside; of a step that was tried again, its last attempt. */
function failedLeaves(node: RunNode): readonly RunNode[] {
  if (!isFailed(node.phase)) return node.kind === 'Retry' ? [] : node.children.flatMap(failedLeaves);
  if (node.children.length === 0) return [node];
  return (node.kind === 'Retry' ? node.children.slice(-1) : node.children).flatMap(failedLeaves);
}

function failureLines(node: RunNode, folder: string | undefined, colours: boolean): readonly string[] {
  const colour = createColors(colours);
  const head = `${colour.red('✖')} ${colour.bold(node.name)}  ${colour.red(node.message)}`;
  const log = folder === undefined ? undefined : readLog(folder, node);
  if (folder === undefined || log === undefined) return [head];
  const lines = log.trimEnd().split('\n');
  const more = lines.length > TAIL ? [colour.dim(`  … ${relative('', logFile(folder, node.name))}`)] : [];
  return [head, ...more, ...lines.slice(-TAIL).map((line) => `  ${colour.dim('│')} ${line}`)];
}

/** What the program of a node printed; undefined when nothing did. */
export function readLog(folder: string, node: RunNode): string | undefined {
  const file = logFile(folder, node.name);
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  return text === '' ? undefined : text;
}

function shortened(value: string): string {
  const line = value.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE)}… (${value.length} characters)` : line;
}
