/** Where a node stands in its source text, in UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type UnaryOperator = 'not' | '!' | '-' | '+';

export type BinaryOperator =
  | 'or'
  | '||'
  | 'and'
  | '&&'
  | '=='
  | '!='
  | '<'
  | '>'
  | '>='
  | '<='
  | 'in'
  | 'matches'
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | '..'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | '^'
  | '??';

/**
 * A parsed expression of expr-lang 1.17, the language of `{{= … }}` tags.
 *
 * @see https://expr-lang.org/docs/language-definition
 */
export type Expression = Span &
  (
    | { readonly kind: 'nil' }
    | { readonly kind: 'boolean'; readonly value: boolean }
    /** A 64-bit integer literal. */
    | { readonly kind: 'integer'; readonly value: bigint }
    | { readonly kind: 'float'; readonly value: number }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'identifier'; readonly name: string }
    /** `#`, `#acc` or `#index` inside a predicate; the name is empty for `#`. */
    | { readonly kind: 'pointer'; readonly name: string }
    | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: 'conditional';
        readonly test: Expression;
        readonly consequent: Expression;
        readonly alternate: Expression;
      }
    /** `object.name`, `object["name"]`, `object[0]`, or the same behind `?.`. */
    | {
        readonly kind: 'member';
        readonly object: Expression;
        readonly property: Expression;
        readonly optional: boolean;
      }
    | { readonly kind: 'slice'; readonly object: Expression; readonly from?: Expression; readonly to?: Expression }
    /** How far a `?.` on an absent value skips: the whole chain becomes nil. */
    | { readonly kind: 'chain'; readonly expression: Expression }
    | { readonly kind: 'call'; readonly callee: Expression; readonly arguments: readonly Expression[] }
    /** The `{ # > 1 }` argument of `filter`, `map` and the like. */
    | { readonly kind: 'predicate'; readonly body: Expression }
    | { readonly kind: 'array'; readonly elements: readonly Expression[] }
    | { readonly kind: 'map'; readonly entries: readonly MapEntry[] }
    | { readonly kind: 'let'; readonly name: string; readonly value: Expression; readonly body: Expression }
    | { readonly kind: 'sequence'; readonly expressions: readonly Expression[] }
  );

export interface MapEntry {
  readonly key: Expression;
  readonly value: Expression;
}

/** One kind of node, such as `ExpressionOf<'member'>`. */
export type ExpressionOf<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>;

/** The direct parts of a node, in source order. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'conditional':
      return [node.test, node.consequent, node.alternate];
    case 'member':
      return [node.object, node.property];
    case 'slice':
      return [node.object, node.from, node.to].filter((part) => part !== undefined);
    case 'chain':
      return [node.expression];
    case 'call':
      return [node.callee, ...node.arguments];
    case 'predicate':
      return [node.body];
    case 'array':
      return node.elements;
    case 'map':
      return node.entries.flatMap((entry) => [entry.key, entry.value]);
    case 'let':
      return [node.value, node.body];
    case 'sequence':
      return node.expressions;
    default:
      return [];
  }
}
