import type { BinaryOperator, UnaryOperator } from './ast';

/** Binding strengths of expr-lang 1.17; a higher number binds more tightly. */
export const UNARY_PRECEDENCE: ReadonlyMap<string, number> = new Map<UnaryOperator, number>([
  ['not', 50],
  ['!', 50],
  ['-', 90],
  ['+', 90],
]);

export const BINARY_PRECEDENCE: ReadonlyMap<string, number> = new Map<BinaryOperator | '|', number>([
  ['|', 0],
  ['or', 10],
  ['||', 10],
  ['and', 15],
  ['&&', 15],
  ['==', 20],
  ['!=', 20],
  ['<', 20],
  ['>', 20],
  ['>=', 20],
  ['<=', 20],
  ['in', 20],
  ['matches', 20],
  ['contains', 20],
  ['startsWith', 20],
  ['endsWith', 20],
  ['..', 25],
  ['+', 30],
  ['-', 30],
  ['*', 60],
  ['/', 60],
  ['%', 60],
  ['**', 100],
  ['^', 100],
  ['??', 500],
]);

export const RIGHT_ASSOCIATIVE: ReadonlySet<string> = new Set(['**', '^']);

/** `a < b < c` means `a < b && b < c`. */
export const CHAINED_COMPARISONS: ReadonlySet<string> = new Set(['<', '>', '>=', '<=']);

/** Operators that `not` may precede, as in `x not in xs`. */
export const NEGATABLE: ReadonlySet<string> = new Set(['contains', 'matches', 'startsWith', 'endsWith', 'in']);

export type ArgumentShape = 'value' | 'predicate' | 'value?' | 'predicate?';

const WITH_PREDICATE: readonly ArgumentShape[] = ['value', 'predicate'];

/** Built-in functions that take a predicate, and where. */
export const PREDICATE_FUNCTIONS: ReadonlyMap<string, readonly ArgumentShape[]> = new Map([
  ['all', WITH_PREDICATE],
  ['none', WITH_PREDICATE],
  ['any', WITH_PREDICATE],
  ['one', WITH_PREDICATE],
  ['filter', WITH_PREDICATE],
  ['map', WITH_PREDICATE],
  ['count', ['value', 'predicate?']],
  ['sum', ['value', 'predicate?']],
  ['find', WITH_PREDICATE],
  ['findIndex', WITH_PREDICATE],
  ['findLast', WITH_PREDICATE],
  ['findLastIndex', WITH_PREDICATE],
  ['groupBy', WITH_PREDICATE],
  ['sortBy', ['value', 'predicate', 'value?']],
  ['reduce', ['value', 'predicate', 'value?']],
]);
