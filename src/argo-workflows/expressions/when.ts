import { ExpressionError } from './expression-error';
import { compilePattern } from './patterns';
import { ValueError } from './values';

/**
 * A parsed `when` as the controller reads it once its tags are filled in: comparisons of words, strings and numbers.
 * A bare word is a string, so `heads == heads` needs no quotes, and breaks at the first hyphen or space.
 *
 * @see https://github.com/Knetic/govaluate
 */
export type When =
  | { readonly kind: 'value'; readonly value: WhenValue; readonly bare: boolean; readonly start: number }
  | { readonly kind: 'not' | 'negate'; readonly operand: When; readonly start: number }
  | { readonly kind: 'list'; readonly items: readonly When[]; readonly start: number }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: When;
      readonly right: When;
      readonly start: number;
    };

export type WhenValue = string | number | boolean;

// A string ends at the next quote of either kind; a backslash keeps what follows it.
const TOKEN = new RegExp(
  [
    String.raw`\s*(?:(?<number>0x[0-9a-fA-F]+|\d+(?:\.\d+)?)(?![\w.])`,
    String.raw`(?<word>(?:[\p{L}_]|\\.)(?:[\p{L}\p{Nd}_]|\\.)*)(?!\.)`,
    String.raw`\[(?<bracketed>(?:[^\]\\]|\\[\s\S])*)\]`,
    String.raw`["'](?<string>(?:[^"'\\]|\\[\s\S])*)["']`,
    String.raw`(?<operator>==|!=|<=|>=|=~|!~|&&|\|\||\*\*|[<>!()+\-*/%,]))`,
  ].join('|'),
  'uy',
);

const PRECEDENCE: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '>': 3,
  '<=': 3,
  '>=': 3,
  '=~': 3,
  '!~': 3,
  in: 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  '**': 6,
};

interface WhenToken {
  readonly kind: 'value' | 'operator';
  readonly value: WhenValue;
  readonly bare: boolean;
  readonly start: number;
}

/** Parses a `when` whose tags are filled in. @throws {ExpressionError} with the position of the first mistake. */
export function parseWhen(source: string): When {
  const tokens = tokenizeWhen(source);
  let index = 0;
  const peek = (): WhenToken | undefined => tokens[index];
  const operator = (): string | undefined => {
    const token = peek();
    return token?.kind === 'operator' ? String(token.value) : undefined;
  };
  const fail = (): never => {
    const token = peek();
    const found = token === undefined ? 'the end' : `"${token.value}"`;
    throw new ExpressionError(`unexpected ${found}`, source, token?.start ?? source.length);
  };

  const binary = (minimum: number): When => {
    let left = unary();
    for (;;) {
      const name = operator();
      const strength = name === undefined ? undefined : PRECEDENCE[name];
      if (name === undefined || strength === undefined || strength < minimum) return left;
      index += 1;
      left = { kind: 'binary', operator: name, left, right: binary(strength + 1), start: left.start };
    }
  };
  const unary = (): When => {
    const start = peek()?.start ?? source.length;
    if (operator() === '!' || operator() === '-') {
      const kind = operator() === '!' ? 'not' : 'negate';
      index += 1;
      return { kind, operand: unary(), start };
    }
    if (operator() === '(') return group(start);
    const token = peek();
    if (token === undefined || token.kind === 'operator') return fail();
    index += 1;
    return { kind: 'value', value: token.value, bare: token.bare, start };
  };
  const group = (start: number): When => {
    const items: When[] = [];
    do {
      index += 1;
      items.push(binary(1));
    } while (operator() === ',');
    if (operator() !== ')') fail();
    index += 1;
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: 'list', items, start };
  };

  const when = binary(1);
  if (index < tokens.length) fail();
  return when;
}

function unescapeText(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1');
}

