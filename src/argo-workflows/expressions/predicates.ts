import { PREDICATE_FUNCTIONS } from './operators';
import { compareValues, isNumber, typeName, type Value, ValueError } from './values';

/** A predicate's body with `#`, `#index` and, in `reduce`, `#acc` filled in. */
export type Predicate = (item: Value, index: number, accumulator?: Value) => Value;

export function isPredicateFunction(name: string): boolean {
  return PREDICATE_FUNCTIONS.has(name);
}

/** Calls one of the functions whose second argument is a predicate. */
export function callPredicateFunction(
  name: string,
  items: readonly Value[],
  predicate: Predicate | undefined,
  extra: Value | undefined,
): Value {
  if (predicate === undefined) {
    if (name === 'count') return BigInt(items.filter((item) => holds(item)).length);
    return sum(items);
  }
  const test = (item: Value, index: number): boolean => holds(predicate(item, index));
  switch (name) {
    case 'all':
      return items.every(test);
    case 'none':
      return !items.some(test);
    case 'any':
      return items.some(test);
    case 'one':
      return items.filter(test).length === 1;
    case 'filter':
      return items.filter(test);
    case 'map':
      return items.map((item, index) => predicate(item, index));
    case 'count':
      return BigInt(items.filter(test).length);
    case 'sum':
      return sum(items.map((item, index) => predicate(item, index)));
    case 'find':
      return items.find(test) ?? null;
    case 'findIndex':
      return indexOrNil(items.findIndex(test));
    case 'findLast':
      return items.findLast(test) ?? null;
    case 'findLastIndex':
      return indexOrNil(items.findLastIndex(test));
    case 'groupBy':
      return groupBy(items, predicate);
    case 'sortBy':
      return sortBy(items, predicate, extra);
    default:
      return reduce(items, predicate, extra);
  }
}

function holds(value: Value): boolean {
  if (typeof value !== 'boolean') throw new ValueError(`a predicate is true or false, not ${typeName(value)}`);
  return value;
}

function indexOrNil(index: number): Value {
  return index < 0 ? null : BigInt(index);
}

function sum(items: readonly Value[]): Value {
  let total: bigint | number = 0n;
  for (const item of items) {
    if (!isNumber(item)) throw new ValueError(`cannot add ${typeName(item)}`);
    total = typeof total === 'bigint' && typeof item === 'bigint' ? total + item : Number(total) + Number(item);
  }
  return total;
}

function groupBy(items: readonly Value[], predicate: Predicate): Value {
  const groups = new Map<string, Value[]>();
  for (const [index, item] of items.entries()) {
    const key = predicate(item, index);
    if (typeof key !== 'string') throw new ValueError(`"groupBy" needs strings for keys, not ${typeName(key)}`);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return Object.fromEntries(groups);
}

function sortBy(items: readonly Value[], predicate: Predicate, order: Value | undefined): Value {
  const sign = sortSign(order);
  return items
    .map((item, index) => ({ item, key: predicate(item, index) }))
    .sort((a, b) => sign * compareValues(a.key, b.key, '<'))
    .map(({ item }) => item);
}

/** 1 for ascending, -1 for descending. */
export function sortSign(order: Value | undefined): 1 | -1 {
  if (order === undefined || order === 'asc') return 1;
  if (order === 'desc') return -1;
  throw new ValueError('the order is "asc" or "desc"');
}

function reduce(items: readonly Value[], predicate: Predicate, initial: Value | undefined): Value {
  const [first, ...rest] = items;
  if (initial !== undefined) return items.reduce<Value>((sofar, item, index) => predicate(item, index, sofar), initial);
  if (first === undefined) throw new ValueError('"reduce" of an empty list needs an initial value');
  return rest.reduce<Value>((sofar, item, index) => predicate(item, index + 1, sofar), first);
}
