import { sortSign } from './predicates';
import {
  compareValues,
  equalValues,
  goJson,
  goString,
  isList,
  isMap,
  isNumber,
  type MapValue,
  parseJson,
  typeName,
  type Value,
  ValueError,
} from './values';

export type ValueFunction = (...values: Value[]) => Value;

const MAX_REPEAT = 1_000_000;

/** A string argument. @throws {ValueError} when it is something else. */
export function stringArgument(value: Value | undefined, name: string): string {
  if (typeof value !== 'string') throw new ValueError(`"${name}" needs a string, not ${typeName(value ?? null)}`);
  return value;
}

/** A list argument. @throws {ValueError} when it is something else. */
export function listArgument(value: Value | undefined, name: string): readonly Value[] {
  if (!isList(value ?? null)) throw new ValueError(`"${name}" needs a list, not ${typeName(value ?? null)}`);
  return value as readonly Value[];
}

/** A map argument. @throws {ValueError} when it is something else. */
export function mapArgument(value: Value | undefined, name: string): MapValue {
  const map = value ?? null;
  if (!isMap(map)) throw new ValueError(`"${name}" needs a map, not ${typeName(map)}`);
  return map;
}

function numberArgument(value: Value | undefined, name: string): bigint | number {
  const number = value ?? null;
  if (!isNumber(number)) throw new ValueError(`"${name}" needs a number, not ${typeName(number)}`);
  return number;
}

/** The integer part of a float. @throws {ValueError} when 64 bits cannot hold it; what Go makes of it is chance. */
function integerOf(value: number): bigint {
  const integer = Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
  if (integer !== undefined && BigInt.asIntN(64, integer) === integer) return integer;
  throw new ValueError(`invalid operation: int(${goString(value)}) is no 64-bit integer`);
}

function toInteger(value: Value | undefined): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return integerOf(value);
  if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) {
    const integer = BigInt(value.replace(/^\+/, ''));
    if (BigInt.asIntN(64, integer) === integer) return integer;
  }
  throw new ValueError(`invalid operation: int(${typeof value === 'string' ? value : typeName(value ?? null)})`);
}

function toFloat(value: Value | undefined): number {
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value);
  if (typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return Number(value);
  throw new ValueError(`invalid operation: float(${typeof value === 'string' ? value : typeName(value ?? null)})`);
}

const onText =
  (name: string, change: (text: string) => Value): ValueFunction =>
  (text) =>
    change(stringArgument(text, name));

const onTwoTexts =
  (name: string, combine: (text: string, part: string) => Value): ValueFunction =>
  (text, part) =>
    combine(stringArgument(text, name), stringArgument(part, name));

const rounding =
  (name: string, round: (value: number) => number): ValueFunction =>
  (value) =>
    round(Number(numberArgument(value, name)));

/** Half away from zero, as Go rounds. */
export const roundHalfAway = (value: number): number => Math.sign(value) * Math.round(Math.abs(value));

function trimCharacters(text: string, characters: string): string {
  const set = new Set(characters);
  const kept = [...text];
  while (kept.length > 0 && set.has(kept[0] ?? '')) kept.shift();
  while (kept.length > 0 && set.has(kept.at(-1) ?? '')) kept.pop();
  return kept.join('');
}

function splitText(name: string, keepSeparator: boolean): ValueFunction {
  return (text, separator, limit) => {
    const by = stringArgument(separator, name);
    const parts = stringArgument(text, name).split(by);
    const count = limit === undefined ? parts.length : Number(toInteger(limit));
    const joined =
      count < 0 || count >= parts.length ? parts : [...parts.slice(0, count - 1), parts.slice(count - 1).join(by)];
    return keepSeparator ? joined.map((part, index) => (index < joined.length - 1 ? part + by : part)) : joined;
  };
}

