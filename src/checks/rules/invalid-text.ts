import type { RenderedObject } from '../../render/model';
import type { Check, Finding } from '../check';

/** NUL, or half of a surrogate pair. */
const INVALID = /[\0\p{Surrogate}]/u;

/** Text that UTF-8, YAML or the API server cannot carry, and numbers that JSON cannot. */
export const invalidText: Check = {
  id: 'invalid-text',
  severity: 'error',
  why: 'Half a character becomes another one on its way through UTF-8, NUL ends a file early, and JSON has no infinite numbers.',
  *run({ objects }) {
    for (const object of objects) yield* visit(object, object.manifest, '');
  },
};

function* visit(object: RenderedObject, value: unknown, path: string): Generator<Finding> {
  if (typeof value === 'string') {
    if (INVALID.test(value)) {
      const fix = 'remove the NUL or the broken character; binary data goes into binaryData in base64';
      yield { object, field: path, what: 'holds a character that cannot be written', got: escaped(value), fix };
    }
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value))
      yield { object, field: path, what: 'is not a finite number', got: String(value), fix: 'write a number' };
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      if (mayBeInvalid(value[index])) yield* visit(object, value[index], `${path}[${index}]`);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const key in value) {
      const field = path ? `${path}.${key}` : key;
      if (INVALID.test(key))
        yield {
          object,
          field: escaped(field),
          what: 'has a key that cannot be written',
          got: escaped(key),
          fix: 'correct the key',
        };
      const child = (value as Record<string, unknown>)[key];
      if (mayBeInvalid(child)) yield* visit(object, child, field);
    }
  }
}

/** Spares a generator for each of the many values that are right. */
function mayBeInvalid(value: unknown): boolean {
  if (typeof value === 'string') return INVALID.test(value);
  return typeof value === 'number' ? !Number.isFinite(value) : typeof value === 'object' && value !== null;
}

function escaped(text: string): string {
  return text
    .slice(0, 60)
    .replace(/[\0\p{Surrogate}]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
