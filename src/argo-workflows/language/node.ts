/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * How the text of an Argo parameter is read as a value. Argo knows only strings; the language decodes them where an
 * expression needs the value. `list` is what a loop aggregates: a JSON list whose members are texts. `item` is a loop item
 * whose type only the author's types know.
 */
export type ValueType = ScalarType | 'item' | { readonly list: ScalarType };
export type ScalarType = 'string' | 'int' | 'number' | 'boolean' | 'json';

/** One segment of a variable's path; `name` marks what an author named, which is always bracketed in expressions. */
export type Segment = string | { readonly name: string };

/** A variable of Argo, such as `tasks.train.outputs.parameters.version`. */
export interface Reference {
  readonly kind: 'reference';
  readonly path: readonly Segment[];
  readonly type: ValueType;
  readonly absent: Absence;
  /** Of an item: its loop. */
  readonly loop?: object;
}

/**
 * When a variable has no value. `never`: it always has one. `missing`: it is unset when the node was skipped. `marked`: it
 * may also carry {@link ABSENT}. `ended`: read when the node has ended, it has a value only if that succeeded, and may
 * carry the mark.
 */
export type Absence = 'never' | 'missing' | 'marked' | 'ended';

/** What an expression is made of, independent of the text that Argo reads. */
export type Node =
  | Reference
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'member'; readonly of: Node; readonly key: string | number }
  | { readonly kind: 'size'; readonly of: Node }
  | { readonly kind: 'text'; readonly of: Node }
  | { readonly kind: 'not'; readonly of: Node }
  | { readonly kind: 'operator'; readonly operator: Operator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'fallback'; readonly of: Node; readonly fallback: Node }
  | { readonly kind: 'concatenation'; readonly parts: readonly Node[] };

export type Operator = '==' | '!=' | '>' | '>=' | '<' | '<=' | '&&' | '||' | 'in';

/**
 * What a DAG or steps template writes into an output whose task was skipped: Argo fails a template whose output is
 * absent, so absence travels as this text and is taken out again where the output is read.
 */
export const ABSENT = '__absent__';

/** Every variable that a node reads. */
export function references(node: Node): readonly Reference[] {
  switch (node.kind) {
    case 'reference':
      return [node];
    case 'literal':
      return [];
    case 'operator':
      return [...references(node.left), ...references(node.right)];
    case 'fallback':
      return [...references(node.of), ...references(node.fallback)];
    case 'concatenation':
      return node.parts.flatMap(references);
    default:
      return references(node.of);
  }
}

/** The variables whose absence makes the whole value absent: those without a fallback. */
export function absences(node: Node): readonly Reference[] {
  switch (node.kind) {
    case 'reference':
      return node.absent === 'never' ? [] : [node];
    case 'literal':
      return [];
    case 'operator':
      return [...absences(node.left), ...absences(node.right)];
    case 'fallback':
      return absences(node.fallback);
    case 'concatenation':
      return node.parts.flatMap(absences);
    default:
      return absences(node.of);
  }
}

/** Every literal text inside a node. */
export function literals(node: Node): readonly Json[] {
  switch (node.kind) {
    case 'reference':
      return [];
    case 'literal':
      return [node.value];
    case 'operator':
      return [...literals(node.left), ...literals(node.right)];
    case 'fallback':
      return [...literals(node.of), ...literals(node.fallback)];
    case 'concatenation':
      return node.parts.flatMap(literals);
    default:
      return literals(node.of);
  }
}

/** The type of a node's value; `undefined` where only the author's types know it (a member of a JSON value). */
export function typeOf(node: Node): ValueType | undefined {
  switch (node.kind) {
    case 'reference':
      return node.type === 'item' ? undefined : node.type;
    case 'literal':
      return literalType(node.value);
    case 'member':
      return undefined;
    case 'size':
      return 'int';
    case 'text':
    case 'concatenation':
      return 'string';
    case 'not':
    case 'operator':
      return 'boolean';
    case 'fallback':
      return typeOf(node.of);
  }
}

/** The type of a literal. */
export function literalType(value: Json): ScalarType {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'number';
  return 'json';
}

/** The text that Argo's parameters hold for a value: strings as they are, all else as JSON. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
