/** An object of unknown shape. Rules read hand-written and broken objects too: nothing about a field can be assumed. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = Object.freeze({});

/** The value as an object; an empty one when it is something else. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : NONE;
}

/** The value as a list; an empty one when it is something else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value when it is a string with something in it. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A string, number or boolean as text; nothing for what has no text of its own. */
export function scalar(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The value when it is a finite number. */
export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The value below these keys; undefined as soon as one is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    const parent = fields(current);
    current = Object.hasOwn(parent, key) ? parent[key] : undefined;
  }
  return current;
}

/** The entries whose values are strings, such as labels. */
export function strings(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Items of a list with their path, such as `spec.rules[0]`. */
export function items(value: unknown, path: string): { readonly value: Fields; readonly path: string }[] {
  return list(value).map((item, index) => ({ value: fields(item), path: `${path}[${index}]` }));
}

/** Whether Argo Workflows fills this in when it runs; nothing can be said about it before. */
export function isExpression(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{');
}
