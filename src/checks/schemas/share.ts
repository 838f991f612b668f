import type { Schema } from './schema';

/** Subtrees shorter than this are repeated: a reference would hardly save anything and reads worse. */
const WORTH_SHARING = 100;

interface Subtree {
  uses: number;
  name: string;
  shared?: string;
}

/**
 * Moves subtrees that occur more than once into definitions of their own, named after the field that they describe.
 * The full schema of a WorkflowTemplate repeats that of a container more than fifty times.
 */
export function shareSubtrees(
  root: Schema,
  definitions: ReadonlyMap<string, Schema>,
): { root: Schema; definitions: Record<string, Schema> } {
  const subtrees = new Map<string, Subtree>();
  const count = (schema: Schema, name: string) => {
    const key = JSON.stringify(schema);
    const known = subtrees.get(key);
    if (known) {
      known.uses++;
      return;
    }
    subtrees.set(key, { uses: 1, name });
    for (const [field, child] of children(schema)) count(child, field ?? name);
  };
  count(root, 'root');
  for (const [name, schema] of definitions) count(schema, name);

  const shared: Record<string, Schema> = {};
  const share = (schema: Schema): Schema => {
    const key = JSON.stringify(schema);
    const subtree = subtrees.get(key);
    if (!subtree || subtree.uses < 2 || key.length < WORTH_SHARING) return mapChildren(schema, share);
    if (subtree.shared === undefined) {
      subtree.shared = freeName(subtree.name, (name) => name in shared || definitions.has(name));
      shared[subtree.shared] = {}; // takes the name before the children look for theirs
      shared[subtree.shared] = mapChildren(schema, share);
    }
    return { $ref: `#/$defs/${subtree.shared}` };
  };
  const newRoot = mapChildren(root, share);
  for (const [name, schema] of definitions) shared[name] = mapChildren(schema, share);
  const sorted = Object.entries(shared).sort(([a], [b]) => (a < b ? -1 : 1));
  return { root: newRoot, definitions: Object.fromEntries(sorted) };
}

function freeName(name: string, taken: (name: string) => boolean): string {
  if (!taken(name)) return name;
  let number = 2;
  while (taken(`${name}.${number}`)) number++;
  return `${name}.${number}`;
}

function* children(schema: Schema): Iterable<[field: string | undefined, child: Schema]> {
  yield* Object.entries(schema.properties ?? {});
  if (schema.additionalProperties) yield [undefined, schema.additionalProperties];
  if (schema.items) yield [undefined, schema.items];
}

function mapChildren(schema: Schema, change: (child: Schema) => Schema): Schema {
  return {
    ...schema,
    ...(schema.properties && {
      properties: Object.fromEntries(Object.entries(schema.properties).map(([key, child]) => [key, change(child)])),
    }),
    ...(schema.additionalProperties && { additionalProperties: change(schema.additionalProperties) }),
    ...(schema.items && { items: change(schema.items) }),
  };
}
