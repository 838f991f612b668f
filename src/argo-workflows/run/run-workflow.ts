import type { MapValue } from '../expressions/values';
import { type Catalogue, findBase, readConfigMap } from '../lint/catalogue';
import { documentOf, type YamlDocument } from '../lint/documents';
import { fieldsOf, isSet, scalarText, textOf } from '../lint/fields';
import { lintDocuments } from '../lint/lint';
import { type Call, readWorkflow, type WorkflowObject } from '../lint/model';
import { configMapValue, resolveArguments } from './arguments';
import { runCall } from './call';
import type { GlobalOutputs, RunContext } from './context';
import type { Mock } from './mocks';
import { failuresText, timestamp } from './node-variables';
import { flatten, isFailed, RunError, type RunNode, type RunResult } from './result';
import { evaluateCondition, type Scope } from './scope';
import { runTemplate } from './template';

export interface RunOptions {
  /**
   * What to do instead of running each template, by its name.
   *
   * @default every program succeeds after a second, with outputs that name themselves
   */
  readonly mocks?: Readonly<Record<string, Mock>>;
  /** Values for the parameters of the workflow. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** What people answer to suspended templates: output parameters by template. */
  readonly answers?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Other objects that the workflow uses: WorkflowTemplates and ConfigMaps. */
  readonly objects?: readonly object[];
}

/**
 * Runs a synthesized Workflow, WorkflowTemplate or CronWorkflow without a cluster, on a virtual clock, with a mock in
 * the place of every program. Locks and `parallelism` have nobody to wait for, so everything starts as early as it can;
 * metrics are not emitted, and a memoized step always runs.
 *
 * @param object the object as it would be applied.
 * @throws {RunError} for an object that the linter refuses, a reference that never resolves where the controller would
 *   wait for it, an argument, answer or object that is missing, and a failing expression.
 */
export function runWorkflow(object: object, options: RunOptions = {}): RunResult {
  const documents = [object, ...(options.objects ?? [])].map((each, index) => documentOf(each, `object ${index + 1}`));
  const catalogue: Catalogue = {
    workflows: documents.flatMap((document) => readWorkflow(document) ?? []),
    configMaps: documents.flatMap((document) => readConfigMap(document) ?? []),
  };
  const [workflow] = catalogue.workflows;
  if (workflow === undefined || workflow.document !== documents[0] || workflow.kind === 'WorkflowEventBinding') {
    throw new RunError('runWorkflow', 'this is no workflow', 'pass a Workflow, WorkflowTemplate or CronWorkflow');
  }
  refuseErrors(documents);
  return run(workflow, catalogue, options);
}

function refuseErrors(documents: readonly YamlDocument[]): void {
  const [error, ...others] = lintDocuments(documents).findings.filter((finding) => finding.severity === 'error');
  if (error === undefined) return;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new RunError(`${error.object} ${error.path}`, `${error.what}${more}`, error.fix);
}

function run(workflow: WorkflowObject, catalogue: Catalogue, options: RunOptions): RunResult {
  const base = findBase(catalogue, workflow);
  if (isSet(workflow.spec.fields.workflowTemplateRef) && base === undefined) {
    throw new RunError(workflow.name, 'its WorkflowTemplate is not among the objects', 'pass it in objects');
  }
  const specs = [workflow, ...(base === undefined ? [] : [base])];
  const field = (name: string): unknown => specs.map((each) => each.spec.fields[name]).find(isSet);
  const holder = base ?? workflow;
  const globalOutputs: GlobalOutputs = { parameters: {}, artifacts: {} };
  const parameters = workflowParameters(specs, catalogue, options.arguments ?? {});
  const variables = (status: string, duration: number, failures?: string): MapValue =>
    globalVariables(workflow, parameters, globalOutputs, textOf(field('entrypoint')) ?? '', {
      status,
      duration,
      failures,
    });
  const texts = new Map([...creationTimes(workflow), ['workflow.parameters', parameterList(parameters)]]);
  const deadline = Number(scalarText(field('activeDeadlineSeconds')) ?? Number.POSITIVE_INFINITY);
  const context = (globals: Scope, limit: number): RunContext => ({
    catalogue,
    mocks: options.mocks ?? {},
    answers: options.answers ?? {},
    globals,
    globalOutputs,
    deadline: limit,
    runCall,
  });
  const start = (call: Call, name: string, globals: Scope, startAt: number, limit: number): RunNode => {
    const template = holder.templates.find((each) => each.name === call.template);
    if (template === undefined) throw new RunError(name, `there is no template "${call.template ?? ''}"`, 'define it');
    const inner = context(globals, limit);
    return runTemplate({
      context: inner,
      found: { template, workflow: holder },
      nodeName: name,
      displayName: name,
      values: resolveArguments(call.arguments, globals, name, inner),
      outer: globals,
      startAt,
      depth: 0,
    });
  };

  const entrypoint = textOf(field('entrypoint'));
  if (entrypoint === undefined)
    throw new RunError(workflow.name, 'it has no entrypoint', 'name one in spec.entrypoint');
  const running: Scope = { variables: variables('Running', 0), texts };
  const values = specs.map((each) => each.arguments).find((each) => each.artifacts.length > 0) ?? workflow.arguments;
  const root = start(
    { ...NO_CALL, template: entrypoint, arguments: { ...values, parameters: namedValues(parameters) } },
    workflow.name,
    running,
    0,
    deadline,
  );
  const hooks = specs
    .map((each) => each.hooks)
    .filter((each) => each.length > 0)
    .slice(0, 1)
    .flat()
    .flatMap((hook): RunNode[] => {
      const expression = textOf(hook.fields.expression) ?? '';
      const isExit = hook.name === 'exit';
      const name = isExit ? `${workflow.name}.onExit` : `${workflow.name}.hooks.${hook.name}`;
      const ended: Scope = { variables: variables(root.phase, root.finishedAt, failuresText(root)), texts };
      const moments = isExit ? [ended] : [running, ended];
      const scope = moments.find((each) => expression === '' || evaluateCondition(expression, each, name));
      if (scope === undefined) return [];
      return [start(hook, name, scope, scope === running ? 0 : root.finishedAt, Number.POSITIVE_INFINITY)];
    });
  return result(root, hooks, globalOutputs);
}

