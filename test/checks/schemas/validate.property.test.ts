import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type FieldPath, formatFieldPath } from '../../../src/checks/schemas/field-path';
import { type KindSchema, resolve, type Schema } from '../../../src/checks/schemas/schema';
import { validate } from '../../../src/checks/schemas/validate';
import { fitting } from './arbitrary';
import { platformSchemas } from './platform-schemas';

const kinds = Object.entries(platformSchemas.kinds).flatMap(([apiVersion, names]) =>
  Object.keys(names).map((kind) => ({ apiVersion, kind })),
);

test.each(kinds)(
  '$apiVersion $kind: what fits is accepted, an unknown field in it is found',
  ({ apiVersion, kind }) => {
    const schema = platformSchemas.schemaOf(apiVersion, kind);
    if (!schema) throw new Error(`${kind} has no schema`);
    fc.assert(
      fc.property(fitting(schema, schema, 4), fc.nat(), (valid, pick) => {
        expect(validate(valid, schema)).toEqual([]);
        const value = structuredClone(valid);
        const places = closedObjects(value, schema);
        const place = places[pick % places.length];
        if (!place) throw new Error('an object of a kind is closed itself');
        place.object.unknownField = 1;
        const fields = validate(value, schema).map(({ field }) => field);
        expect(fields).toContain(formatFieldPath([...place.path, 'unknownField']));
      }),
      { numRuns: 5 },
    );
  },
);

interface Place {
  readonly path: FieldPath;
  readonly object: Record<string, unknown>;
}

/** Objects within a value that take only the fields of their schema. */
function closedObjects(value: unknown, schema: KindSchema): Place[] {
  const places: Place[] = [];
  const visit = (value: unknown, reference: Schema | false | undefined, path: FieldPath) => {
    if (!reference) return;
    const node = resolve(reference, schema);
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, node.items, [...path, index]);
    } else if (typeof value === 'object' && value !== null) {
      const object = value as Record<string, unknown>;
      if (node.additionalProperties === false) places.push({ path, object });
      for (const [name, child] of Object.entries(object)) {
        const known = node.properties && Object.hasOwn(node.properties, name) ? node.properties[name] : undefined;
        visit(child, known ?? node.additionalProperties, [...path, name]);
      }
    }
  };
  visit(value, schema, []);
  return places;
}
