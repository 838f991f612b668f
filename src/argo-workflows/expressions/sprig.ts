import { createHash } from 'node:crypto';
import {
  listArgument,
  mapArgument,
  removePrefix,
  removeSuffix,
  repeatText,
  roundHalfAway,
  stringArgument,
  uniqueValues,
  type ValueFunction,
} from './builtins';
import { compilePattern } from './patterns';
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
  type Value,
  ValueError,
} from './values';

/** Sprig's functions convert what they get: `add "1" 2` is 3. */
function integer(value: Value | undefined): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : 0n;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'string' && /^[+-]?\d+$/.test(value) ? BigInt(value.replace(/^\+/, '')) : 0n;
}

function float(value: Value | undefined): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value !== undefined && value !== null && isNumber(value)) return Number(value);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : 0;
  return Number.isNaN(number) ? 0 : number;
}

function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '' || value === 0 || value === 0n)
    return true;
  return isList(value) ? value.length === 0 : isMap(value) && Object.keys(value).length === 0;
}

function text(value: Value | undefined): string {
  return value === undefined || value === null ? '' : goString(value);
}

const words =
  (name: string, combine: (part: string, whole: string) => Value): ValueFunction =>
  (part, whole) =>
    combine(stringArgument(part, name), stringArgument(whole, name));

const word =
  (name: string, change: (value: string) => Value): ValueFunction =>
  (value) =>
    change(stringArgument(value, name));

const fold =
  (combine: (a: bigint, b: bigint) => bigint): ValueFunction =>
  (first, ...rest) =>
    BigInt.asIntN(
      64,
      rest.reduce<bigint>((total, value) => combine(total, integer(value)), integer(first)),
    );

function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}

function division(combine: (a: bigint, b: bigint) => bigint): ValueFunction {
  return (a, b) => {
    if (integer(b) === 0n) throw new ValueError('integer divide by zero');
    return combine(integer(a), integer(b));
  };
}

function rounded(direction: (value: number) => number): ValueFunction {
  return (value, digits) => {
    const scale = 10 ** Number(integer(digits));
    return direction(float(value) * scale) / scale;
  };
}

function merge(target: Value, ...sources: Value[]): Value {
  const merged: Record<string, Value> = { ...mapArgument(target, 'merge') };
  for (const source of sources) {
    for (const [key, value] of Object.entries(mapArgument(source, 'merge'))) {
      const existing = Object.hasOwn(merged, key) ? merged[key] : undefined;
      if (existing !== undefined && isMap(existing) && isMap(value)) merged[key] = merge(existing, value);
      else if (isEmpty(existing)) merged[key] = value;
    }
  }
  return merged;
}

/** `dig "a" "b" default map`. */
function dig(...values: Value[]): Value {
  if (values.length < 3) throw new ValueError('"dig" needs a key, a default and a map');
  const [fallback = null, map = null] = values.slice(-2);
  let found: Value = map;
  for (const key of values.slice(0, -2)) {
    const name = stringArgument(key, 'dig');
    if (!isMap(found) || !Object.hasOwn(found, name)) return fallback;
    found = found[name] ?? null;
  }
  return found;
}

function chosen(map: Value, keep: (key: string) => boolean): Value {
  return Object.fromEntries(Object.entries(mapArgument(map, 'pick')).filter(([key]) => keep(key)));
}

function dictionary(...values: Value[]): Value {
  const map: Record<string, Value> = {};
  for (let index = 0; index < values.length; index += 2) map[text(values[index])] = values[index + 1] ?? '';
  return map;
}

const indent = (count: Value, value: Value): string => {
  const padding = ' '.repeat(Number(integer(count)));
  return padding + stringArgument(value, 'indent').replaceAll('\n', `\n${padding}`);
};

const hash = (algorithm: string): ValueFunction =>
  word(algorithm, (value) => createHash(algorithm).update(value).digest('hex'));

const has = (needle: Value, haystack: Value): boolean =>
  listArgument(haystack, 'has').some((item) => equalValues(item, needle));

const sequence = (from: number, to: number, step: number): Value[] => {
  const size = Math.max(0, Math.ceil((to - from) / step));
  if (size > 1_000_000) throw new ValueError('the sequence is too long');
  return Array.from({ length: size }, (_, index) => BigInt(from + index * step));
};