function replaceText(text: Value, from: Value, to: Value, limit?: Value): Value {
  const search = stringArgument(from, 'replace');
  const replacement = stringArgument(to, 'replace');
  const most = limit === undefined ? -1 : Number(toInteger(limit));
  let done = 0;
  return stringArgument(text, 'replace').replaceAll(search, (match) => {
    if (done === most) return match;
    done += 1;
    return replacement;
  });
}

function extreme(name: string, better: (comparison: number) => boolean): ValueFunction {
  return (...values) => {
    const numbers = values.flatMap((value) => (isList(value) ? value : [value]));
    let best: Value = null;
    for (const value of numbers) {
      const number = numberArgument(value, name);
      if (best === null || better(compareValues(number, best, '<'))) best = number;
    }
    return best;
  };
}

function numbersOf(name: string, values: readonly Value[]): number[] {
  return values
    .flatMap((value) => (isList(value) ? value : [value]))
    .map((value) => Number(numberArgument(value, name)));
}

function median(...values: Value[]): Value {
  const sorted = numbersOf('median', values).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function lengthOf(value: Value): Value {
  if (typeof value === 'string') return BigInt([...value].length);
  if (isList(value)) return BigInt(value.length);
  if (isMap(value)) return BigInt(Object.keys(value).length);
  throw new ValueError(`invalid argument for len (type ${typeName(value)})`);
}

function get(from: Value, key: Value): Value {
  if (isMap(from) && typeof key === 'string') return Object.hasOwn(from, key) ? (from[key] ?? null) : null;
  if (isList(from) && isNumber(key)) return from.at(Number(key)) ?? null;
  return null;
}

/** Equal values once, in the order of their first appearance. */
export function uniqueValues(items: readonly Value[]): Value[] {
  const kept: Value[] = [];
  for (const item of items) if (!kept.some((other) => equalValues(item, other))) kept.push(item);
  return kept;
}

const flatten = (items: readonly Value[]): Value[] => items.flatMap((item) => (isList(item) ? flatten(item) : [item]));

const bits =
  (combine: (a: bigint, b: bigint) => bigint): ValueFunction =>
  (a, b) =>
    BigInt.asIntN(64, combine(toInteger(a), toInteger(b)));

/** Written over several lines, as `toJSON` of expr-lang does; Argo's own `toJson` is compact. */
function indentedJson(value: Value): string {
  return JSON.stringify(JSON.parse(goJson(value)), null, 2).replace(
    /[<>&]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
}

/**
 * The functions of expr-lang and those that Argo adds (`asInt`, `asFloat`, `toJson`), without those that read the clock
 * and those that evaluate an expression themselves.
 *
 * @see https://expr-lang.org/docs/language-definition
 * @see https://argo-workflows.readthedocs.io/en/latest/variables/#expression
 */
export const BUILTIN_FUNCTIONS: ReadonlyMap<string, ValueFunction> = new Map<string, ValueFunction>([
  ['len', lengthOf],
  ['type', typeName],
  ['abs', (value) => (numberArgument(value, 'abs') < 0 ? -numberArgument(value, 'abs') : numberArgument(value, 'abs'))],
  ['ceil', rounding('ceil', Math.ceil)],
  ['floor', rounding('floor', Math.floor)],
  ['round', rounding('round', roundHalfAway)],
  ['int', toInteger],
  ['asInt', toInteger],
  ['float', toFloat],
  ['asFloat', toFloat],
  ['string', goString],
  [
    'trim',
    (text, characters) =>
      characters === undefined
        ? stringArgument(text, 'trim').trim()
        : trimCharacters(stringArgument(text, 'trim'), stringArgument(characters, 'trim')),
  ],
  [
    'trimPrefix',
    (text, prefix = ' ') => removePrefix(stringArgument(text, 'trimPrefix'), stringArgument(prefix, 'trimPrefix')),
  ],
  [
    'trimSuffix',
    (text, suffix = ' ') => removeSuffix(stringArgument(text, 'trimSuffix'), stringArgument(suffix, 'trimSuffix')),
  ],
  ['upper', onText('upper', (text) => text.toUpperCase())],
  ['lower', onText('lower', (text) => text.toLowerCase())],
  ['split', splitText('split', false)],
  ['splitAfter', splitText('splitAfter', true)],
  ['replace', replaceText],
  ['repeat', (text, count) => repeatText(stringArgument(text, 'repeat'), Number(toInteger(count)))],
  [
    'join',
    (items, glue = '') =>
      listArgument(items, 'join')
        .map((item) => stringArgument(item, 'join'))
        .join(stringArgument(glue, 'join')),
  ],
  ['indexOf', onTwoTexts('indexOf', (text, part) => BigInt(text.indexOf(part)))],
  ['lastIndexOf', onTwoTexts('lastIndexOf', (text, part) => BigInt(text.lastIndexOf(part)))],
  ['hasPrefix', onTwoTexts('hasPrefix', (text, part) => text.startsWith(part))],
  ['hasSuffix', onTwoTexts('hasSuffix', (text, part) => text.endsWith(part))],
  ['max', extreme('max', (comparison) => comparison > 0)],
  ['min', extreme('min', (comparison) => comparison < 0)],
  ['mean', (...values) => average(numbersOf('mean', values))],
  ['median', median],
  ['toJSON', indentedJson],
  ['toJson', goJson],
  ['fromJSON', onText('fromJSON', parseJson)],
  ['toBase64', onText('toBase64', (text) => Buffer.from(text).toString('base64'))],
  ['fromBase64', onText('fromBase64', (text) => Buffer.from(text, 'base64').toString())],
  ['first', (items) => listArgument(items, 'first')[0] ?? null],
  ['last', (items) => listArgument(items, 'last').at(-1) ?? null],
  ['get', get],
  ['take', (items, count) => listArgument(items, 'take').slice(0, Math.max(0, Number(toInteger(count))))],
  ['keys', (map) => Object.keys(mapArgument(map, 'keys'))],
  ['values', (map) => Object.values(mapArgument(map, 'values'))],
  ['toPairs', (map) => Object.entries(mapArgument(map, 'toPairs'))],
  ['fromPairs', (pairs) => fromPairs(listArgument(pairs, 'fromPairs'))],
  ['reverse', (items) => listArgument(items, 'reverse').toReversed()],
  ['uniq', (items) => uniqueValues(listArgument(items, 'uniq'))],
  ['concat', (...lists) => lists.flatMap((list) => listArgument(list, 'concat'))],
  ['flatten', (items) => flatten(listArgument(items, 'flatten'))],
  [
    'sort',
    (items, order) => listArgument(items, 'sort').toSorted((a, b) => sortSign(order) * compareValues(a, b, '<')),
  ],
  ['bitand', bits((a, b) => a & b)],
  ['bitor', bits((a, b) => a | b)],
  ['bitxor', bits((a, b) => a ^ b)],
  ['bitnand', bits((a, b) => a & ~b)],
  ['bitshl', bits((a, b) => a << b)],
  ['bitshr', bits((a, b) => a >> b)],
  ['bitushr', bits((a, b) => BigInt.asUintN(64, a) >> b)],
  ['bitnot', (a) => ~toInteger(a)],
]);

export function removePrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

export function removeSuffix(text: string, suffix: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

export function repeatText(text: string, count: number): string {
  if (count < 0) throw new ValueError(`"repeat" needs a count of 0 or more, not ${count}`);
  if (count > MAX_REPEAT) throw new ValueError(`"repeat" makes at most ${MAX_REPEAT} copies`);
  return text.repeat(count);
}

function average(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function fromPairs(pairs: readonly Value[]): Value {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [key, value] = listArgument(pair, 'fromPairs');
      return [stringArgument(key, 'fromPairs'), value ?? null];
    }),
  );
}
