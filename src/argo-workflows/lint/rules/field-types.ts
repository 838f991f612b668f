import { hasTags } from '../../expressions/tags';
import { isScalar, TEMPLATE, type Type } from '../../language/raw/definition';
import { parseQuantity } from '../../quantity';
import { FIELD_NAMES } from '../field-names';
import { type Fields, fieldsOf, type Path, scalarText } from '../fields';
import type { WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { nearest } from '../similar';

/** Fields whose values are of Kubernetes, in which `structure` and `unknown-field` do not look. */
const KUBERNETES_FIELDS = new Set(
  Object.values(FIELD_NAMES).flatMap((fields) =>
    [...fields.matchAll(/(\w+):(?:any|list|map)\b/g)].map(([, name = '']) => name),
  ),
);

const TITLES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  'int-or-string': 'an integer or text',
};

interface Mistake extends Problem {
  /** A single value of the wrong type, or a field of a pod that does not exist or is missing. */
  readonly kind: 'type' | 'pod';
}

/** Whether a value stands somewhere inside of what is of Kubernetes. */
function isInPod(at: Path): boolean {
  return at.slice(0, -1).some((key) => KUBERNETES_FIELDS.has(String(key)));
}

/** Compares a value with the definition, in every depth. */
function* compare(value: unknown, type: Type, at: Path): Generator<Mistake> {
  // Argo itself reads any single value of a parameter, which `unquoted-value` is about.
  if (value === undefined || value === null || isParameterText(at)) return;
  if (typeof type === 'string') {
    yield* compareSingle(value, type, at);
    return;
  }
  const { fields, items, values, required = [] } = TEMPLATE.types[type] ?? {};
  if (Array.isArray(value) !== (items !== undefined) || typeof value !== 'object') {
    // Elsewhere this is the business of `structure`.
    if (isInPod(at)) yield wrongType(value, items === undefined ? 'a map' : 'a list', at);
  } else if (items !== undefined && Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* compare(item, items, [...at, index]);
  } else if (values !== undefined) {
    for (const [key, item] of Object.entries(value)) yield* compare(item, values, [...at, key]);
  } else if (fields !== undefined) {
    yield* compareFields(fieldsOf(value), fields, required, at);
  }
}

function* compareSingle(value: unknown, type: string, at: Path): Generator<Mistake> {
  const title = TITLES[type];
  if (title === undefined || (typeof value === 'object' && !isInPod(at))) return;
  const text = scalarText(value) ?? '';
  if (!isScalar(value, type)) yield wrongType(value, title, at);
  else if (isQuantity(at) && !hasTags(text) && parseQuantity(text) === undefined) {
    const fix = 'write a number with a unit, such as 500m, 2 or 512Mi';
    yield { kind: 'type', at, what: 'no quantity', value: text, fix };
  }
}

function isQuantity(at: Path): boolean {
  return at.at(-3) === 'resources' && (at.at(-2) === 'limits' || at.at(-2) === 'requests');
}

function* compareFields(
  given: Fields,
  known: Readonly<Record<string, Type>>,
  required: readonly string[],
  at: Path,
): Generator<Mistake> {
  const names = new Set<string>();
  for (const [field, value] of Object.entries(given)) {
    const type = Object.hasOwn(known, field) ? known[field] : undefined;
    if (value !== undefined && value !== null) names.add(field);
    if (type !== undefined) yield* compare(value, type, [...at, field]);
    // A field that is like none may be of a newer Kubernetes.
    const meant = type === undefined && isInPod([...at, field]) ? nearest(field, Object.keys(known)) : undefined;
    if (meant === undefined) continue;
    names.add(meant);
    const what = 'no such field here: the API server drops it silently';
    yield { kind: 'pod', at: [...at, field], what, value: field, fix: `did you mean "${meant}"?` };
  }
  // The key of a cache is another rule's business, and only the complete definitions want it.
  if (!isInPod([...at, '']) || at.includes('memoize')) return;
  for (const field of required.filter((each) => !names.has(each))) {
    yield { kind: 'pod', at, what: `"${field}" is missing: the object or its pod is refused`, fix: `set ${field}` };
  }
}

function isParameterText(at: Path): boolean {
  const [list, , ...field] = at.slice(at.lastIndexOf('parameters'));
  const names = field.filter((key) => typeof key === 'string').join('.');
  return list === 'parameters' && /^(value|default|enum|valueFrom\.default)$/.test(names);
}

function wrongType(value: unknown, wanted: string, at: Path): Mistake {
  const scalar = scalarText(value);
  const what = `${String(at.findLast((key) => typeof key === 'string'))} must be ${wanted}`;
  const fix = wanted.includes('text') && scalar !== undefined ? 'write it in quotes' : `write ${wanted}`;
  return { kind: 'type', at, what, value: scalar ?? JSON.stringify(value).slice(0, 60), fix };
}

/** What a workflow has in common with a template, such as volumes, is of the same types. */
function* mistakes(workflow: WorkflowObject, kind: Mistake['kind']): Generator<Problem> {
  if (workflow.kind === 'WorkflowEventBinding') return;
  const { fields, at } = workflow.spec;
  const { templates, templateDefaults, ...spec } = fields;
  const places = [
    { value: spec, at },
    { value: templateDefaults, at: [...at, 'templateDefaults'] },
    ...workflow.allTemplates.map((template) => ({ value: template.fields, at: template.at })),
  ];
  for (const place of places) {
    for (const { kind: found, ...problem } of compare(place.value, TEMPLATE.root, place.at)) {
      if (found === kind) yield problem;
    }
  }
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
