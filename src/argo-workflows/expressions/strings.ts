import { ExpressionError } from './expression-error';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

const ESCAPE =
  /\\(?:(?<octal>[0-3][0-7]{2})|[xX](?<byte>[0-9a-fA-F]{2})|u\{(?<code>[0-9a-fA-F]{1,6})\}|u(?<short>[0-9a-fA-F]{4})|U(?<long>[0-9a-fA-F]{8})|(?<simple>[\s\S]))|\r\n?/g;

/**
 * Decodes a quoted literal, quotes included, as Go does.
 *
 * @throws {ExpressionError} at an escape that the language does not know.
 */
export function unescapeString(literal: string, start: number, source: string): string {
  return literal.slice(1, -1).replace(ESCAPE, (match: string, ...rest: unknown[]) => {
    if (match.startsWith('\r')) return '\n';
    const groups = rest.at(-1) as Record<string, string | undefined>;
    const fail = (): never => {
      throw new ExpressionError(`unknown escape "${match}" in a string`, source, start);
    };
    if (groups.simple !== undefined) return SIMPLE_ESCAPES[groups.simple] ?? fail();
    const code =
      groups.octal !== undefined
        ? Number.parseInt(groups.octal, 8)
        : Number.parseInt(groups.byte ?? groups.code ?? groups.short ?? groups.long ?? '', 16);
    return code > 0x10ffff ? fail() : String.fromCodePoint(code);
  });
}

/** Writes a string as a single-quoted literal that {@link unescapeString} reads back. */
export function quoteString(value: string): string {
  const body = value.replace(/[\\'\p{Cc}]/gu, (character) => {
    if (character === '\\' || character === "'") return `\\${character}`;
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `'${body}'`;
}
