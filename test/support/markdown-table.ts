/** Cells of a row, by the name of their column. */
export type Row<Column extends string> = Readonly<Record<Column, string>>;

/**
 * Reads the first table of a Markdown text that has exactly these columns. Backquotes around a cell are left out.
 *
 * @throws when there is no such table, or a row lacks a cell
 */
export function readTable<Column extends string>(markdown: string, columns: readonly Column[]): Row<Column>[] {
  const lines = markdown.split('\n').map((line) => line.trim());
  const header = lines.findIndex((line) => cells(line).join('|') === columns.join('|'));
  if (header < 0) throw new Error(`there is no table "| ${columns.join(' | ')} |"`);
  const rows: Row<Column>[] = [];
  for (const line of lines.slice(header + 2)) {
    if (!line.startsWith('|')) break;
    const found = cells(line);
    if (columns.some((_, index) => !found[index])) throw new Error(`the row lacks a cell: ${line}`);
    rows.push(Object.fromEntries(columns.map((column, index) => [column, found[index]])) as Row<Column>);
  }
  return rows;
}

/** Whether a text is what a pattern names, in which `*` stands for any letters. */
export function matches(pattern: string, text: string): boolean {
  const literal = (part: string) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`).test(text);
}

function cells(line: string): string[] {
  return line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'));
}