function split(separator: string, value: string): MapValue {
  return Object.fromEntries(value.split(separator).map((part, index) => [`_${index}`, part]));
}

/**
 * The pure functions of Sprig that workflows use, by their name behind `sprig.`. The others exist in the controller
 * (see `KNOWN_SPRIG_FUNCTIONS`); evaluating one of them here is an error.
 *
 * @see https://masterminds.github.io/sprig/
 */
export const SPRIG_FUNCTIONS: ReadonlyMap<string, ValueFunction> = new Map<string, ValueFunction>([
  ['trim', word('trim', (value) => value.trim())],
  ['trimSuffix', words('trimSuffix', (suffix, value) => removeSuffix(value, suffix))],
  ['trimPrefix', words('trimPrefix', (prefix, value) => removePrefix(value, prefix))],
  ['upper', word('upper', (value) => value.toUpperCase())],
  ['lower', word('lower', (value) => value.toLowerCase())],
  ['nospace', word('nospace', (value) => value.replace(/\s/g, ''))],
  ['repeat', (count, value) => repeatText(stringArgument(value, 'repeat'), Number(integer(count)))],
  [
    'substr',
    (from, to, value) => substring(Number(integer(from)), Number(integer(to)), stringArgument(value, 'substr')),
  ],
  ['trunc', (length, value) => truncate(Number(integer(length)), stringArgument(value, 'trunc'))],
  ['contains', words('contains', (part, value) => value.includes(part))],
  ['hasPrefix', words('hasPrefix', (prefix, value) => value.startsWith(prefix))],
  ['hasSuffix', words('hasSuffix', (suffix, value) => value.endsWith(suffix))],
  ['replace', (from, to, value) => stringArgument(value, 'replace').replaceAll(text(from), () => text(to))],
  [
    'quote',
    (...values) =>
      values
        .filter((value) => value !== null)
        .map((value) => JSON.stringify(text(value)))
        .join(' '),
  ],
  [
    'squote',
    (...values) =>
      values
        .filter((value) => value !== null)
        .map((value) => `'${text(value)}'`)
        .join(' '),
  ],
  [
    'cat',
    (...values) =>
      values
        .filter((value) => value !== null)
        .map(text)
        .join(' '),
  ],
  ['indent', indent],
  ['nindent', (count, value) => `\n${indent(count, value)}`],
  ['splitList', words('splitList', (separator, value) => value.split(separator))],
  ['split', words('split', split)],
  ['join', (glue, items) => (isList(items) ? items.map(text) : [text(items)]).join(stringArgument(glue, 'join'))],
  [
    'sortAlpha',
    (items) =>
      listArgument(items, 'sortAlpha')
        .map(text)
        .sort((a, b) => compareValues(a, b, '<')),
  ],
  ['toString', text],
  ['toStrings', (items) => listArgument(items, 'toStrings').map(text)],
  ['default', (fallback, value) => (isEmpty(value) ? fallback : value)],
  ['empty', isEmpty],
  ['coalesce', (...values) => values.find((value) => !isEmpty(value)) ?? null],
  ['all', (...values) => values.every((value) => !isEmpty(value))],
  ['any', (...values) => values.some((value) => !isEmpty(value))],
  ['ternary', (yes, no, test) => (test === true ? yes : no)],
  ['fail', word('fail', (message) => raise(message))],
  ['toJson', goJson],
  ['fromJson', word('fromJson', parseJson)],
  ['int', integer],
  ['int64', integer],
  ['float64', float],
  ['atoi', integer],
  ['add', fold((a, b) => a + b)],
  ['add1', (value) => integer(value) + 1n],
  ['sub', fold((a, b) => a - b)],
  ['mul', fold((a, b) => a * b)],
  ['div', division((a, b) => a / b)],
  ['mod', division((a, b) => a % b)],
  ['max', fold(larger)],
  ['min', fold((a, b) => -larger(-a, -b))],
  ['addf', (...values) => values.reduce<number>((total, value) => total + float(value), 0)],
  ['subf', (first, ...rest) => rest.reduce<number>((total, value) => total - float(value), float(first))],
  ['mulf', (...values) => values.reduce<number>((total, value) => total * float(value), 1)],
  ['divf', (first, ...rest) => rest.reduce<number>((total, value) => total / float(value), float(first))],
  ['floor', (value) => Math.floor(float(value))],
  ['ceil', (value) => Math.ceil(float(value))],
  ['round', rounded(roundHalfAway)],
  ['until', (count) => sequence(0, Number(integer(count)), 1)],
  ['untilStep', (from, to, step) => sequence(Number(integer(from)), Number(integer(to)), Number(integer(step)) || 1)],
  ['list', (...values) => values],
  ['tuple', (...values) => values],
  ['first', (items) => listArgument(items, 'first')[0] ?? null],
  ['last', (items) => listArgument(items, 'last').at(-1) ?? null],
  ['rest', (items) => listArgument(items, 'rest').slice(1)],
  ['initial', (items) => listArgument(items, 'initial').slice(0, -1)],
  ['append', (items, item) => [...listArgument(items, 'append'), item]],
  ['prepend', (items, item) => [item, ...listArgument(items, 'prepend')]],
  ['concat', (...lists) => lists.flatMap((list) => listArgument(list, 'concat'))],
  ['reverse', (items) => listArgument(items, 'reverse').toReversed()],
  ['uniq', (items) => uniqueValues(listArgument(items, 'uniq'))],
  ['without', (items, ...unwanted) => listArgument(items, 'without').filter((item) => !has(item, unwanted))],
  ['has', has],
  ['compact', (items) => listArgument(items, 'compact').filter((item) => !isEmpty(item))],
  [
    'slice',
    (items, from, to) =>
      listArgument(items, 'slice').slice(Number(integer(from)), to === undefined ? undefined : Number(integer(to))),
  ],
  ['dict', dictionary],
  ['get', (map, key) => mapArgument(map, 'get')[stringArgument(key, 'get')] ?? ''],
  ['set', (map, key, value) => ({ ...mapArgument(map, 'set'), [stringArgument(key, 'set')]: value })],
  ['unset', (map, key) => chosen(map, (name) => name !== key)],
  ['hasKey', (map, key) => Object.hasOwn(mapArgument(map, 'hasKey'), stringArgument(key, 'hasKey'))],
  [
    'pluck',
    (key, ...maps) =>
      maps.flatMap((map) =>
        has(key, Object.keys(mapArgument(map, 'pluck'))) ? [mapArgument(map, 'pluck')[text(key)] ?? null] : [],
      ),
  ],
  ['keys', (...maps) => maps.flatMap((map) => Object.keys(mapArgument(map, 'keys')))],
  ['values', (map) => Object.values(mapArgument(map, 'values'))],
  ['pick', (map, ...keys) => chosen(map, (name) => keys.includes(name))],
  ['omit', (map, ...keys) => chosen(map, (name) => !keys.includes(name))],
  ['merge', merge],
  ['mergeOverwrite', (...maps) => Object.assign({}, ...maps.map((map) => mapArgument(map, 'mergeOverwrite')))],
  ['dig', dig],
  ['b64enc', word('b64enc', (value) => Buffer.from(value).toString('base64'))],
  ['b64dec', word('b64dec', (value) => Buffer.from(value, 'base64').toString())],
  ['sha1sum', hash('sha1')],
  ['sha256sum', hash('sha256')],
  ['sha512sum', hash('sha512')],
  ['regexMatch', words('regexMatch', (pattern, value) => compilePattern(pattern).test(value))],
  ['regexFind', words('regexFind', (pattern, value) => compilePattern(pattern).exec(value)?.[0] ?? '')],
  [
    'regexReplaceAll',
    (pattern, value, replacement) =>
      stringArgument(value, 'regexReplaceAll').replace(
        compilePattern(text(pattern), 'g'),
        text(replacement).replace(/\$\{(\d+)\}/g, '$$$1'),
      ),
  ],
  [
    'regexReplaceAllLiteral',
    (pattern, value, replacement) =>
      stringArgument(value, 'regexReplaceAllLiteral').replace(compilePattern(text(pattern), 'g'), () =>
        text(replacement),
      ),
  ],
]);

function substring(from: number, to: number, value: string): string {
  if (from < 0) return value.slice(0, Math.max(0, to));
  return to < 0 || to > value.length ? value.slice(from) : value.slice(from, to);
}

function truncate(length: number, value: string): string {
  if (length < 0) return value.length + length > 0 ? value.slice(length) : value;
  return value.slice(0, length);
}

function raise(message: string): never {
  throw new ValueError(message);
}
