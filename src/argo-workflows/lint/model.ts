import type { YamlDocument } from './documents';
import {
  type Fields,
  fieldsOf,
  isFields,
  isSet,
  listOf,
  type Part,
  type Path,
  partAt,
  partsAt,
  textOf,
} from './fields';

/** The kinds that are linted. */
export const WORKFLOW_KINDS = [
  'Workflow',
  'WorkflowTemplate',
  'ClusterWorkflowTemplate',
  'CronWorkflow',
  'WorkflowEventBinding',
] as const;

export type WorkflowKind = (typeof WORKFLOW_KINDS)[number];

export const TEMPLATE_KINDS = [
  'container',
  'containerSet',
  'script',
  'resource',
  'data',
  'http',
  'plugin',
  'suspend',
  'steps',
  'dag',
] as const;

export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

const POD_KINDS: ReadonlySet<string> = new Set(['container', 'containerSet', 'script', 'resource', 'data']);
const LEAF_KINDS: ReadonlySet<string> = new Set([...POD_KINDS, 'http', 'plugin']);

/** A parameter or artifact. */
export interface Named extends Part {
  /** Empty when it has none. */
  readonly name: string;
}

export interface Values {
  readonly at: Path;
  readonly parameters: readonly Named[];
  readonly artifacts: readonly Named[];
}

export interface TemplateReference {
  readonly name: string;
  readonly template: string;
  readonly clusterScope: boolean;
}

/** What runs a template: a step, a task, or a hook of one. */
export interface Call extends Part {
  readonly kind: 'step' | 'task' | 'hook';
  readonly name: string;
  readonly template?: string;
  readonly templateRef?: TemplateReference;
  readonly inline?: Template;
  readonly arguments: Values;
  readonly hooks: readonly Call[];
  /** The field that makes a loop of it. */
  readonly loop?: 'withItems' | 'withParam' | 'withSequence';
  readonly when?: string;
}

export interface Template extends Part {
  readonly name: string;
  readonly kinds: readonly TemplateKind[];
  /** The only kind; undefined when it has none or several. */
  readonly kind?: TemplateKind;
  /** Runs a pod of its own. */
  readonly isPod: boolean;
  /** Runs something itself, other than `steps`, `dag` and `suspend`. */
  readonly isLeaf: boolean;
  readonly inputs: Values;
  readonly outputs: Values;
  /** Groups of steps that run one after the other. */
  readonly steps: readonly (readonly Call[])[];
  readonly tasks: readonly Call[];
  /** The call that the template is written into. */
  readonly inlineOf?: Call;
}

/** A Workflow, or what a Workflow is made of. */
export interface WorkflowObject {
  readonly document: YamlDocument;
  readonly kind: WorkflowKind;
  /** The name, or the `generateName`. */
  readonly name: string;
  readonly namespace: string;
  readonly metadata: Part;
  /** The workflow's own specification: below `workflowSpec` in a CronWorkflow. */
  readonly spec: Part;
  /** The templates of `spec.templates`. */
  readonly templates: readonly Template[];
  /** Those and every template that is written into a call, outer ones first. */
  readonly allTemplates: readonly Template[];
  readonly arguments: Values;
  readonly hooks: readonly Call[];
}

/** Reads a document as one of the linted kinds; undefined when it is none of them. */
export function readWorkflow(document: YamlDocument): WorkflowObject | undefined {
  const { object } = document;
  const kind = WORKFLOW_KINDS.find((known) => known === object.kind);
  // Without an apiVersion it is meant to be one of Argo's; other projects have kinds of the same names.
  if (kind === undefined || !String(object.apiVersion ?? 'argoproj.io/').startsWith('argoproj.io/')) return undefined;
  const root: Part = { at: [], fields: object };
  const metadata = partAt(root, 'metadata');
  const spec = kind === 'CronWorkflow' ? partAt(root, 'spec', 'workflowSpec') : partAt(root, 'spec');
  const templates = kind === 'WorkflowEventBinding' ? [] : partsAt(spec, 'templates').map((part) => readTemplate(part));
  return {
    document,
    kind,
    name: textOf(metadata.fields.name) ?? textOf(metadata.fields.generateName) ?? '',
    namespace: textOf(metadata.fields.namespace) ?? '',
    metadata,
    spec,
    templates,
    allTemplates: templates.flatMap(withInlineTemplates),
    arguments: readValues(spec, 'arguments'),
    hooks: readHooks(spec),
  };
}

