import { join } from 'node:path';
import { loadSchemas } from '../../../checks/schemas/load';
import { type KindSchema, resolve, type Schema } from '../../../checks/schemas/schema';
import { hasTags } from '../../expressions/tags';
import { isFields, type Path, scalarText } from '../fields';
import type { WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';

/** The complete definitions of Argo Workflows, with what they hold of pods. */
const SCHEMAS = loadSchemas(join(__dirname, '..', '..', '..', '..', 'schemas'));

const SCALARS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
};

/** Argo itself reads any single value here, and `unquoted-value` is about them. */
function isParameterText(at: Path): boolean {
  const [list, , ...field] = at.slice(at.lastIndexOf('parameters'));
  return list === 'parameters' && /^(value|default|enum|valueFrom\.default)$/.test(field.filter(isName).join('.'));
}

function isName(key: string | number): key is string {
  return typeof key === 'string';
}

/** Single values of the wrong type, in every depth; lists and maps in their place are another rule's business. */
function* wrongTypes(value: unknown, reference: Schema, schema: KindSchema, at: Path): Generator<Problem> {
  if (value === undefined || value === null) return;
  const node = resolve(reference, schema);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      if (node.items !== undefined) yield* wrongTypes(item, node.items, schema, [...at, index]);
  } else if (isFields(value)) {
    for (const [field, inner] of Object.entries(value)) {
      const known = node.properties?.[field] ?? node.additionalProperties;
      if (typeof known === 'object') yield* wrongTypes(inner, known, schema, [...at, field]);
    }
  } else {
    yield* wrongScalar(value, node, at);
  }
}

function* wrongScalar(value: unknown, node: Schema, at: Path): Generator<Problem> {
  if (isParameterText(at)) return;
  const text = scalarText(value) ?? '';
  const types = node.type === undefined ? [] : [node.type].flat();
  const isQuantity = node.pattern?.includes('[KMGTPE]i') === true;
  if (isQuantity && !(typeof value === 'number' && !Number.isInteger(value))) {
    if (hasTags(text) || new RegExp(node.pattern ?? '').test(text)) return;
    yield { at, what: 'no quantity', value: text, fix: 'write a number with a unit, such as 500m, 2 or 512Mi' };
    return;
  }
  if (types.length === 0 || types.some((type) => SCALARS[type] === undefined || isA(value, type))) return;
  const wanted = types.map((type) => SCALARS[type]).join(' or ');
  const what = `${String(at.findLast((key) => typeof key === 'string'))} must be ${wanted}`;
  yield { at, what, value: text, fix: types.includes('string') ? 'write it in quotes' : `write ${wanted}` };
}

function isA(value: unknown, type: string): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function* fieldTypes(workflow: WorkflowObject): Generator<Problem> {
  const schema = SCHEMAS.schemaOf('argoproj.io/v1alpha1', workflow.kind);
  if (schema === undefined) return;
  const { spec, metadata } = workflow.document.object;
  yield* wrongTypes({ spec, metadata }, schema, schema, []);
  // The definitions leave open what is written into a step or task.
  const inline = workflow.allTemplates.filter((template) => template.inlineOf !== undefined);
  const template = templateSchema(workflow, schema);
  for (const { at, fields } of inline) yield* wrongTypes(fields, template, schema, at);
}

function templateSchema(workflow: WorkflowObject, schema: KindSchema): Schema {
  const spec = [...workflow.spec.at, 'templates'].reduce<Schema>(
    (node, field) => resolve(node, schema).properties?.[field] ?? {},
    schema,
  );
  return resolve(spec, schema).items ?? {};
}

export const FIELD_TYPE_RULES: readonly Rule[] = [
  {
    id: 'field-type',
    severity: 'error',
    why: 'The API server refuses a number where text is meant, such as a variable of a container without quotes; with the minimal definitions it takes the object, which the controller then cannot read: it never begins.',
    check: fieldTypes,
  },
];
