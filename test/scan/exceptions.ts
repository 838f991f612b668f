import { matches, type Row, readTable } from '../support/markdown-table';
import type { Finding } from './scanners';

const COLUMNS = ['scanner', 'finding', 'where', 'until', 'reason'] as const;

/**
 * A finding that nobody can mend yet, with the reason and the last day on which that is good enough. In `where`, `*`
 * stands for any letters.
 */
export type Exception = Row<(typeof COLUMNS)[number]>;

/** @throws when there is no table of exceptions, a row lacks a cell, or a day is not written as 2026-12-31 */
export function readExceptions(markdown: string): Exception[] {
  const exceptions = readTable(markdown, COLUMNS);
  for (const { finding, until } of exceptions) {
    const isDay = /^\d{4}-\d\d-\d\d$/.test(until) && !Number.isNaN(Date.parse(until));
    if (!isDay) throw new Error(`"until" of ${finding} must be a day such as 2026-12-31 (got ${until})`);
  }
  return exceptions;
}

/** @param today as in `until` */
export function hasExpired({ until }: Exception, today: string): boolean {
  return until < today;
}

export function excuses({ scanner, finding, where }: Exception, found: Finding): boolean {
  return scanner === found.scanner && finding === found.id && matches(where, found.where);
}
