import type { Finding } from './judge';

/** A finding that is right and yet stays, with the reason. */
export interface Exception {
  readonly judge: string;
  readonly rule: string;
  /** `Kind namespace/name`; `*` stands for any letters. */
  readonly objects: string;
  readonly reason: string;
}

/**
 * Reads the table of exceptions: the one whose header is `judge | rule | objects | reason`.
 *
 * @throws when there is no such table, or a row lacks a cell
 */
export function readExceptions(markdown: string): Exception[] {
  const lines = markdown.split('\n').map((line) => line.trim());
  const header = lines.findIndex((line) => cells(line).join('|') === 'judge|rule|objects|reason');
  if (header < 0) throw new Error('there is no table "| judge | rule | objects | reason |"');
  const rows: Exception[] = [];
  for (const line of lines.slice(header + 2)) {
    if (!line.startsWith('|')) break;
    const [judge, rule, objects, reason] = cells(line);
    if (!judge || !rule || !objects || !reason) throw new Error(`the row lacks a cell: ${line}`);
    rows.push({ judge, rule, objects, reason });
  }
  return rows;
}

export function excuses({ judge, rule, objects }: Exception, finding: Finding): boolean {
  return judge === finding.judge && rule === finding.rule && pattern(objects).test(finding.object);
}

function cells(line: string): string[] {
  return line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'));
}

function pattern(objects: string): RegExp {
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${objects.split('*').map(literal).join('.*')}$`);
}
