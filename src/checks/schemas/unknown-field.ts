import { closest, distance } from 'fastest-levenshtein';
import { type FieldPath, formatFieldPath } from './field-path';
import { type KindSchema, resolve, type Schema } from './schema';

/**
 * What to do about a field that its place does not have: the sibling whose name is nearest, the place in the same object
 * that has a field of this name, or to remove it.
 *
 * @param path of the unknown field; its last step is the field's name
 * @param parent schema of the object that it stands in
 */
export function unknownFieldFix(path: FieldPath, parent: Schema, schema: KindSchema): string {
  const field = String(path.at(-1));
  if (field === 'status' && path.length === 1) return 'remove it: the cluster writes it';
  const similar = nearestName(field, Object.keys(parent.properties ?? {}));
  const elsewhere = nearestPlace(path, schema);
  const options = [
    ...(similar === undefined ? [] : [`write "${similar}"`]),
    ...(elsewhere === undefined ? [] : [`move it to ${formatFieldPath(elsewhere)}, where it belongs`]),
  ];
  return options.join(' or ') || 'remove it';
}

/** The name that was probably meant; undefined when none is close. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const byLowerCase = new Map(names.map((candidate) => [candidate.toLowerCase(), candidate]));
  const lower = name.toLowerCase();
  const nearest = closest(lower, [...byLowerCase.keys()]);
  return distance(lower, nearest) <= Math.max(1, Math.floor(name.length / 4)) ? byLowerCase.get(nearest) : undefined;
}

/** Where in the object a field of this name is allowed, as few steps away as possible. */
function nearestPlace(path: FieldPath, schema: KindSchema): FieldPath | undefined {
  const field = String(path.at(-1));
  const parent = path.slice(0, -1);
  let best: { place: FieldPath; steps: number } | undefined;
  const visit = (reference: Schema, place: FieldPath, within: readonly Schema[]) => {
    const node = resolve(reference, schema);
    if (within.includes(node)) return; // a schema that contains itself
    if (node.properties && Object.hasOwn(node.properties, field)) {
      const shared = sharedSteps(place, parent);
      const steps = place.length - shared + (parent.length - shared);
      if (!best || steps < best.steps) best = { place: [...place, field], steps };
    }
    for (const [name, child] of Object.entries(node.properties ?? {}))
      visit(child, [...place, name], [...within, node]);
    // Positions are known on the way to the mistake; other lists get an open one.
    const position = parent[place.length];
    const onTheWay = sharedSteps(place, parent) === place.length && typeof position === 'number';
    if (node.items) visit(node.items, [...place, onTheWay ? position : '[]'], [...within, node]);
  };
  visit(schema, [], []);
  return best?.place;
}

function sharedSteps(a: FieldPath, b: FieldPath): number {
  const end = a.findIndex((step, index) => step !== b[index]);
  return end < 0 ? a.length : end;
}
