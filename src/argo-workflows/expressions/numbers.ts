import type { Expression } from './ast';
import { ExpressionError } from './expression-error';
import type { Token } from './lexer';

/** A number literal, in any of the bases and forms of the language. @throws {ExpressionError} when it is too large. */
export function numberNode(token: Token, source: string): Expression {
  const fail = (problem: string): never => {
    throw new ExpressionError(problem, source, token.start);
  };
  const span = { start: token.start, end: token.end };
  const text = token.value.replaceAll('_', '');
  const radix = /^0[xob]/i.test(text);
  if (!radix && /[.eE]/.test(text)) {
    const value = Number(text);
    if (!Number.isFinite(value)) fail(`float literal ${text} is malformed or too large`);
    return { kind: 'float', value, ...span };
  }
  if (radix && text.length === 2) fail(`bad number "${text}"`);
  const value = BigInt(radix ? text : text.replace(/^0+(?=\d)/, ''));
  if (BigInt.asIntN(64, value) !== value) fail('integer literal is too large');
  return { kind: 'integer', value, ...span };
}
