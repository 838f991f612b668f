import {
  ABSENT,
  absences,
  type Json,
  type Node,
  type Reference,
  references,
  textOf,
  typeOf,
  type ValueType,
} from './node';

/** Thrown for a mistake that only shows when an expression is written out; the renderer reports it with its place. */
export class ExpressionMistake extends Error {
  constructor(
    message: string,
    readonly fix: string,
  ) {
    super(message);
  }
}

/**
 * The text of a field in which Argo replaces tags: plain text, `{{tag}}` where a reference is handed on as it is, and
 * `{{= expression }}` otherwise.
 *
 * @param target how the reader of the field decodes it
 * @throws ExpressionMistake when a part cannot be written as an expression
 */
export function field(node: Node, target: ValueType = 'string'): string {
  if (node.kind === 'literal') return literalText(node.value, target);
  if (node.kind === 'reference' && node.absent === 'never' && handsOn(node, target)) return tag(node);
  if (isItemMember(node) && /^[-\w]+$/.test(node.key)) return `{{item.${node.key}}}`;
  if (node.kind === 'text') return field(node.of, typeOf(node.of) ?? 'string');
  if (node.kind === 'concatenation') {
    const parts = node.parts.map((part) => field(part));
    // A brace before a tag would become part of the tag.
    if (!parts.some((part, index) => part.endsWith('{') && parts[index + 1] !== undefined)) return parts.join('');
  }
  return expressionTag(node, convert(node, target));
}

/** A boolean expression for `when`, which Argo evaluates a second time: it must become `true` or `false`. */
export function condition(node: Node): string {
  return expressionTag(node, native(node));
}

/** An expression without tag that gives a parameter's text, for `valueFrom.expression`. */
export function textExpression(node: Node, target: ValueType): string {
  return convert(node, target);
}

/** The same, with a mark instead of an absent value, which Argo does not let out of a template. */
export function markedExpression(node: Node, target: ValueType): string {
  return `${absence(node)} ? ${quote(ABSENT)} : ${convert(node, target)}`;
}

/** An expression without tag that gives the value, for fields that are conditions (hooks, retries, cron). */
export function valueExpression(node: Node): string {
  return native(node);
}

function expressionTag(node: Node, expression: string): string {
  const roots = new Set(references(node).map((reference) => reference.path[0]));
  if (roots.has('item') && ['tasks', 'steps', 'inputs'].some((root) => roots.has(root))) {
    throw new ExpressionMistake(
      'one expression mixes the loop item with other values, which Argo never resolves together',
      'pass the item and the other value as two inputs',
    );
  }
  return `{{= ${expression} }}`;
}

function literalText(value: Json, target: ValueType): string {
  return target === 'json' || typeof target === 'object' ? JSON.stringify(value) : textOf(value);
}

/** Whether the text of a reference is already the text that the target reads. */
function handsOn(node: Reference, target: ValueType): boolean {
  if (node.type === target || node.type === 'item') return true;
  if (typeof node.type === 'object') return node.type.list === 'string';
  if (node.type === 'json') return target === 'int' || target === 'number' || target === 'boolean';
  return node.type !== 'string' || target !== 'json';
}

type Member = Node & { readonly kind: 'member'; readonly key: string };

function isItemMember(node: Node): node is Member {
  return (
    node.kind === 'member' &&
    typeof node.key === 'string' &&
    node.of.kind === 'reference' &&
    node.of.path.length === 1 &&
    node.of.path[0] === 'item'
  );
}

function tag(node: Reference): string {
  return `{{${node.path.map((segment) => (typeof segment === 'string' ? segment : segment.name)).join('.')}}}`;
}

/** The expression of a variable. What may be unset is read with `?.`, which Argo does not wait for. */
function variable(node: Reference): string {
  const optional = node.absent === 'never' ? '' : '?';
  return node.path
    .map((segment, index) => {
      if (typeof segment === 'string') return index === 0 ? segment : `${optional}.${segment}`;
      // The first name belongs to a node whose status is known once its dependency is met.
      return index > 1 && optional ? `?.[${quote(segment.name)}]` : `[${quote(segment.name)}]`;
    })
    .join('');
}

/** An expression whose result is the text that a parameter of the target type holds. */
function convert(node: Node, target: ValueType): string {
  if (node.kind === 'literal') return quote(literalText(node.value, target));
  if (node.kind === 'reference' && handsOn(node, target)) return variable(node);
  if (node.kind === 'text') return convert(node.of, typeOf(node.of) ?? 'string');
  if (node.kind === 'fallback') {
    const { of, fallback } = node;
    const other = parenthesized(fallback, convert(fallback, target));
    if (of.kind === 'reference' && of.absent === 'missing' && handsOn(of, target)) return `${variable(of)} ?? ${other}`;
    return `${absence(of)} ? ${other} : ${convert(of, target)}`;
  }
  if (target === 'json' || typeof target === 'object') return `toJson(${native(node)})`;
  const value = native(node);
  if (typeOf(node) === 'string' && node.kind !== 'reference') return value;
  // `string()` writes a million as 1e+06, and an object as Go does.
  const isUnknown = typeOf(node) === undefined && !isItemMember(node);
  return isUnknown ? `(type(${value}) == 'string' ? ${value} : toJson(${value}))` : `string(${value})`;
}

