import type { Expression } from './ast';
import { BINARY_PRECEDENCE, RIGHT_ASSOCIATIVE, UNARY_PRECEDENCE } from './operators';
import { quoteString } from './strings';

const NAME = /^[\p{L}_$][\p{L}\p{Nd}_$]*$/u;
/** Operators that are words: they may follow a dot, but are no keys of a map. */
const WORD_OPERATORS = new Set('not in or and matches contains startsWith endsWith let if else'.split(' '));

/** Stands above every operator: names, literals, calls, members. */
const PRIMARY = 1000;
/** Stands below every operator: `let`, the ternary, `a; b`. */
const LOOSEST = -1;

/**
 * Writes an expression as text that parses to the same expression, with parentheses only where they are needed
 * and names that are no identifiers in brackets (`tasks['flip-coin']`).
 */
export function printExpression(node: Expression): string {
  return print(node);
}

function print(node: Expression): string {
  switch (node.kind) {
    case 'nil':
      return 'nil';
    case 'boolean':
      return String(node.value);
    case 'integer':
      return String(node.value);
    case 'float':
      return printFloat(node.value);
    case 'string':
      return quoteString(node.value);
    case 'identifier':
      return node.name;
    case 'pointer':
      return `#${node.name}`;
    case 'unary':
      return printUnary(node.operator, node.operand);
    case 'binary':
      return printBinary(node.operator, node.left, node.right);
    case 'conditional': {
      // A test that is itself a conditional would read as one chain of `?`, which groups the same way.
      const test = node.test.kind === 'conditional' ? `(${print(node.test)})` : wrap(node.test, 0);
      return `${test} ? ${wrap(node.consequent, 0)} : ${wrap(node.alternate, 0)}`;
    }
    case 'member':
      return printMember(node.object, node.property, node.optional);
    case 'slice':
      return `${wrapObject(node.object)}[${node.from ? wrap(node.from, 0) : ''}:${node.to ? wrap(node.to, 0) : ''}]`;
    case 'chain':
      return print(node.expression);
    case 'call':
      return `${print(node.callee)}(${node.arguments.map((argument) => wrap(argument, 0)).join(', ')})`;
    case 'predicate':
      return `{${print(node.body)}}`;
    case 'array':
      return `[${node.elements.map((element) => wrap(element, 0)).join(', ')}]`;
    case 'map':
      return `{${node.entries.map((entry) => `${printKey(entry.key)}: ${wrap(entry.value, 0)}`).join(', ')}}`;
    case 'let':
      return `let ${node.name} = ${wrap(node.value, 0)}; ${print(node.body)}`;
    case 'sequence':
      return node.expressions.map((expression) => wrap(expression, 0)).join('; ');
  }
}

function printFloat(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function printUnary(operator: string, operand: Expression): string {
  const strength = UNARY_PRECEDENCE.get(operator) ?? PRIMARY;
  const inner = wrap(operand, strength);
  return operator === 'not' ? `not ${inner}` : `${operator}${inner}`;
}

function printBinary(operator: string, left: Expression, right: Expression): string {
  const strength = BINARY_PRECEDENCE.get(operator) ?? PRIMARY;
  const rightAssociative = RIGHT_ASSOCIATIVE.has(operator);
  // `a < b < c` and `a ?? b || c` mean something else than their grouping suggests, so both sides are closed.
  const closed = ['<', '>', '<=', '>=', '??'].includes(operator);
  const leftText = wrap(left, closed || rightAssociative ? strength + 1 : strength, operator);
  const rightText = wrap(right, rightAssociative ? strength : strength + 1, operator);
  return `${leftText} ${operator} ${rightText}`;
}

/** Adds parentheses where the node binds more loosely than its surroundings. */
function wrap(node: Expression, minimum: number, parent = ''): string {
  const text = print(node);
  const mixesCoalesce = parent !== '' && parent !== '??' && node.kind === 'binary' && node.operator === '??';
  return bindingStrength(node) < minimum || mixesCoalesce ? `(${text})` : text;
}

function bindingStrength(node: Expression): number {
  switch (node.kind) {
    case 'binary':
      return BINARY_PRECEDENCE.get(node.operator) ?? PRIMARY;
    case 'unary':
      return UNARY_PRECEDENCE.get(node.operator) ?? PRIMARY;
    case 'conditional':
      return 0;
    case 'let':
    case 'sequence':
      return LOOSEST;
    default:
      return PRIMARY;
  }
}

function printMember(object: Expression, property: Expression, optional: boolean): string {
  const base = wrapObject(object);
  // `.name` behind a chain would prolong the chain; brackets end it.
  if (object.kind !== 'chain' && property.kind === 'string' && NAME.test(property.value)) {
    return `${base}${optional ? '?.' : '.'}${property.value}`;
  }
  return `${base}${optional ? '?.' : ''}[${wrap(property, 0)}]`;
}

/** What stands before `.`, `[` or `(`: literals and operators need parentheses there. */
function wrapObject(node: Expression): string {
  const text = print(node);
  const bare = ['identifier', 'pointer', 'member', 'slice', 'chain', 'call', 'array', 'map', 'string'].includes(
    node.kind,
  );
  return bare ? text : `(${text})`;
}

function printKey(key: Expression): string {
  if (key.kind !== 'string') return `(${print(key)})`;
  return NAME.test(key.value) && !WORD_OPERATORS.has(key.value) ? key.value : quoteString(key.value);
}
