import { diffArrays } from 'diff';

/** An item of a list whose items have names: the field that names them, and this one's name. */
export interface Named {
  readonly by: string;
  readonly name: string | number;
}

/** One step from a value into it: a field, a position in a list, or a named item of a list. */
export type Step = string | number | Named;

/**
 * One difference between two values.
 *
 * A position in a list counts in the new list, except that of a removed item, which counts in the old one. Named items
 * of a list that are added come at its end, in the order in which they are listed, unless the list is `reordered`.
 */
export type FieldChange = { readonly path: readonly Step[] } & (
  | { readonly type: 'added'; readonly after: unknown }
  | { readonly type: 'removed'; readonly before: unknown }
  | { readonly type: 'changed'; readonly before: unknown; readonly after: unknown }
  | {
      /** Names of the items in their old and new order. */
      readonly type: 'reordered';
      readonly before: readonly (string | number)[];
      readonly after: readonly (string | number)[];
    }
);

/** Fields that name the items of Kubernetes lists, the usual one first. */
const NAMING_FIELDS = ['name', 'mountPath', 'containerPort', 'port', 'key', 'topologyKey'];

/** Where more lines or items than these differ, nobody reads which ones were kept, and finding out takes long. */
export const MOST_EDITS = 500;

/**
 * Every difference between two plain values, in order of path. Lists of named items, such as containers, variables,
 * volumes and ports, are compared by name; other lists by the longest common sequence of equal items.
 */
export function compareValues(before: unknown, after: unknown, path: readonly Step[] = []): FieldChange[] {
  if (Object.is(before, after)) return [];
  if (isRecord(before) && isRecord(after)) return compareRecords(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) {
    const by = namingField(before, after);
    return by === undefined ? compareLists(before, after, path) : compareNamed(before, after, by, path);
  }
  return [{ type: 'changed', path, before, after }];
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function compareRecords(before: Fields, after: Fields, path: readonly Step[]): FieldChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key): FieldChange[] => {
    const here = [...path, key];
    if (!Object.hasOwn(before, key)) return [{ type: 'added', path: here, after: after[key] }];
    if (!Object.hasOwn(after, key)) return [{ type: 'removed', path: here, before: before[key] }];
    return compareValues(before[key], after[key], here);
  });
}

/** The field by whose value every item of both lists can be told apart. */
function namingField(before: readonly unknown[], after: readonly unknown[]): string | undefined {
  return NAMING_FIELDS.find((field) => areNamedBy(before, field) && areNamedBy(after, field));
}

function areNamedBy(items: readonly unknown[], field: string): boolean {
  const names = new Set(items.map((item) => nameOf(item, field)));
  return names.size === items.length && !names.has(undefined);
}

function nameOf(item: unknown, field: string): string | number | undefined {
  const name = isRecord(item) && Object.hasOwn(item, field) ? item[field] : undefined;
  return typeof name === 'string' || typeof name === 'number' ? name : undefined;
}

function compareNamed(
  before: readonly unknown[],
  after: readonly unknown[],
  by: string,
  path: readonly Step[],
): FieldChange[] {
  const index = (items: readonly unknown[]) =>
    new Map(
      items.flatMap((item): [string | number, unknown][] => {
        const name = nameOf(item, by);
        return name === undefined ? [] : [[name, item]];
      }),
    );
  const [old, now] = [index(before), index(after)];
  const changes: FieldChange[] = [];
  for (const [name, item] of old) {
    const here = [...path, { by, name }];
    if (now.has(name)) changes.push(...compareValues(item, now.get(name), here));
    else changes.push({ type: 'removed', path: here, before: item });
  }
  const kept = [...old.keys()].filter((name) => now.has(name));
  const added = [...now.keys()].filter((name) => !old.has(name));
  for (const name of added) changes.push({ type: 'added', path: [...path, { by, name }], after: now.get(name) });
  const names = [...now.keys()];
  if (!isEqual([...kept, ...added], names)) {
    changes.push({ type: 'reordered', path, before: [...old.keys()], after: names });
  }
  return changes;
}

function compareLists(before: readonly unknown[], after: readonly unknown[], path: readonly Step[]): FieldChange[] {
  const changes: FieldChange[] = [];
  let [from, to] = [0, 0];
  let removed: unknown[] = [];
  let added: unknown[] = [];
  const flush = () => {
    // An item in the place of one of the same shape is that one, changed.
    const pairs = Math.min(removed.length, added.length);
    for (let i = 0; i < Math.max(removed.length, added.length); i++) {
      const paired = i < pairs && isSameShape(removed[i], added[i]);
      if (paired) changes.push(...compareValues(removed[i], added[i], [...path, to + i]));
      else {
        if (i < removed.length) changes.push({ type: 'removed', path: [...path, from + i], before: removed[i] });
        if (i < added.length) changes.push({ type: 'added', path: [...path, to + i], after: added[i] });
      }
    }
    from += removed.length;
    to += added.length;
    [removed, added] = [[], []];
  };
  const parts = diffArrays([...before], [...after], { comparator: isEqual, maxEditLength: MOST_EDITS }) ?? [
    { removed: true, added: false, value: before },
    { removed: false, added: true, value: after },
  ];
  for (const part of parts) {
    if (part.removed) removed.push(...part.value);
    else if (part.added) added.push(...part.value);
    else {
      flush();
      from += part.value.length;
      to += part.value.length;
    }
  }
  flush();
  return changes;
}

/** Whether two plain values are the same, whatever the order of their fields. */
function isEqual(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isEqual(item, other[index]));
  }
  if (!isRecord(one) || !isRecord(other)) return Object.is(one, other);
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isEqual(one[key], other[key]))
  );
}

function isSameShape(one: unknown, other: unknown): boolean {
  if (isRecord(one) && isRecord(other)) return isEqual(Object.keys(one).sort(), Object.keys(other).sort());
  return typeof one !== 'object' && typeof other !== 'object';
}

/** `spec.containers[api].env[MODE].value`; a field that is no plain word is quoted: `metadata.labels["a/b"]`. */
export function formatPath(path: readonly Step[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (typeof step === 'object') return `${text}[${step.name}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