/** Whether a template is tried again when it fails: by its own strategy, its workflow's or that of its defaults. */
export function isRetried({ fields }: Template, { spec }: WorkflowObject): boolean {
  const defaults = fieldsOf(spec.fields.templateDefaults);
  return [fields, spec.fields, defaults].some(({ retryStrategy }) => isSet(retryStrategy));
}

/** The steps and tasks of a template. */
export function callsOf(template: Template): readonly Call[] {
  return [...template.steps.flat(), ...template.tasks];
}

/** Steps, tasks and their hooks. */
export function callsAndHooksOf(template: Template): readonly Call[] {
  return callsOf(template).flatMap((call) => [call, ...call.hooks]);
}

/** Everything in a workflow that runs a template: steps, tasks, and the hooks of these and of the workflow. */
export function allCallsOf(workflow: WorkflowObject): readonly Call[] {
  return [...workflow.hooks, ...workflow.allTemplates.flatMap(callsAndHooksOf)];
}

function withInlineTemplates(template: Template): readonly Template[] {
  const inline = callsOf(template).flatMap((call) => call.inline ?? []);
  return [template, ...inline.flatMap(withInlineTemplates)];
}

function readTemplate(part: Part, inlineOf?: Call): Template {
  const { fields } = part;
  const kinds = TEMPLATE_KINDS.filter((kind) => fields[kind] !== undefined && fields[kind] !== null);
  const [kind] = kinds;
  const only = kinds.length === 1 ? kind : undefined;
  return {
    ...part,
    name: textOf(fields.name) ?? '',
    kinds,
    ...(only === undefined ? {} : { kind: only }),
    isPod: kinds.some((each) => POD_KINDS.has(each)),
    isLeaf: kinds.some((each) => LEAF_KINDS.has(each)),
    inputs: readValues(part, 'inputs'),
    outputs: readValues(part, 'outputs'),
    steps: readSteps(part),
    tasks: partsAt(partAt(part, 'dag'), 'tasks').map((task) => readCall(task, 'task')),
    ...(inlineOf === undefined ? {} : { inlineOf }),
  };
}

/** A group is a list of steps; a step that stands alone is a group of one. */
function readSteps(template: Part): readonly (readonly Call[])[] {
  return listOf(template.fields.steps).map((group, index) => {
    const at = [...template.at, 'steps', index];
    if (isFields(group)) return [readCall({ at, fields: group }, 'step')];
    return listOf(group).flatMap((step, position) =>
      isFields(step) ? [readCall({ at: [...at, position], fields: step }, 'step')] : [],
    );
  });
}

function readCall(part: Part, kind: Call['kind'], name = textOf(part.fields.name) ?? ''): Call {
  const { fields } = part;
  const loop = (['withItems', 'withParam', 'withSequence'] as const).find((field) => isSet(fields[field]));
  const template = textOf(fields.template);
  const when = textOf(fields.when);
  const call: Call = {
    ...part,
    kind,
    name,
    ...(isSet(template) ? { template } : {}),
    ...(isFields(fields.templateRef) ? { templateRef: readReference(fields.templateRef) } : {}),
    arguments: readValues(part, 'arguments'),
    hooks: kind === 'hook' ? [] : readHooks(part),
    ...(loop === undefined ? {} : { loop }),
    ...(isSet(when) ? { when } : {}),
  };
  return isFields(fields.inline) ? { ...call, inline: readTemplate(partAt(part, 'inline'), call) } : call;
}

/** The hooks of a workflow, step or task by their name; `onExit` is the old way to write the hook `exit`. */
function readHooks(part: Part): readonly Call[] {
  const hooks = Object.keys(fieldsOf(part.fields.hooks)).map((name) =>
    readCall(partAt(part, 'hooks', name), 'hook', name),
  );
  const onExit = textOf(part.fields.onExit);
  if (!isSet(onExit)) return hooks;
  return [...hooks, readCall({ at: [...part.at, 'onExit'], fields: { template: onExit } }, 'hook', 'exit')];
}

function readReference(fields: Fields): TemplateReference {
  return {
    name: textOf(fields.name) ?? '',
    template: textOf(fields.template) ?? '',
    clusterScope: fields.clusterScope === true,
  };
}

function readValues(part: Part, field: 'inputs' | 'outputs' | 'arguments'): Values {
  const named = (list: string): readonly Named[] =>
    partsAt(part, field, list).map((item) => ({ ...item, name: textOf(item.fields.name) ?? '' }));
  return { at: [...part.at, field], parameters: named('parameters'), artifacts: named('artifacts') };
}
