import type { RunNode, RunResult } from '../result';

/** What a report can say beside the result. */
export interface ReportContext {
  /** What the program of a node printed, if anything did. */
  readonly logOf?: (node: RunNode) => string | undefined;
}

/** At most so much of a log stands in a report: its end. */
const LOG_LENGTH = 64 * 1024;

/**
 * A run as JUnit XML, which every CI shows: one test case for each step that ran or was left out. A step that is tried
 * again is one case, with its last attempt.
 */
export function junitReport(result: RunResult, context: ReportContext = {}): string {
  const cases = [result.root, ...result.hooks].flatMap(leaves);
  const count = (...phases: readonly RunNode['phase'][]): number =>
    cases.filter((node) => phases.includes(node.phase)).length;
  const counts = `tests="${cases.length}" failures="${count('Failed')}" errors="${count('Error')}" skipped="${count('Skipped', 'Omitted')}" time="${seconds(result.duration)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${xmlText(result.root.name)}" ${counts}>
  <testsuite name="${xmlText(result.root.name)}" ${counts}>
${cases.map((node) => testCase(node, context)).join('\n')}
  </testsuite>
</testsuites>
`;
}

/** The nodes that something ran in, or that were left out. */
function leaves(node: RunNode): readonly RunNode[] {
  if (node.kind === 'Retry') {
    const last = node.children.at(-1);
    return last === undefined || last.children.length === 0 ? [node] : leaves(last);
  }
  const own = node.kind === 'Pod' || node.kind === 'Suspend' || node.kind === 'Skipped' ? [node] : [];
  return [...own, ...node.children.flatMap(leaves)];
}

function testCase(node: RunNode, { logOf }: ReportContext): string {
  const time = seconds(node.finishedAt - node.startedAt);
  const head = `    <testcase name="${xmlText(node.name)}" classname="${xmlText(node.template || 'workflow')}" time="${time}"`;
  const log = logOf?.(node);
  const parts = [
    ...(node.phase === 'Failed' ? [`      <failure message="${xmlText(node.message)}"/>`] : []),
    ...(node.phase === 'Error' ? [`      <error message="${xmlText(node.message)}"/>`] : []),
    ...(node.phase === 'Skipped' || node.phase === 'Omitted'
      ? [`      <skipped message="${xmlText(node.message)}"/>`]
      : []),
    ...(log === undefined || log === '' ? [] : [`      <system-out>${xmlText(log.slice(-LOG_LENGTH))}</system-out>`]),
  ];
  return parts.length === 0 ? `${head}/>` : `${head}>\n${parts.join('\n')}\n    </testcase>`;
}

function seconds(value: number): string {
  return value.toFixed(3);
}

function xmlText(text: string): string {
  return (
    text
      // XML has no way to write these.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}