/** An expression whose result is the value itself, decoded. */
function native(node: Node): string {
  switch (node.kind) {
    case 'literal':
      return literal(node.value);
    case 'reference':
      // Counts of runs are the only variables that are numbers, and where they are there is no asInt.
      return node.path[0] === 'cronworkflow' ? variable(node) : decode(variable(node), node.type);
    case 'member':
      if (typeof node.key === 'number' && !(Number.isSafeInteger(node.key) && node.key >= 0)) {
        throw new ExpressionMistake(`there is no member ${node.key} of a list`, 'use a whole number from 0');
      }
      if (isItemMember(node)) return `item[${quote(node.key)}]`;
      // A member of a loop item is text.
      if (isItemMember(node.of)) return `fromJSON(${native(node.of)})[${literal(node.key)}]`;
      return `${operand(node.of, 'json')}[${literal(node.key)}]`;
    case 'size':
      return `len(${operand(node.of, 'json')})`;
    case 'text':
      return convert(node.of, typeOf(node.of) ?? 'string');
    case 'not':
      return `!${operand(node.of, 'boolean')}`;
    case 'operator': {
      const left = operand(node.left, typeOf(node.right));
      return `${left} ${node.operator} ${operand(node.right, typeOf(node.left))}`;
    }
    case 'fallback':
      return `${absence(node.of)} ? ${operand(node.fallback)} : ${operand(node.of, typeOf(node.fallback))}`;
    case 'concatenation':
      return node.parts.map((part) => parenthesized(part, convert(part, typeOf(part) ?? 'string'))).join(' + ');
  }
}

/** A value as part of a larger expression; the other side tells how to read what only the author's types know. */
function operand(node: Node, other?: ValueType): string {
  const text = parenthesized(node, native(node));
  if (typeOf(node) !== undefined || other === undefined) return text;
  if (other === 'int' || other === 'number') return `asFloat(${text})`;
  if (other === 'boolean') return `(string(${text}) == 'true')`;
  if (other === 'string') return `string(${text})`;
  return node.kind === 'reference' || isItemMember(node) ? `fromJSON(${text})` : text;
}

function parenthesized(node: Node, text: string): string {
  return ['operator', 'fallback', 'concatenation', 'not', 'text'].includes(node.kind) ? `(${text})` : text;
}

function absence(node: Node): string {
  const tests = absences(node).flatMap((reference) => {
    if (reference.absent === 'missing') return [`${variable(reference)} == nil`];
    const mark = `(${variable(reference)} ?? ${quote(ABSENT)}) == ${quote(ABSENT)}`;
    // Argo gives the outputs of a task that failed as empty texts.
    return reference.absent === 'ended' ? [`${statusOf(reference)} != 'Succeeded'`, mark] : [mark];
  });
  return tests.length === 0 ? 'false' : `(${[...new Set(tests)].join(' || ')})`;
}

function statusOf({ path: [root, node] }: Reference): string {
  return variable({ kind: 'reference', path: [root ?? '', node ?? '', 'status'], type: 'string', absent: 'never' });
}

function decode(text: string, type: ValueType): string {
  switch (type) {
    case 'string':
    case 'item':
      return text;
    case 'int':
      return `asInt(${text})`;
    case 'number':
      return `asFloat(${text})`;
    case 'boolean':
      return `(${text} == 'true')`;
    case 'json':
      return `fromJSON(${text})`;
    default:
      return decodeList(text, type.list);
  }
}

/** Argo aggregates texts; only where each of them is a JSON list or object does it aggregate the values. */
function decodeList(text: string, member: Exclude<ValueType, object>): string {
  const list = `fromJSON(${text})`;
  if (member === 'string') return list;
  if (member === 'json') return `map(${list}, type(#) == 'string' ? fromJSON(#) : #)`;
  return `map(${list}, ${decode('#', member)})`;
}

function literal(value: Json): string {
  if (typeof value === 'string') return quote(value);
  if (value === null) return 'nil';
  if (Array.isArray(value) && value.every((member) => typeof member !== 'object')) {
    return `[${value.map(literal).join(', ')}]`;
  }
  return typeof value === 'object' ? `fromJSON(${quote(JSON.stringify(value))})` : String(value);
}

/** A string of the expression language. Braces are escaped because `}}` would end the tag around the expression. */
export function quote(text: string): string {
  const escaped = text.replace(/[\\'{}]|\p{Cc}/gu, (character) =>
    character === '\\' || character === "'"
      ? `\\${character}`
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `'${escaped}'`;
}
