import type { Absence, Json, Node, Operator, Segment, ValueType } from './node';

/**
 * Whether a value is there when the workflow runs, or why it may not be. The reason is part of the type so that the
 * compiler's message says it.
 */
export type Presence = 'present' | `absent when ${string}`;

/** The presence of what is present only if both are. */
export type Both<A extends Presence, B extends Presence> = [A | B] extends ['present']
  ? 'present'
  : Exclude<A | B, 'present'>;

/** What an argument asks of a value. It has few members because the compiler makes them anew for each input of a task. */
export interface Value<out T, out Scope extends string, out Present extends Presence = 'present'> {
  readonly kind: 'expression';
  /** Only the compiler reads these three. */
  readonly value: T;
  readonly scope: Scope;
  readonly presence: Present;
}

/**
 * A value that exists when the workflow runs: an input, an output of a task, a loop item, a variable of the workflow.
 *
 * @typeParam T what it holds
 * @typeParam Scope where it may be used, such as `DAG train`; `never` means everywhere
 * @typeParam Present whether it may be absent
 */
export interface Expr<out T, out Scope extends string, out Present extends Presence = 'present'>
  extends Value<T, Scope, Present> {
  /** The value, or the fallback where it is absent: a literal, or a value that is there. */
  or(fallback: NoInfer<T> | Expr<T, Scope>): Expr<T, Scope>;
  /** Whether both are equal. */
  eq(other: NoInfer<T> | Expr<T, Scope>): Expr<boolean, Scope, Present>;
  /** Whether they differ. */
  ne(other: NoInfer<T> | Expr<T, Scope>): Expr<boolean, Scope, Present>;
  /** Whether this number is greater. */
  gt(other: Comparable<T> | Expr<Comparable<T>, Scope>): Expr<boolean, Scope, Present>;
  /** Whether this number is greater or equal. */
  gte(other: Comparable<T> | Expr<Comparable<T>, Scope>): Expr<boolean, Scope, Present>;
  /** Whether this number is less. */
  lt(other: Comparable<T> | Expr<Comparable<T>, Scope>): Expr<boolean, Scope, Present>;
  /** Whether this number is less or equal. */
  lte(other: Comparable<T> | Expr<Comparable<T>, Scope>): Expr<boolean, Scope, Present>;
  /** Whether it is one of the values. */
  isIn(values: readonly [NoInfer<T>, ...NoInfer<T>[]]): Expr<boolean, Scope, Present>;
  /** One field of an object. */
  get<Key extends keyof T & string>(key: Key): Expr<T[Key], Scope, Present>;
  /** One member of a list, counted from 0. */
  at(index: number): Expr<T extends readonly (infer Member)[] ? Member : never, Scope, Present>;
  /** The number of members of a list. */
  size(): Expr<T extends readonly unknown[] ? number : never, Scope, Present>;
  /** The value as text: numbers and booleans as written, lists and objects as JSON. */
  toText(): Expr<string, Scope, Present>;
}

/** What can be ordered: numbers only, because Argo orders texts by bytes. */
export type Comparable<T> = T extends number ? number : never;

/** Which object created a handle; a handle of another builder of the same name is a mistake that types cannot see. */
export type Owner = object;

const nodes = new WeakMap<object, { readonly node: Node; readonly owner: Owner | undefined }>();

/** Make a handle of a node. The caller states the types; only the language itself calls this. */
export function handle<T, Scope extends string, Present extends Presence>(
  node: Node,
  owner: Owner | undefined,
): Expr<T, Scope, Present> {
  const binary = (operator: Operator) => (other: unknown) =>
    handle<boolean, Scope, Present>(
      { kind: 'operator', operator, left: node, right: nodeOf(other) },
      owner ?? ownerOf(other),
    );
  const made = {
    kind: 'expression' as const,
    or: (fallback: unknown) =>
      handle<T, Scope, 'present'>(
        { kind: 'fallback', of: node, fallback: nodeOf(fallback) },
        owner ?? ownerOf(fallback),
      ),
    eq: binary('=='),
    ne: binary('!='),
    gt: binary('>'),
    gte: binary('>='),
    lt: binary('<'),
    lte: binary('<='),
    isIn: binary('in'),
    get: (key: string) => handle({ kind: 'member', of: node, key }, owner),
    at: (index: number) => handle({ kind: 'member', of: node, key: index }, owner),
    size: () => handle({ kind: 'size', of: node }, owner),
    toText: () => handle<string, Scope, Present>({ kind: 'text', of: node }, owner),
    [Symbol.toPrimitive]: (): never => {
      throw new TypeError(
        'a workflow value was put into a string, where it has no value yet; pass it as an argument or an environment variable, or join texts with text`...`',
      );
    },
  };
  nodes.set(made, { node, owner });
  return made as unknown as Expr<T, Scope, Present>;
}

