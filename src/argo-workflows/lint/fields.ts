/** A place in a YAML document: names of fields and indices of lists. */
export type Path = readonly (string | number)[];

/** A map of a YAML document, whose values nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** A map together with its place. */
export interface Part {
  readonly at: Path;
  readonly fields: Fields;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a map; an empty one when it is something else. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The value as a list; an empty one when it is something else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as text when it is text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What Argo reads from a field that takes any scalar: the text of a string, number or boolean. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A field that Go would call set: there, and neither null nor empty text. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** The part below `part` at a field. */
export function partAt(part: Part, ...keys: Path): Part {
  const value = keys.reduce<unknown>((inner, key) => fieldOrItem(inner, key), part.fields);
  return { at: [...part.at, ...keys], fields: fieldsOf(value) };
}

/** The maps of the list below `part` at a field, each with its place. */
export function partsAt(part: Part, ...keys: Path): readonly Part[] {
  const list = listOf(keys.reduce<unknown>((inner, key) => fieldOrItem(inner, key), part.fields));
  return list.flatMap((item, index) => (isFields(item) ? [{ at: [...part.at, ...keys, index], fields: item }] : []));
}

/** The value of a map's field or of a list's item; undefined when there is none. */
export function fieldOrItem(value: unknown, key: string | number): unknown {
  return typeof key === 'number' ? listOf(value)[key] : fieldsOf(value)[key];
}

/** Every text inside a value with its place, in the order of writing. */
export function* textsIn(value: unknown, at: Path): Generator<{ readonly at: Path; readonly text: string }> {
  if (typeof value === 'string') {
    yield { at, text: value };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* textsIn(item, [...at, index]);
  } else if (isFields(value)) {
    for (const [key, item] of Object.entries(value)) yield* textsIn(item, [...at, key]);
  }
}
