import fc from 'fast-check';
import { type KindSchema, resolve, type Schema } from '../../../src/checks/schemas/schema';

/** Values that fit a schema. Optional fields end at a depth. */
export function fitting(reference: Schema, schema: KindSchema, depth: number): fc.Arbitrary<unknown> {
  const node = resolve(reference, schema);
  if (node.enum) return fc.constantFrom(...node.enum);
  const types = node.type === undefined ? ['object'] : [node.type].flat();
  return fc.oneof(...types.map((type) => ofType(type, node, schema, depth)));
}

function ofType(type: string, node: Schema, schema: KindSchema, depth: number): fc.Arbitrary<unknown> {
  switch (type) {
    case 'object':
      return objects(node, schema, depth);
    case 'array':
      return lists(node, schema, depth);
    case 'string':
      return strings(node);
    case 'integer':
      return fc.integer({ min: node.minimum ?? -(2 ** 31) + 1, max: node.maximum ?? 2 ** 31 - 1 });
    case 'number':
      return fc.integer({ min: 0, max: 1000 });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constant(null);
  }
}

function objects(node: Schema, schema: KindSchema, depth: number): fc.Arbitrary<unknown> {
  if (!node.properties) {
    const values = typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined;
    if (!values || depth <= 0) return fc.constant({});
    const keys = fc.constantFrom('a', 'example.com/b', 'constructor');
    return fc.dictionary(keys, fitting(values, schema, depth - 1), { maxKeys: 2 });
  }
  if (node.maxProperties === 1) {
    const alternatives = Object.entries(node.properties).map(([name, field]) =>
      fc.record({ [name]: fitting(field, schema, depth - 1) }),
    );
    return fc.oneof(...alternatives);
  }
  const required = new Set(node.required);
  const fields = Object.entries(node.properties).filter(([name]) => required.has(name) || depth > 0);
  return fc.record(Object.fromEntries(fields.map(([name, field]) => [name, fitting(field, schema, depth - 1)])), {
    requiredKeys: [...required],
  });
}

function lists(node: Schema, schema: KindSchema, depth: number): fc.Arbitrary<unknown> {
  const minLength = node.minItems ?? 0;
  if (!node.items || (depth <= 0 && minLength === 0)) return fc.constant([]);
  const keys = node['x-kubernetes-list-map-keys'];
  const identity = (item: unknown) =>
    JSON.stringify(keys?.map((key) => (item as Record<string, unknown>)[key]) ?? item);
  const items = fitting(node.items, schema, depth - 1);
  const options = { minLength, maxLength: Math.max(minLength, 2) };
  return keys || node.uniqueItems
    ? fc.uniqueArray(items, { ...options, selector: identity })
    : fc.array(items, options);
}

function strings({ pattern, minLength, maxLength }: Schema): fc.Arbitrary<string> {
  if (pattern === undefined) return fc.string({ minLength: minLength ?? 0, maxLength: Math.max(minLength ?? 0, 8) });
  return fc
    .stringMatching(new RegExp(pattern))
    .filter(({ length }) => length >= (minLength ?? 0) && length <= (maxLength ?? length));
}
