import type { BinaryOperator, UnaryOperator } from './ast';
import { compilePattern } from './patterns';
import { compareValues, equalValues, isList, isMap, isNumber, typeName, type Value, ValueError } from './values';

/** The longest list that `a..b` may make, as in expr-lang's memory budget. */
const MAX_RANGE = 1_000_000;

export function evaluateUnary(operator: UnaryOperator, value: Value): Value {
  if (operator === 'not' || operator === '!') {
    if (typeof value !== 'boolean') throw invalid(operator, value);
    return !value;
  }
  if (!isNumber(value)) throw invalid(operator, value);
  if (operator === '+') return value;
  return typeof value === 'bigint' ? BigInt.asIntN(64, -value) : -value;
}

/** Every binary operator but those that do not evaluate both sides (`&&`, `||`, `??`). */
export function evaluateBinary(operator: BinaryOperator, left: Value, right: Value): Value {
  switch (operator) {
    case '==':
      return equalValues(left, right);
    case '!=':
      return !equalValues(left, right);
    case '<':
      return compareValues(left, right, operator) < 0;
    case '>':
      return compareValues(left, right, operator) > 0;
    case '<=':
      return compareValues(left, right, operator) <= 0;
    case '>=':
      return compareValues(left, right, operator) >= 0;
    case 'in':
      return isIn(left, right);
    case 'matches':
      return onStrings(operator, left, right, (text, pattern) => compilePattern(pattern).test(text));
    case 'contains':
      return onStrings(operator, left, right, (text, part) => text.includes(part));
    case 'startsWith':
      return onStrings(operator, left, right, (text, part) => text.startsWith(part));
    case 'endsWith':
      return onStrings(operator, left, right, (text, part) => text.endsWith(part));
    case '..':
      return range(left, right);
    case '+':
      if (typeof left === 'string' && typeof right === 'string') return left + right;
      return arithmetic(operator, left, right);
    default:
      return arithmetic(operator, left, right);
  }
}

function isIn(needle: Value, haystack: Value): boolean {
  if (haystack === null) return false;
  if (isList(haystack)) return haystack.some((item) => equalValues(item, needle));
  if (isMap(haystack)) return typeof needle === 'string' && Object.hasOwn(haystack, needle);
  throw new ValueError(`operator "in" not defined on ${typeName(haystack)}`);
}

function onStrings(
  operator: string,
  left: Value,
  right: Value,
  test: (left: string, right: string) => boolean,
): boolean {
  if (left === null || right === null) return false;
  if (typeof left !== 'string' || typeof right !== 'string') throw invalid(operator, left, right);
  return test(left, right);
}

function range(from: Value, to: Value): Value {
  if (!isNumber(from) || !isNumber(to)) throw invalid('..', from, to);
  const start = Math.trunc(Number(from));
  const size = Math.max(0, Math.trunc(Number(to)) - start + 1);
  if (size > MAX_RANGE) throw new ValueError(`the range has more than ${MAX_RANGE} numbers`);
  return Array.from({ length: size }, (_, index) => BigInt(start + index));
}

function arithmetic(operator: string, left: Value, right: Value): Value {
  if (!isNumber(left) || !isNumber(right)) throw invalid(operator, left, right);
  if (operator === '/') return Number(left) / Number(right);
  if (operator === '**' || operator === '^') return Number(left) ** Number(right);
  if (typeof left === 'bigint' && typeof right === 'bigint') return integerArithmetic(operator, left, right);
  const a = Number(left);
  const b = Number(right);
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  throw invalid(operator, left, right);
}

function integerArithmetic(operator: string, left: bigint, right: bigint): bigint {
  if (operator === '%' && right === 0n) throw new ValueError('integer divide by zero');
  const result =
    operator === '+' ? left + right : operator === '-' ? left - right : operator === '*' ? left * right : left % right;
  return BigInt.asIntN(64, result);
}

function invalid(operator: string, left: Value, right?: Value): ValueError {
  const operands =
    right === undefined ? `${operator} ${typeName(left)}` : `${typeName(left)} ${operator} ${typeName(right)}`;
  return new ValueError(`invalid operation: ${operands}`);
}