/** Whether a value is a handle rather than a literal. */
export function isHandle(value: unknown): value is Expr<unknown, string, Presence> {
  return typeof value === 'object' && value !== null && nodes.has(value);
}

/** What a handle or a literal stands for. */
export function nodeOf(value: unknown): Node {
  const known = typeof value === 'object' && value !== null ? nodes.get(value) : undefined;
  return known?.node ?? { kind: 'literal', value: value as Json };
}

/** The builder that created a handle. */
export function ownerOf(value: unknown): Owner | undefined {
  return typeof value === 'object' && value !== null ? nodes.get(value)?.owner : undefined;
}

/** A handle of one variable. */
export function variableHandle<T, Scope extends string, Present extends Presence = 'present'>(
  path: readonly Segment[],
  type: ValueType,
  options: { readonly owner?: Owner; readonly absent?: Absence } = {},
): Expr<T, Scope, Present> {
  return handle({ kind: 'reference', path, type, absent: options.absent ?? 'never' }, options.owner);
}

type Part<Scope extends string, Present extends Presence> =
  | string
  | number
  | boolean
  | Expr<string | number | boolean, Scope, Present>;

/**
 * A text with values in it, such as a name or a message.
 *
 * @example text`model-${d.inputs.model}`
 */
export function text<Scope extends string = never, Present extends Presence = 'present'>(
  strings: TemplateStringsArray,
  ...values: readonly Part<Scope, Present>[]
): Expr<string, Scope, Present> {
  const parts = strings.flatMap((string, index): Node[] => {
    const literal: Node[] = string === '' ? [] : [{ kind: 'literal', value: string }];
    return index < values.length ? [...literal, nodeOf(values[index])] : literal;
  });
  return handle(
    { kind: 'concatenation', parts },
    values.map(ownerOf).find((owner) => owner !== undefined),
  );
}

/** Whether all of the conditions hold. */
export function allOf<Scope extends string, Present extends Presence>(
  first: Expr<boolean, Scope, Present>,
  ...others: readonly Expr<boolean, Scope, Present>[]
): Expr<boolean, Scope, Present> {
  return join('&&', first, others);
}

/** Whether one of the conditions holds. */
export function anyOf<Scope extends string, Present extends Presence>(
  first: Expr<boolean, Scope, Present>,
  ...others: readonly Expr<boolean, Scope, Present>[]
): Expr<boolean, Scope, Present> {
  return join('||', first, others);
}

/** Whether the condition does not hold. */
export function not<Scope extends string, Present extends Presence>(
  condition: Expr<boolean, Scope, Present>,
): Expr<boolean, Scope, Present> {
  return handle({ kind: 'not', of: nodeOf(condition) }, ownerOf(condition));
}

function join<Scope extends string, Present extends Presence>(
  operator: '&&' | '||',
  first: Expr<boolean, Scope, Present>,
  others: readonly Expr<boolean, Scope, Present>[],
): Expr<boolean, Scope, Present> {
  return others.reduce(
    (left, right) =>
      handle<boolean, Scope, Present>(
        { kind: 'operator', operator, left: nodeOf(left), right: nodeOf(right) },
        ownerOf(left) ?? ownerOf(right),
      ),
    first,
  );
}

/**
 * Variables that every template can read.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/variables/#global
 */
export const workflow = {
  name: variableHandle<string, never>(['workflow', 'name'], 'string'),
  namespace: variableHandle<string, never>(['workflow', 'namespace'], 'string'),
  uid: variableHandle<string, never>(['workflow', 'uid'], 'string'),
  /** RFC 3339, UTC. */
  creationTimestamp: variableHandle<string, never>(['workflow', 'creationTimestamp', 'RFC3339'], 'string'),
} as const;
