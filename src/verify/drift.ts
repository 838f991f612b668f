import { at, items, list, text } from '../checks/read';
import { compareValues, type FieldChange, formatPath } from '../render/diff/values';
import { apiGroup, type Manifest } from '../render/model';

/** Differences that are told of one object; the rest is counted. */
const MOST_DIFFERENCES = 4;
const LONGEST_VALUE = 80;

/**
 * How a live object differs from what it would be after an apply; undefined when it does not. What the API server and
 * controllers write for themselves, and what its Application ignores, is no difference. Values of Secrets are not told.
 */
export function driftOf(live: Manifest, applied: Manifest, ignored: readonly string[]): string | undefined {
  const differences = compareValues(stripped(live, ignored), stripped(applied, ignored)).map((change) =>
    describe(change, live.kind === 'Secret' ? () => 'hidden' : short),
  );
  if (differences.length === 0) return undefined;
  const more = differences.length - MOST_DIFFERENCES;
  return [...differences.slice(0, MOST_DIFFERENCES), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function describe(change: FieldChange, shown: (value: unknown) => string): string {
  const path = formatPath(change.path);
  switch (change.type) {
    case 'added':
      return `${path} is missing (${shown(change.after)})`;
    case 'removed':
      return `${path} is too much (${shown(change.before)})`;
    case 'reordered':
      return `${path} has another order`;
    case 'changed':
      return `${path} is ${shown(change.before)} and not ${shown(change.after)}`;
  }
}

function short(value: unknown): string {
  const json = JSON.stringify(value) ?? '';
  return json.length > LONGEST_VALUE ? `${json.slice(0, LONGEST_VALUE)}…` : json;
}

function stripped(object: Manifest, ignored: readonly string[]): unknown {
  const copy = structuredClone(object) as Record<string, unknown> & { metadata: Record<string, unknown> };
  for (const field of ['managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'uid'])
    delete copy.metadata[field];
  delete copy.status;
  for (const pointer of ignored) remove(copy, pointer);
  return copy;
}

/** @see https://datatracker.ietf.org/doc/html/rfc6901 */
function remove(object: Record<string, unknown>, pointer: string): void {
  const steps = pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop() ?? '';
  const parent = at(object, ...steps);
  if (typeof parent === 'object' && parent !== null) delete (parent as Record<string, unknown>)[last];
}

/** Fields of an object that its Application leaves to others, as JSON pointers. */
export function ignoredIn(application: Manifest | undefined, { apiVersion, kind, metadata }: Manifest): string[] {
  return items(at(application, 'spec', 'ignoreDifferences'), '').flatMap(({ value: one }) => {
    const meant =
      (text(one.group) ?? '') === apiGroup(apiVersion) &&
      one.kind === kind &&
      [undefined, metadata.name].includes(text(one.name));
    return meant ? list(one.jsonPointers).flatMap((pointer) => text(pointer) ?? []) : [];
  });
}
