import type { GroupVersionKind, KindSchema, Schema, Scope } from './schema';
import { shareSubtrees } from './share';

/** A node of an API server's OpenAPI v3 document. */
export interface OpenApiNode {
  readonly [keyword: string]: unknown;
}

export interface OpenApiDocument {
  readonly components: { readonly schemas: Readonly<Record<string, OpenApiNode>> };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What a Kubernetes quantity looks like; OpenAPI has no word for it. */
const QUANTITY = '^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$';

const REFERENCE = '#/components/schemas/';

/** Bounds that mean the same here and there. */
const BOUNDS = [
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'uniqueItems',
] as const;

/**
 * Makes the schema file of a kind out of the document of its API version.
 *
 * Descriptions and defaults go, and so does the top-level `status`, which the cluster writes and Git must not. Objects
 * are closed where the API server reports unknown fields. Not kept are CEL rules, combinations such as `oneOf` (they are
 * judged after defaults are filled in), and patterns that JavaScript reads differently from Go.
 *
 * @throws when the document does not define the kind
 */
export function kindSchema(document: OpenApiDocument, id: GroupVersionKind, scope: Scope): KindSchema {
  const { schemas } = document.components;
  const name = Object.keys(schemas).find((key) => definesKind(schemas[key], id));
  if (name === undefined) throw new Error(`the API server does not describe ${id.group}/${id.version} ${id.kind}`);
  const definitions = new Map<string, Schema>();
  const converter: Converter = {
    reference: (target) => {
      const definition = schemas[target];
      if (!definition) throw new Error(`${id.kind}: ${target} is not defined`);
      const isScalar = !definition.properties && !target.endsWith('.Quantity');
      if (isScalar) return convert(definition, target, converter);
      const short = shortName(target);
      if (!definitions.has(short)) {
        definitions.set(short, {}); // definitions may contain themselves
        definitions.set(short, convert(definition, target, converter));
      }
      return { $ref: `#/$defs/${short}` };
    },
  };
  const { status: _status, ...properties } = asNode(schemas[name]?.properties);
  const kind = convert({ ...schemas[name], properties }, name, converter);
  const required = ['apiVersion', 'kind', 'metadata', ...(kind.required ?? []).filter((field) => field !== 'status')];
  const root: Schema = { ...kind, additionalProperties: false, required: [...new Set(required)] };
  const shared = shareSubtrees(root, definitions);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    'x-kubernetes-group-version-kind': [id],
    'x-kubernetes-scope': scope,
    ...shared.root,
    $defs: shared.definitions,
  };
}

interface Converter {
  readonly reference: (definition: string) => Schema;
}

function definesKind(node: OpenApiNode | undefined, { group, version, kind }: GroupVersionKind): boolean {
  const kinds = node?.['x-kubernetes-group-version-kind'];
  return (
    Array.isArray(kinds) &&
    kinds.length === 1 &&
    kinds.some((other) => other.group === group && other.version === version && other.kind === kind)
  );
}

/** `v1.PodSpec` of `io.k8s.api.core.v1.PodSpec`: unique within the document of one API version. */
function shortName(definition: string): string {
  return definition.split('.').slice(-2).join('.');
}

/** @param owner the definition that the node stands in; those of Kubernetes itself follow other rules than CRDs */
function convert(node: OpenApiNode, owner: string, converter: Converter): Schema {
  if (owner.endsWith('.api.resource.Quantity')) return { pattern: QUANTITY, type: ['string', 'number'] };
  if (owner.endsWith('.util.intstr.IntOrString')) return { type: ['integer', 'string'] };
  const builtIn = owner.startsWith('io.k8s.');
  const target = referenceOf(node);
  if (target) return converter.reference(target);
  const schema: Writable<Schema> = {};
  const intOrString = node['x-kubernetes-int-or-string'] === true;
  if (typeof node.type === 'string') schema.type = node.nullable ? [node.type, 'null'] : node.type;
  if (intOrString) schema.type = ['integer', 'string'];
  if (Array.isArray(node.enum)) schema.enum = node.enum;
  if (node.format === 'int32') schema.format = 'int32';
  if (typeof node.pattern === 'string' && portable(node.pattern)) schema.pattern = node.pattern;
  for (const bound of BOUNDS) {
    const value = node[bound];
    if (value !== undefined) Object.assign(schema, { [bound]: value });
  }
  if (Array.isArray(node['x-kubernetes-list-map-keys']))
    schema['x-kubernetes-list-map-keys'] = node['x-kubernetes-list-map-keys'];
  if (node['x-kubernetes-list-type'] === 'set') schema.uniqueItems = true;
  if (isNode(node.items)) schema.items = convert(node.items, owner, converter);

  const properties = isNode(node.properties) ? node.properties : undefined;
  if (properties) {
    schema.properties = mapValues(properties, (property) => convert(asNode(property), owner, converter));
  }
  // The API server fills in the defaults of a CRD before it looks for required fields; it does not do so for its own
  // kinds, whose defaults are those of Go.
  const hasDefault = (field: string) => !builtIn && asNode(properties?.[field]).default !== undefined;
  const required = strings(node.required).filter((field) => !hasDefault(field));
  if (required.length > 0) schema.required = required.sort();
  if (isNode(node.additionalProperties)) {
    schema.additionalProperties = convert(node.additionalProperties, owner, converter);
  } else if (isClosed(node, builtIn)) schema.additionalProperties = false;

  return schema;
}

/**
 * An object takes no other fields than its own. One without any stands for arbitrary JSON in Kubernetes' own kinds, and
 * for an empty object in a CRD.
 */
function isClosed(node: OpenApiNode, builtIn: boolean): boolean {
  if (node.type !== 'object' || node['x-kubernetes-preserve-unknown-fields'] === true) return false;
  if (node.additionalProperties === true || node['x-kubernetes-embedded-resource'] === true) return false;
  return node.properties !== undefined || !builtIn;
}

/** The definition that a node is, alone or wrapped in `allOf` to stand beside a description. */
function referenceOf(node: OpenApiNode): string | undefined {
  if (typeof node.$ref === 'string') return node.$ref.slice(REFERENCE.length);
  const [only, ...others] = Array.isArray(node.allOf) ? node.allOf : [];
  return others.length === 0 && typeof only?.$ref === 'string' ? only.$ref.slice(REFERENCE.length) : undefined;
}

/** Leaves out flags, character classes and anchors that only Go knows. */
function portable(pattern: string): boolean {
  if (/\(\?[^:]|\\[AzQEpP]|\[\[:|\\C/.test(pattern)) return false;
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

function isNode(value: unknown): value is OpenApiNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asNode(value: unknown): OpenApiNode {
  return isNode(value) ? value : {};
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function mapValues<T>(record: Readonly<Record<string, unknown>>, change: (value: unknown) => T): Record<string, T> {
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, change(record[key])]),
  );
}
