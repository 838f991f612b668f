/**
 * A value of the expression language. Go tells integers from floats, and their printed forms differ, so integers
 * are `bigint` and floats are `number`; `null` is Go's nil.
 */
export type Value = null | boolean | bigint | number | string | readonly Value[] | { readonly [key: string]: Value };

export type MapValue = { readonly [key: string]: Value };

/** An error of evaluation; the evaluator adds the position. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is MapValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

/** The word for a value's type that the `type` function and our messages use. */
export function typeName(value: Value): string {
  if (value === null) return 'nil';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'string') return 'string';
  return isList(value) ? 'array' : 'map';
}

/** What JSON.parse gave, as a value: every JSON number is a float, as in Go. */
export function valueFromJson(json: unknown): Value {
  if (json === null || json === undefined) return null;
  if (typeof json === 'boolean' || typeof json === 'number' || typeof json === 'string') return json;
  if (Array.isArray(json)) return json.map(valueFromJson);
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, valueFromJson(value)]));
}

/** Parses JSON text. @throws {ValueError} when it is none. */
export function parseJson(text: string): Value {
  try {
    return valueFromJson(JSON.parse(text));
  } catch {
    throw new ValueError(`not valid JSON: ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`);
  }
}

/** Text as `json.Marshal` writes it: sorted keys, no spaces, `<`, `>` and `&` escaped. */
export function goJson(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return jsonFloat(value);
  if (typeof value === 'string') return jsonString(value);
  if (isList(value)) return `[${value.map(goJson).join(',')}]`;
  return `{${sortedEntries(value)
    .map(([key, entry]) => `${jsonString(key)}:${goJson(entry)}`)
    .join(',')}}`;
}

function jsonString(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029\u007f]/g, (character) =>
    character === '\u007f' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function jsonFloat(value: number): string {
  if (!Number.isFinite(value)) throw new ValueError(`JSON has no ${value}`);
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-6 && size < 1e21)) return Object.is(value, -0) ? '-0' : String(value);
  return value.toExponential();
}

/** Text as `fmt.Sprint` writes it: `[1 2 3]`, `map[a:1]`, `<nil>`, `1e+06` for a float of a million. */
export function goString(value: Value): string {
  if (value === null) return '<nil>';
  if (typeof value === 'number') return goFloat(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(goString).join(' ')}]`;
  return `map[${sortedEntries(value)
    .map(([key, entry]) => `${key}:${goString(entry)}`)
    .join(' ')}]`;
}

/** Go's `%v`: the shortest digits, with an exponent below 1e-4 and from 1e+06 on. */
function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '0', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function sortedEntries(map: MapValue): [string, Value][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Equality as `==` has it: integers and floats of the same size are equal, but not inside maps. */
export function equalValues(left: Value, right: Value): boolean {
  if (isNumber(left) && isNumber(right)) return Number(left) === Number(right);
  if (isList(left)) {
    return (
      isList(right) && left.length === right.length && left.every((item, i) => equalValues(item, right[i] ?? null))
    );
  }
  return isMap(left) ? isMap(right) && identicalValues(left, right) : left === right;
}

function identicalValues(left: Value, right: Value): boolean {
  if (isList(left)) {
    return (
      isList(right) && left.length === right.length && left.every((item, i) => identicalValues(item, right[i] ?? null))
    );
  }
  if (!isMap(left)) return left === right;
  const keys = Object.keys(left);
  return (
    isMap(right) &&
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && identicalValues(left[key] ?? null, right[key] ?? null))
  );
}

/** Order of two numbers or two strings. @throws {ValueError} for anything else. */
export function compareValues(left: Value, right: Value, operator: string): number {
  if (isNumber(left) && isNumber(right)) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === 'string' && typeof right === 'string') {
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  throw new ValueError(`invalid operation: ${typeName(left)} ${operator} ${typeName(right)}`);
}

/** Makes `{ "a.b": 1 }` into `{ a: { b: 1 } }`; a key that is the beginning of another is dropped, as Argo does. */
export function expandNames(flat: Readonly<Record<string, Value>>): MapValue {
  const root: Record<string, Value> = {};
  const names = Object.keys(flat).sort();
  for (const [index, name] of names.entries()) {
    if (names.slice(index + 1).some((other) => other.startsWith(`${name}.`))) continue;
    const parts = name.split('.');
    const last = parts.pop() ?? '';
    let level = root;
    for (const part of parts) {
      const existing = Object.hasOwn(level, part) ? level[part] : undefined;
      const next: Record<string, Value> = existing !== undefined && isMap(existing) ? { ...existing } : {};
      level[part] = next;
      level = next;
    }
    level[last] = flat[name] ?? null;
  }
  return root;
}
