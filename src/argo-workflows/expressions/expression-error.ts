/**
 * A mistake in an expression: it does not parse, or it cannot be evaluated.
 *
 * `offset` counts UTF-16 units from the start of `source`, so that an editor can point at the place.
 */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';

  constructor(
    /** What is wrong, without the position. */
    readonly problem: string,
    /** The whole expression. */
    readonly source: string,
    /** Where in `source` the problem begins. */
    readonly offset: number,
  ) {
    super(`${problem} at ${describePosition(source, offset)}`);
  }
}

/** `column 7`, or `line 2, column 7` when the text has several lines; both count from 1. */
export function describePosition(source: string, offset: number): string {
  const before = source.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  return source.includes('\n') ? `line ${line}, column ${column}` : `column ${column}`;
}
