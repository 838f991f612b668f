import { matches, type Row, readTable } from '../support/markdown-table';
import type { Finding } from './judge';

const COLUMNS = ['judge', 'rule', 'objects', 'reason'] as const;

/** A finding that is right and yet stays, with the reason; `objects` is `Kind namespace/name`, with `*` for any letters. */
export type Exception = Row<(typeof COLUMNS)[number]>;

/** @throws when there is no table of exceptions, or a row lacks a cell */
export function readExceptions(markdown: string): Exception[] {
  return readTable(markdown, COLUMNS);
}

export function excuses({ judge, rule, objects }: Exception, finding: Finding): boolean {
  return judge === finding.judge && rule === finding.rule && matches(objects, finding.object);
}
