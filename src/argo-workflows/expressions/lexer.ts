import { ExpressionError } from './expression-error';
import { unescapeString } from './strings';

export type TokenKind = 'identifier' | 'number' | 'string' | 'operator' | 'bracket' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** The decoded text of a string; the source text of everything else. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const WORD_OPERATORS = new Set([
  'not',
  'in',
  'or',
  'and',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
  'let',
  'if',
  'else',
]);

const SPACE = /\s+/y;
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const NUMBER =
  /0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:[0-9][0-9_]*(?:\.(?!\.)[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?/y;
const WORD = /[\p{L}_$][\p{L}\p{Nd}_$]*/uy;
const OPERATOR = /\?\?|\?\.|\|\||::|&&|\*\*|\.\.|[=!<>]=|[?|:,;%+\-^!=*<>.#/]/y;
const BRACKET = /[()[\]{}]/y;

/**
 * Splits an expression into tokens.
 *
 * @throws {ExpressionError} at an unknown character, an open string or comment, or a malformed number.
 */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = offset;
    return pattern.exec(source)?.[0];
  };
  const push = (kind: TokenKind, text: string, value = text): void => {
    tokens.push({ kind, value, start: offset, end: offset + text.length });
    offset += text.length;
  };

  while (offset < source.length) {
    const skipped = take(SPACE) ?? take(COMMENT);
    if (skipped !== undefined) {
      offset += skipped.length;
      continue;
    }
    if (source.startsWith('/*', offset)) throw new ExpressionError('unclosed comment', source, offset);

    const character = source.charAt(offset);
    if (character === "'" || character === '"' || character === '`') {
      const text = stringLiteral(source, offset);
      push(
        'string',
        text,
        character === '`' ? text.slice(1, -1).replaceAll('``', '`') : unescapeString(text, offset, source),
      );
      continue;
    }
    const number = take(NUMBER);
    if (number !== undefined) {
      push('number', number);
      const next = take(WORD);
      if (next !== undefined)
        throw new ExpressionError(`bad number "${number}${next}"`, source, offset - number.length);
      continue;
    }
    const word = take(WORD);
    if (word !== undefined) {
      push(WORD_OPERATORS.has(word) ? 'operator' : 'identifier', word);
      continue;
    }
    const bracket = take(BRACKET);
    if (bracket !== undefined) {
      push('bracket', bracket);
      continue;
    }
    const operator = take(OPERATOR);
    if (operator === undefined) throw new ExpressionError(`unrecognized character "${character}"`, source, offset);
    push('operator', operator);
  }
  tokens.push({ kind: 'end', value: '', start: offset, end: offset });
  return tokens;
}

/** The literal that begins at `start`, with its quotes; a raw string doubles its backtick to contain one. */
function stringLiteral(source: string, start: number): string {
  const quote = source.charAt(start);
  for (let index = start + 1; index < source.length; index += 1) {
    const character = source.charAt(index);
    if (quote === '`') {
      if (character !== '`') continue;
      if (source.charAt(index + 1) !== '`') return source.slice(start, index + 1);
      index += 1;
    } else if (character === '\\') {
      index += 1;
    } else if (character === '\n') {
      break;
    } else if (character === quote) {
      return source.slice(start, index + 1);
    }
  }
  throw new ExpressionError('unclosed string', source, start);
}
