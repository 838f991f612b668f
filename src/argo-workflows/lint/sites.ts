import { type Fields, fieldsOf, type Path, textOf, textsIn } from './fields';
import { type Call, callsOf, type Template, type WorkflowObject } from './model';

/** Where a text stands, which decides what variables it may use. */
export type SiteRole =
  /** The body of a template. */
  | 'template'
  /** The outputs of a template. */
  | 'output'
  /** A metric of a template, evaluated when the node ends. */
  | 'metric'
  /** `retryStrategy.expression`. */
  | 'retry'
  /** A step or task. */
  | 'call'
  /** A hook of a step or task. */
  | 'hook'
  /** The workflow outside its templates. */
  | 'workflow'
  /** A metric or hook of the workflow. */
  | 'workflow-end'
  /** `when` or `stopStrategy` of a CronWorkflow. */
  | 'cron'
  /** Expressions over something that is not a workflow variable: a response, a list of keys. */
  | 'foreign';

/** A text in which the controller fills in variables. */
export interface Site {
  readonly at: Path;
  readonly text: string;
  /** The whole text is an expression, without `{{= }}` around it. */
  readonly isExpression: boolean;
  readonly role: SiteRole;
  readonly template?: Template;
  /** The step or task: of the hook for the role `hook`. */
  readonly call?: Call;
}

/** Fields whose whole text is an expression, by the end of their path. */
const EXPRESSION_FIELDS = new Set(['fromExpression', 'successCondition']);

/** Every text in which variables are filled in, in the order of the document's parts. */
export function* sitesOf(workflow: WorkflowObject): Generator<Site> {
  yield* workflowSites(workflow);
  for (const template of workflow.allTemplates) yield* templateSites(template);
}

function* workflowSites(workflow: WorkflowObject): Generator<Site> {
  const { templates, templateDefaults, hooks, onExit, metrics, ...rest } = workflow.spec.fields;
  if (workflow.kind === 'WorkflowEventBinding') return;
  yield* texts(rest, workflow.spec.at, 'workflow');
  yield* texts({ hooks, onExit, metrics }, workflow.spec.at, 'workflow-end');
  if (workflow.kind === 'CronWorkflow') {
    const spec = fieldsOf(workflow.document.object.spec);
    const stop = textOf(fieldsOf(spec.stopStrategy).expression);
    const when = textOf(spec.when);
    if (when !== undefined) yield { at: ['spec', 'when'], text: when, isExpression: false, role: 'cron' };
    if (stop !== undefined) {
      yield { at: ['spec', 'stopStrategy', 'expression'], text: stop, isExpression: true, role: 'cron' };
    }
  }
}

function* templateSites(template: Template): Generator<Site> {
  const { name, steps, outputs, metrics, dag, data, http, plugin, ...body } = template.fields;
  const context = { template };
  const { tasks, ...dagRest } = fieldsOf(dag);
  yield* texts({ ...body, dag: dagRest }, template.at, 'template', context);
  yield* texts({ outputs }, template.at, 'output', context);
  yield* texts({ metrics }, template.at, 'metric', context);
  yield* texts({ data, plugin }, template.at, 'template', context);
  yield* texts({ http }, template.at, 'template', context);
  for (const call of callsOf(template)) yield* callSites(template, call);
}

function* callSites(template: Template, call: Call): Generator<Site> {
  const { hooks, inline, depends, onExit, ...rest } = call.fields;
  yield* texts(rest, call.at, 'call', { template, call });
  yield* texts({ hooks }, call.at, 'hook', { template, call });
}

function* texts(
  fields: Fields,
  at: Path,
  role: SiteRole,
  context: { readonly template?: Template; readonly call?: Call } = {},
): Generator<Site> {
  for (const found of textsIn(fields, at)) {
    const isExpression = isExpressionField(found.at);
    yield { ...found, ...context, isExpression, role: isExpression ? expressionRole(found.at, role) : role };
  }
}

function isExpressionField(at: Path): boolean {
  const field = String(at.at(-1));
  if (EXPRESSION_FIELDS.has(field)) return field !== 'successCondition' || at.includes('http');
  if (field !== 'expression') return false;
  const parents = at.slice(-4).map(String);
  return ['hooks', 'retryStrategy', 'valueFrom', 'transformation', 'labelsFrom'].some((parent) =>
    parents.includes(parent),
  );
}

function expressionRole(at: Path, role: SiteRole): SiteRole {
  if (at.includes('retryStrategy')) return 'retry';
  if (at.includes('transformation') || at.includes('http')) return 'foreign';
  return role;
}
