import { FIELD_NAMES } from './field-names';
import { isFields, isSet, listOf, type Path } from './fields';

/** How a value must look: a scalar, something that is not looked into, or a type of {@link FIELD_NAMES}. */
interface Shape {
  readonly kind: 'scalar' | 'list' | 'map' | 'any' | 'object';
  readonly type: string;
  /** How many lists stand around it. */
  readonly lists: number;
  /** It is a map from names to such objects. */
  readonly named: boolean;
}

/** A field that does not exist, or a value of the wrong shape. */
export type ShapeProblem =
  | { readonly kind: 'unknown'; readonly at: Path; readonly field: string; readonly known: readonly string[] }
  | { readonly kind: 'shape'; readonly at: Path; readonly expected: string; readonly value: unknown };

const TYPES: ReadonlyMap<string, ReadonlyMap<string, Shape>> = new Map(
  Object.entries(FIELD_NAMES).map(([type, text]) => [
    type,
    new Map(
      text
        .trim()
        .split(/\s+/)
        .map((field) => {
          const [name = '', shape = 'scalar'] = field.split(':');
          return [name, readShape(shape)];
        }),
    ),
  ]),
);

function readShape(text: string): Shape {
  if (text === 'scalar' || text === 'list' || text === 'map' || text === 'any') {
    return { kind: text, type: '', lists: 0, named: false };
  }
  const type = text.replace(/[[\]{}]/g, '');
  return { kind: 'object', type, lists: text.split('[]').length - 1, named: text.startsWith('{') };
}

/** Compares a value with a type of {@link FIELD_NAMES}, into every depth. */
export function* checkShape(value: unknown, type: string, at: Path): Generator<ShapeProblem> {
  const fields = TYPES.get(type);
  if (fields === undefined || !isSet(value)) return;
  if (!isFields(value)) {
    yield { kind: 'shape', at, expected: 'a map', value };
    return;
  }
  for (const [field, inner] of Object.entries(value)) {
    const shape = fields.get(field);
    if (shape === undefined) yield { kind: 'unknown', at: [...at, field], field, known: [...fields.keys()] };
    else yield* checkValue(inner, shape, [...at, field]);
  }
}

function* checkValue(value: unknown, shape: Shape, at: Path): Generator<ShapeProblem> {
  if (value === undefined || value === null) return;
  // A parameter's value may be written as an object, which another rule is about.
  const free = shape.kind === 'any' || at.at(-1) === 'value' || at.at(-1) === 'default';
  if (free) return;
  if (shape.kind === 'scalar') {
    if (typeof value === 'object') yield { kind: 'shape', at, expected: 'a single value', value };
  } else if (shape.kind === 'list' || shape.lists > 0) {
    if (Array.isArray(value)) yield* checkItems(value, shape, at);
    else yield { kind: 'shape', at, expected: 'a list', value };
  } else if (!isFields(value)) {
    yield { kind: 'shape', at, expected: 'a map', value };
  } else if (shape.named) {
    for (const [name, item] of Object.entries(value)) yield* checkShape(item, shape.type, [...at, name]);
  } else if (shape.kind === 'object') {
    yield* checkShape(value, shape.type, at);
  }
}

function* checkItems(list: readonly unknown[], shape: Shape, at: Path): Generator<ShapeProblem> {
  if (shape.kind !== 'object') return;
  for (const [index, item] of list.entries()) {
    // A group of steps may be written as the one step that it holds.
    const items = shape.lists > 1 && Array.isArray(item) ? listOf(item).entries() : [[undefined, item] as const];
    for (const [inner, each] of items) {
      const place = inner === undefined ? [...at, index] : [...at, index, inner];
      if (isFields(each)) yield* checkShape(each, shape.type, place);
      else yield { kind: 'shape', at: place, expected: 'a map', value: each };
    }
  }
}