function tokenizeWhen(source: string): readonly WhenToken[] {
  const tokens: WhenToken[] = [];
  const end = source.trimEnd().length;
  let offset = 0;
  while (offset < end) {
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(source);
    const start = offset + (/^\s*/.exec(source.slice(offset))?.[0].length ?? 0);
    if (match === null) throw new ExpressionError(`unexpected "${source.charAt(start)}"`, source, start);
    const { number, word, bracketed, string, operator } = match.groups ?? {};
    const name = bracketed ?? word;
    if (number !== undefined) tokens.push({ kind: 'value', value: Number(number), bare: false, start });
    else if (string !== undefined) tokens.push({ kind: 'value', value: unescapeText(string), bare: false, start });
    else if (word === 'true' || word === 'false') {
      tokens.push({ kind: 'value', value: word === 'true', bare: false, start });
    } else if (word === 'in' || word === 'IN') tokens.push({ kind: 'operator', value: 'in', bare: false, start });
    else if (name !== undefined) tokens.push({ kind: 'value', value: unescapeText(name), bare: true, start });
    else tokens.push({ kind: 'operator', value: operator ?? '', bare: false, start });
    offset = TOKEN.lastIndex;
  }
  return tokens;
}

/**
 * Evaluates a `when` whose tags are filled in.
 *
 * @throws {ExpressionError} when it does not parse, compares things that have no order, or is not true or false.
 */
export function evaluateWhen(source: string): boolean {
  const when = parseWhen(source);
  const fail = (problem: string, at: When): never => {
    throw new ExpressionError(problem, source, at.start);
  };
  const scalar = (node: When): WhenValue => {
    const value = evaluate(node);
    return Array.isArray(value) ? fail('a list stands only behind "in"', node) : (value as WhenValue);
  };
  const boolean = (node: When): boolean => {
    const value = scalar(node);
    return typeof value === 'boolean' ? value : fail(`"${value}" is not true or false`, node);
  };
  const evaluate = (node: When): WhenValue | readonly WhenValue[] => {
    switch (node.kind) {
      case 'value':
        return node.value;
      case 'not':
        return !boolean(node.operand);
      case 'negate': {
        const value = scalar(node.operand);
        return typeof value === 'number' ? -value : fail(`"${value}" is no number`, node);
      }
      case 'list':
        return node.items.map(scalar);
      case 'binary':
        return binary(node);
    }
  };
  const binary = (node: Extract<When, { readonly kind: 'binary' }>): WhenValue => {
    if (node.operator === '&&') return boolean(node.left) && boolean(node.right);
    if (node.operator === '||') return boolean(node.left) || boolean(node.right);
    const left = scalar(node.left);
    if (node.operator === 'in') {
      const list = evaluate(node.right);
      return Array.isArray(list) ? list.includes(left) : fail('"in" needs a list such as (a, b)', node.right);
    }
    try {
      return compare(node.operator, left, scalar(node.right));
    } catch (error) {
      if (error instanceof ValueError) return fail(error.message, node);
      throw error;
    }
  };
  const result = evaluate(when);
  return typeof result === 'boolean' ? result : fail(`the result is "${String(result)}", not true or false`, when);
}

function compare(operator: string, left: WhenValue, right: WhenValue): WhenValue {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) return `${left}${right}`;
  if (operator === '=~' || operator === '!~') {
    if (typeof left !== 'string' || typeof right !== 'string') throw new ValueError(`"${operator}" compares texts`);
    return compilePattern(right).test(left) === (operator === '=~');
  }
  const order = ['<', '>', '<=', '>='].includes(operator);
  if (order && typeof left === 'string' && typeof right === 'string') {
    return ordered(operator, left < right ? -1 : left > right ? 1 : 0);
  }
  if (typeof left !== 'number' || typeof right !== 'number') {
    throw new ValueError(`"${left}" ${operator} "${right}" compares a number with something else`);
  }
  return order ? ordered(operator, left - right) : calculate(operator, left, right);
}

function ordered(operator: string, comparison: number): boolean {
  if (operator === '<') return comparison < 0;
  if (operator === '>') return comparison > 0;
  return operator === '<=' ? comparison <= 0 : comparison >= 0;
}

function calculate(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    default:
      return left ** right;
  }
}
