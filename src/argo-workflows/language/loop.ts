import { type ArgumentPlace, literalProblems, renderField } from './arguments';
import { type Expr, handle, nodeOf } from './expr';
import { type Json, literalType, typeOf, type ValueType } from './node';
import type { Wire } from './template';

/** What a task or step is repeated over. */
export type Loop =
  | { readonly kind: 'items'; readonly items: readonly unknown[] }
  | { readonly kind: 'list'; readonly list: unknown }
  | {
      readonly kind: 'sequence';
      readonly count?: unknown;
      readonly start?: unknown;
      readonly end?: unknown;
      readonly format?: string;
    };

/** Consecutive whole numbers: `count` of them, or up to and including `end`. */
export type Sequence<Scope extends string> = {
  /** The first number. @default 0 */
  readonly start?: number | Expr<number, Scope>;
  /** How the number is written, in the words of Go's `fmt`, such as `shard-%02d`. @default '%d' */
  readonly format?: `${string}%${string}`;
} & (
  | { readonly count: number | Expr<number, Scope>; readonly end?: never }
  | { readonly end: number | Expr<number, Scope>; readonly count?: never }
);

/** A sequence that certainly has a member. */
export type LiteralSequence = {
  readonly start?: number;
  readonly format?: `${string}%${string}`;
} & ({ readonly count: number; readonly end?: never } | { readonly end: number; readonly count?: never });

/** The fields of a loop. */
export function renderLoop(loop: Loop, place: ArgumentPlace): Wire {
  const where = `${place.where}, loop`;
  if (loop.kind === 'items') {
    if (loop.items.length === 0) {
      place.report({ where, what: 'a loop over no items', fix: 'give at least one item, or use eachOf with a list' });
    }
    for (const problem of literalProblems(where, loop.items)) place.report(problem);
    return { withItems: loop.items };
  }
  if (loop.kind === 'list') {
    const node = nodeOf(loop.list);
    // The list is handed on as text; its members are decoded where they are used.
    return { withParam: renderField(node, typeOf(node) ?? 'json', loop.list, { ...place, where }) };
  }
  const bound = (name: 'count' | 'start' | 'end') => {
    const value = loop[name];
    if (value === undefined) return {};
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      place.report({ where, what: `${name} is not a whole number`, value, fix: 'use a whole number' });
    }
    return { [name]: renderField(nodeOf(value), 'int', value, { ...place, where }) };
  };
  if (typeof loop.count === 'number' && loop.count < 1) {
    // Argo counts down from a negative one.
    const fix = 'count at least one, or leave the loop out';
    place.report({ where, what: 'a sequence of no numbers', value: loop.count, fix });
  }
  if (loop.format !== undefined && !/^(%%|[^%])*%0?\d*[dxXob](%%|[^%])*$/.test(loop.format)) {
    const fix = 'write the number once, such as shard-%02d';
    place.report({ where, what: 'a format that does not write the number', value: loop.format, fix });
  }
  return {
    withSequence: {
      ...bound('count'),
      ...bound('start'),
      ...bound('end'),
      ...(loop.format === undefined ? {} : { format: loop.format }),
    },
  };
}

/** The item of a loop as a handle. */
export function itemHandle<Item, Scope extends string>(loop: Loop, owner: object): Expr<Item, Scope> {
  return handle<Item, Scope, 'present'>(
    { kind: 'reference', path: ['item'], type: itemType(loop), absent: 'never', loop },
    owner,
  );
}

function itemType(loop: Loop): ValueType {
  if (loop.kind === 'sequence') return loop.format === undefined ? 'int' : 'string';
  if (loop.kind === 'items') {
    const types = [...new Set(loop.items.map((item) => literalType(item as Json)))];
    return types.length === 1 && types[0] !== undefined ? types[0] : 'item';
  }
  const type = typeOf(nodeOf(loop.list));
  return typeof type === 'object' ? type.list : 'item';
}
