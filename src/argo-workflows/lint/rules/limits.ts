import { fieldsOf, isSet, listOf, type Part, type Path, partAt, partsAt } from '../fields';
import type { WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';

function* atMost(list: readonly unknown[], limit: number, at: Path, what: string): Generator<Problem> {
  if (list.length <= limit) return;
  yield { at, what: `${list.length} ${what}, more than ${limit}`, fix: 'split them up' };
}

function* integerFrom(minimum: number, maximum: number, part: Part, field: string): Generator<Problem> {
  const value = part.fields[field];
  if (!isSet(value) || typeof value === 'string') return;
  if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum) return;
  const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  yield { at: [...part.at, field], what: `${field} is no integer ${range}`, value: String(value), fix: 'correct it' };
}

function* metricLimits(part: Part): Generator<Problem> {
  const metrics = partsAt(part, 'metrics', 'prometheus');
  yield* atMost(metrics, 100, [...part.at, 'metrics', 'prometheus'], 'metrics');
  for (const metric of metrics) {
    const value = fieldsOf(metric.fields.gauge).value;
    if (typeof value !== 'string' || value.length <= 256) continue;
    const what = `a gauge value of ${value.length} characters, longer than 256`;
    yield { at: [...metric.at, 'gauge', 'value'], what, fix: 'compute it in a step and read an output' };
  }
}

function* limits(workflow: WorkflowObject): Generator<Problem> {
  const { spec } = workflow;
  yield* atMost(workflow.templates, 200, [...spec.at, 'templates'], 'templates');
  yield* atMost(workflow.arguments.parameters, 500, [...workflow.arguments.at, 'parameters'], 'parameters');
  yield* integerFrom(1, Number.MAX_SAFE_INTEGER, spec, 'parallelism');
  yield* metricLimits(spec);
  for (const template of workflow.allTemplates) {
    const { inputs, outputs } = template;
    yield* atMost(template.tasks, 200, [...template.at, 'dag', 'tasks'], 'tasks in one DAG');
    yield* atMost(inputs.parameters, 500, [...inputs.at, 'parameters'], 'parameters');
    yield* atMost(outputs.parameters, 500, [...outputs.at, 'parameters'], 'parameters');
    yield* integerFrom(1, Number.MAX_SAFE_INTEGER, template, 'parallelism');
    yield* metricLimits(template);
    for (const artifact of [...inputs.artifacts, ...outputs.artifacts]) yield* integerFrom(0, 0o777, artifact, 'mode');
  }
}

/** Beyond this, `kubectl apply` cannot keep the last applied manifest in its annotation. */
const ANNOTATION_LIMIT = 262_144;

function* manifestSize(workflow: WorkflowObject): Generator<Problem> {
  const size = Buffer.byteLength(JSON.stringify(workflow.document.object));
  if (size <= ANNOTATION_LIMIT) return;
  const what = `a manifest of ${Math.ceil(size / 1024)} KiB, more than fits into one annotation (256 KiB)`;
  yield { at: [], what, fix: 'move templates into WorkflowTemplates, and texts into ConfigMaps or images' };
}

function* emptyLists(workflow: WorkflowObject): Generator<Problem> {
  const parameters = [
    ...workflow.arguments.parameters,
    ...workflow.allTemplates.flatMap((template) => [...template.inputs.parameters, ...template.outputs.parameters]),
  ];
  for (const parameter of parameters) {
    if (!Array.isArray(parameter.fields.enum) || listOf(parameter.fields.enum).length > 0) continue;
    yield { at: [...parameter.at, 'enum'], what: 'an enum without values', fix: 'list its values, or leave it out' };
  }
  for (const template of workflow.allTemplates) {
    if (template.kind !== 'dag' || listOf(partAt(template, 'dag').fields.tasks).length > 0) continue;
    yield { at: [...template.at, 'dag'], what: 'a DAG without tasks', fix: 'give it a task' };
  }
}

export const LIMIT_RULES: readonly Rule[] = [
  {
    id: 'limits',
    severity: 'error',
    why: 'The API server refuses more templates, tasks, parameters or metrics than the CRD allows, and numbers out of range.',
    check: limits,
  },
  {
    id: 'empty-list',
    severity: 'error',
    why: 'The controller refuses an enum without values and a DAG without tasks.',
    check: emptyLists,
  },
  {
    id: 'manifest-size',
    severity: 'warning',
    why: 'Client-side apply keeps the whole manifest in an annotation of at most 256 KiB, and a run must fit into 1.5 MB of etcd together with its status.',
    check: manifestSize,
  },
];
