import { loadSchemas, type Schemas } from '../../../checks/schemas/load';
import { type KindSchema, resolve, type Schema } from '../../../checks/schemas/schema';
import { paths } from '../../../cli/project';
import { hasTags } from '../../expressions/tags';
import { FIELD_NAMES } from '../field-names';
import { isFields, type Path, scalarText } from '../fields';
import type { WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { nearest } from '../similar';

/** With the complete definitions of Argo Workflows, and what they hold of pods. */
let schemas: Schemas | undefined;

/** Read with the first workflow: most commands bring the linter along and lint nothing. */
function definitionOf(kind: string): KindSchema | undefined {
  schemas ??= loadSchemas(paths.schemas);
  return schemas.schemaOf('argoproj.io/v1alpha1', kind);
}

/** Fields whose values are of Kubernetes, in which `structure` and `unknown-field` do not look. */
const KUBERNETES_FIELDS = new Set(
  Object.values(FIELD_NAMES).flatMap((fields) =>
    [...fields.matchAll(/(\w+):(?:any|list|map)\b/g)].map(([, name = '']) => name),
  ),
);

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};

interface Mistake extends Problem {
  /** A single value of the wrong type, or a field of a pod that does not exist or is missing. */
  readonly kind: 'type' | 'pod';
}

/** Whether a value stands somewhere inside of what is of Kubernetes. */
function isInPod(at: Path): boolean {
  return at.slice(0, -1).some((key) => KUBERNETES_FIELDS.has(String(key)));
}

/** Compares a value with the definitions, in every depth. */
function* compare(value: unknown, reference: Schema, schema: KindSchema, at: Path): Generator<Mistake> {
  // Argo itself reads any single value of a parameter, which `unquoted-value` is about.
  if (value === undefined || value === null || isParameterText(at)) return;
  const node = resolve(reference, schema);
  const types = node.type === undefined ? [] : [node.type].flat();
  const isSingle = !Array.isArray(value) && !isFields(value);
  if (types.length > 0 && !types.some((type) => isA(value, type))) {
    // Lists and maps in the wrong place are the business of `structure` elsewhere.
    if (isInPod(at) || (isSingle && !types.includes('array') && !types.includes('object'))) {
      yield wrongType(value, types, at);
    }
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (node.items !== undefined) yield* compare(item, node.items, schema, [...at, index]);
    }
  } else if (isFields(value)) {
    yield* compareFields(value, node, schema, at);
  } else {
    yield* compareText(scalarText(value) ?? '', node, at);
  }
}

function* compareFields(
  fields: Readonly<Record<string, unknown>>,
  node: Schema,
  schema: KindSchema,
  at: Path,
): Generator<Mistake> {
  const { properties = {}, additionalProperties, required = [] } = node;
  const given = new Set<string>();
  for (const [field, inner] of Object.entries(fields)) {
    if (inner !== undefined && inner !== null) given.add(field);
    const known = Object.hasOwn(properties, field) ? properties[field] : additionalProperties;
    if (typeof known === 'object') yield* compare(inner, known, schema, [...at, field]);
    // A field that is like none may be of a newer Kubernetes.
    const meant = known === false && isInPod([...at, field]) ? nearest(field, Object.keys(properties)) : undefined;
    if (meant === undefined) continue;
    given.add(meant);
    const what = 'no such field here: the API server drops it silently';
    yield { kind: 'pod', at: [...at, field], what, value: field, fix: `did you mean "${meant}"?` };
  }
  // The key of a cache is another rule's business, and only the complete definitions want it.
  if (!isInPod([...at, '']) || at.includes('memoize')) return;
  for (const field of required.filter((each) => !given.has(each))) {
    yield { kind: 'pod', at, what: `"${field}" is missing: the object or its pod is refused`, fix: `set ${field}` };
  }
}

function* compareText(text: string, node: Schema, at: Path): Generator<Mistake> {
  if (hasTags(text)) return;
  if (node.pattern?.includes('[KMGTPE]i') === true && !new RegExp(node.pattern).test(text)) {
    const fix = 'write a number with a unit, such as 500m, 2 or 512Mi';
    yield { kind: 'type', at, what: 'no quantity', value: text, fix };
  }
  if (node.enum !== undefined && !node.enum.includes(text)) {
    const allowed = node.enum.filter((each) => each !== '').join(', ');
    yield { kind: 'type', at, what: 'none of the values of this field', value: text, fix: `write one of ${allowed}` };
  }
}

function isParameterText(at: Path): boolean {
  const [list, , ...field] = at.slice(at.lastIndexOf('parameters'));
  const names = field.filter((key) => typeof key === 'string').join('.');
  return list === 'parameters' && /^(value|default|enum|valueFrom\.default)$/.test(names);
}

function wrongType(value: unknown, types: readonly string[], at: Path): Mistake {
  const wanted = types.map((type) => TYPES[type] ?? type).join(' or ');
  const what = `${String(at.findLast((key) => typeof key === 'string'))} must be ${wanted}`;
  const fix = types.includes('string') && scalarText(value) !== undefined ? 'write it in quotes' : `write ${wanted}`;
  return { kind: 'type', at, what, value: scalarText(value) ?? JSON.stringify(value).slice(0, 60), fix };
}

function isA(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isFields(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function* mistakes(workflow: WorkflowObject, kind: Mistake['kind']): Generator<Problem> {
  const schema = definitionOf(workflow.kind);
  if (schema === undefined) return;
  const { spec } = workflow.document.object;
  // The definitions leave open what is written into a step or task.
  const inline = workflow.allTemplates.filter((template) => template.inlineOf !== undefined);
  const places = [
    { value: spec, node: schema.properties?.spec ?? {}, at: ['spec'] },
    ...inline.map(({ at, fields }) => ({ value: fields, node: templateSchema(workflow, schema), at })),
  ];
  for (const { value, node, at } of places) {
    for (const { kind: found, ...problem } of compare(value, node, schema, at)) if (found === kind) yield problem;
  }
}

function templateSchema(workflow: WorkflowObject, schema: KindSchema): Schema {
  const templates = [...workflow.spec.at, 'templates'].reduce<Schema>(
    (node, field) => resolve(node, schema).properties?.[String(field)] ?? {},
    schema,
  );
  return resolve(templates, schema).items ?? {};
}

export const FIELD_TYPE_RULES: readonly Rule[] = [
  {
    id: 'field-type',
    severity: 'error',
    why: 'The API server refuses a number where text is meant, such as a variable of a container without quotes; with the minimal definitions it takes the object, which the controller then cannot read: it never begins.',
    check: (workflow) => mistakes(workflow, 'type'),
  },
  {
    id: 'pod-field',
    severity: 'error',
    why: 'The API server drops a misspelt field of a container, volume or other part of a pod without a word, and refuses one that lacks what it needs, if not with the workflow, then with its pod.',
    check: (workflow) => mistakes(workflow, 'pod'),
  },
];