const NO_CALL: Call = {
  at: [],
  fields: {},
  kind: 'hook',
  name: '',
  arguments: { at: [], parameters: [], artifacts: [] },
  hooks: [],
};

/** Parameters with their values, as the arguments of the entrypoint. */
function namedValues(parameters: Readonly<Record<string, string>>): Call['arguments']['parameters'] {
  return Object.entries(parameters).map(([name, value]) => ({ at: [], name, fields: { name, value } }));
}

function workflowParameters(
  specs: readonly WorkflowObject[],
  catalogue: Catalogue,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const declared = specs.flatMap((each) => each.arguments.parameters);
  const known = new Set(declared.map((parameter) => parameter.name));
  const unknown = Object.keys(given).find((name) => !known.has(name));
  if (unknown !== undefined) {
    const names = [...known].join(', ') || '(none)';
    throw new RunError('arguments', `the workflow has no parameter "${unknown}"`, `use one of ${names}`);
  }
  const values: Record<string, string> = {};
  for (const { name, fields } of declared) {
    if (Object.hasOwn(values, name)) continue;
    const value = given[name] ?? scalarText(fields.value) ?? configMapValue(fields.valueFrom, catalogue);
    if (value === undefined)
      throw new RunError('arguments', `the parameter "${name}" has no value`, 'pass it in arguments');
    const choices = Array.isArray(fields.enum) ? fields.enum.map(scalarText) : undefined;
    if (choices !== undefined && !choices.includes(value)) {
      throw new RunError('arguments', `"${value}" is no value of "${name}"`, `use one of ${choices.join(', ')}`);
    }
    values[name] = value;
  }
  return values;
}

/** All parameters as the controller writes them for `workflow.parameters`. */
function parameterList(parameters: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(parameters).map(([name, value]) => ({ name, value })));
}

/** The forms of `workflow.creationTimestamp`, and when a CronWorkflow was due: the start of the virtual clock. */
function creationTimes(workflow: WorkflowObject): readonly [string, string][] {
  const start = timestamp(0);
  const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = start.split(/[-T:Z]/);
  const parts = Object.entries({ Y: year, m: month, d: day, H: hour, M: minute, S: second, RFC3339: start });
  const forms = [...parts, ['s', String(Date.parse(start) / 1000)] as const];
  return [
    ...forms.map(([form, text]): [string, string] => [`workflow.creationTimestamp.${form}`, text]),
    ...(workflow.kind === 'CronWorkflow' ? [['workflow.scheduledTime', start] satisfies [string, string]] : []),
  ];
}

interface Moment {
  readonly status: string;
  readonly duration: number;
  readonly failures: string | undefined;
}

function globalVariables(
  workflow: WorkflowObject,
  parameters: Readonly<Record<string, string>>,
  outputs: GlobalOutputs,
  mainEntrypoint: string,
  moment: Moment,
): MapValue {
  const { metadata, spec } = workflow;
  const texts = (value: unknown): MapValue =>
    Object.fromEntries(Object.entries(fieldsOf(value)).map(([key, item]) => [key, scalarText(item) ?? '']));
  const extra = fieldsOf(spec.fields.workflowMetadata);
  return {
    workflow: {
      name: workflow.name,
      namespace: workflow.namespace === '' ? 'default' : workflow.namespace,
      uid: '00000000-0000-0000-0000-000000000000',
      creationTimestamp: timestamp(0),
      mainEntrypoint,
      serviceAccountName: textOf(spec.fields.serviceAccountName) ?? 'default',
      ...(isSet(spec.fields.priority) ? { priority: scalarText(spec.fields.priority) ?? '' } : {}),
      parameters: { json: parameterList(parameters), ...parameters },
      labels: { ...texts(metadata.fields.labels), ...texts(extra.labels) },
      annotations: { ...texts(metadata.fields.annotations), ...texts(extra.annotations) },
      // Grows while the workflow runs.
      outputs,
      status: moment.status,
      duration: String(moment.duration),
      ...(moment.failures === undefined ? {} : { failures: moment.failures }),
    },
  };
}

function result(root: RunNode, hooks: readonly RunNode[], outputs: GlobalOutputs): RunResult {
  const failedHook = hooks.find((hook) => hook.name.endsWith('.onExit') && isFailed(hook.phase));
  const nodes = [root, ...hooks].flatMap(flatten);
  const node = (name: string): RunNode => {
    const found = nodes.filter((each) => each.name === name || each.displayName === name);
    const exact = found.find((each) => each.name === name);
    const [only] = found;
    if (exact !== undefined) return exact;
    if (only !== undefined && found.length === 1) return only;
    const names = nodes.map((each) => each.name).join(', ');
    throw new RunError(
      name,
      found.length === 0 ? 'there is no such node' : 'several nodes have this name',
      `use one of ${names}`,
    );
  };
  return {
    phase: isFailed(root.phase) ? root.phase : (failedHook?.phase ?? root.phase),
    message: isFailed(root.phase) ? root.message : (failedHook?.message ?? root.message),
    root,
    hooks,
    outputs,
    duration: Math.max(root.finishedAt, ...hooks.map((hook) => hook.finishedAt)),
    nodes,
    node,
  };
}
