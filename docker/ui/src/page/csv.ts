/** Tables as text: RFC 4180, with the delimiters that spreadsheets use. */

const DELIMITERS = [',', ';', '\t'] as const;

/** What a column of reviews is usually called. */
const TEXT_COLUMNS = ['review', 'text', 'comment', 'sentence', 'content', 'body'];

export interface Table {
  /** Names of the columns; empty for a table without a header. */
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Index of the column that holds the texts. */
  readonly textColumn: number;
}

/**
 * Reads a CSV file. The first row is a header if one of its cells is a usual name of a text column; otherwise all rows
 * are data, and the column with the longest texts is the one.
 */
export function parseTable(source: string): Table {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source;
  const records = parseRecords(text, delimiterOf(text));
  const names = (records[0] ?? []).map((name) => name.trim().toLowerCase());
  const named = TEXT_COLUMNS.map((name) => names.indexOf(name)).find((index) => index >= 0);
  if (named !== undefined) return { header: records[0] ?? [], rows: records.slice(1), textColumn: named };
  return { header: [], rows: records, textColumn: longestColumn(records) };
}

/** Reads one text per line; blank lines are left out. */
export function parseLines(source: string): Table {
  const lines = source.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  return { header: ['text'], rows: lines.map((line) => [line]), textColumn: 0 };
}

/** Writes rows of cells with CRLF, each cell quoted where it must be. */
export function formatCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function quoted(cell: string): string {
  return /[",;\t\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The delimiter that occurs most often in the first record, outside quotes. */
function delimiterOf(text: string): string {
  const counts = DELIMITERS.map((delimiter) => ({
    delimiter,
    columns: parseRecords(text.slice(0, 10_000), delimiter)[0]?.length ?? 0,
  }));
  return counts.reduce((best, candidate) => (candidate.columns > best.columns ? candidate : best)).delimiter;
}

function parseRecords(text: string, delimiter: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  let record: string[] = [];
  let position = 0;
  const endRecord = () => {
    if (record.length > 1 || record[0]?.trim()) records.push(record);
    record = [];
  };
  while (position < text.length) {
    const cell = readCell(text, position, delimiter);
    record.push(cell.value);
    position = cell.end;
    if (text[position] === delimiter) {
      position += 1;
      if (position === text.length) record.push('');
    } else {
      endRecord();
      position += text.startsWith('\r\n', position) ? 2 : 1;
    }
  }
  endRecord();
  return records;
}

function readCell(text: string, start: number, delimiter: string): { readonly value: string; readonly end: number } {
  let value = '';
  let position = start;
  if (text[start] === '"') {
    position += 1;
    for (;;) {
      const quote = text.indexOf('"', position);
      if (quote < 0) return { value: value + text.slice(position), end: text.length };
      value += text.slice(position, quote);
      position = quote + 1;
      if (text[position] !== '"') break;
      value += '"';
      position += 1;
    }
  }
  // Whatever follows a closing quote belongs to the cell, as spreadsheets have it.
  const rest = position;
  while (position < text.length && text[position] !== delimiter && text[position] !== '\n' && text[position] !== '\r') {
    position += 1;
  }
  return { value: value + text.slice(rest, position), end: position };
}

function longestColumn(records: readonly (readonly string[])[]): number {
  const lengths: number[] = [];
  for (const record of records.slice(0, 100)) {
    for (const [column, cell] of record.entries()) lengths[column] = (lengths[column] ?? 0) + cell.length;
  }
  return Math.max(0, lengths.indexOf(Math.max(...lengths)));
}
