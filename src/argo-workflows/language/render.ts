import { type ArgumentPlace, literalProblems, refuseHandles, renderArguments } from './arguments';
import { exitHandler, workflowParameters } from './exit-handler';
import { variableHandle } from './expr';
import type { Inputs } from './inputs';
import { type Manifest, manifest } from './manifest';
import { type Metric, renderMetrics } from './metrics';
import { duplicates, nameProblems } from './names';
import { type HookRecord, renderHooks } from './node-record';
import { POD_SECURITY } from './pod';
import { renderParameterInput } from './ports';
import { type Problem, WorkflowError } from './problem';
import { given } from './program';
import { checkCount, checkQuantity } from './quantities';
import { renderSynchronization } from './synchronization';
import { type AnyTemplate, definitionOf, foreignOf, type Surroundings, type Wire } from './template';
import type {
  AnyWorkflowTemplateProps,
  Hook,
  HookContext,
  WorkflowContext,
  WorkflowMetricContext,
} from './workflow-template';

/**
 * The object of a workflow template.
 *
 * @throws WorkflowError with all mistakes at once
 */
export function renderWorkflowTemplate(name: string, props: AnyWorkflowTemplateProps): Manifest {
  const where = `workflow template "${name}"`;
  const problems: Problem[] = [...nameProblems('workflow template', name, where)];
  const report = (problem: Problem) => problems.push(problem);
  const surroundings: Surroundings = {
    workflowTemplate: name,
    serviceAccount: props.serviceAccount.name,
    placement: props.placement,
    imagePullPolicy: props.imagePullPolicy,
    report,
  };
  const place: ArgumentPlace = { where, owner: undefined, report };
  checkCount('activeDeadlineSeconds', props.activeDeadlineSeconds, 1, place);
  checkCount('parallelism', props.parallelism, 1, place);
  checkCount('ttl.secondsAfterSuccess', props.ttl?.secondsAfterSuccess, 0, place);
  checkCount('ttl.secondsAfterFailure', props.ttl?.secondsAfterFailure, 0, place);
  checkQuantity('duration', props.podGC?.deleteDelayDuration, { ...place, where: `${where}, podGC` });
  const entrypoint = props.templates[props.entrypoint];
  const inputs = entrypoint?.inputs ?? {};
  const exit = props.onExit === undefined ? undefined : exitHandler(inputs, props.onExit);
  const hooks = hookRecords(inputs, props);
  if (entrypoint === undefined || foreignOf(entrypoint) !== undefined) {
    const fix = `use one of: ${Object.keys(props.templates).join(', ')}`;
    report({ where, what: 'the entrypoint is not a template of its own', value: props.entrypoint, fix });
  }

  const roots = [
    ...(entrypoint === undefined ? [] : [entrypoint]),
    ...Object.values(props.templates),
    ...(exit === undefined ? [] : [exit]),
    ...hooks.map((hook) => hook.template),
  ];
  const templates = reachable(roots);
  checkTemplates(templates, where, report);

  const spec: Wire = {
    entrypoint: entrypoint?.name ?? '',
    ...workflowArguments(inputs, props.arguments, place),
    serviceAccountName: surroundings.serviceAccount,
    automountServiceAccountToken: false,
    executor: { serviceAccountName: surroundings.serviceAccount },
    securityContext: POD_SECURITY,
    ...(props.imagePullSecrets === undefined ? {} : { imagePullSecrets: props.imagePullSecrets }),
    ...artifactRepository(props),
    activeDeadlineSeconds: props.activeDeadlineSeconds ?? 86_400,
    ...(props.parallelism === undefined ? {} : { parallelism: props.parallelism }),
    podGC: props.podGC ?? { strategy: 'OnPodSuccess', deleteDelayDuration: '10m' },
    ttlStrategy: props.ttl ?? { secondsAfterSuccess: 86_400, secondsAfterFailure: 604_800 },
    ...workflowSynchronization(inputs, props, place),
    ...renderMetrics([...runMetrics(name), ...(props.metrics?.(metricContext(inputs)) ?? [])], place),
    ...workflowHooks(exit, hooks, place),
    templates: templates.map((template) => ({ name: template.name, ...definitionOf(template)?.render(surroundings) })),
  };
  const annotations = {
    ...(props.title === undefined ? {} : { 'workflows.argoproj.io/title': props.title }),
    ...(props.description === undefined ? {} : { 'workflows.argoproj.io/description': props.description }),
    ...props.annotations,
  };
  for (const problem of literalProblems(where, [annotations, props.labels])) report(problem);
  if (problems.length > 0) throw new WorkflowError(problems);
  return manifest('WorkflowTemplate', name, props.labels, annotations, spec);
}

function artifactRepository({ artifactRepository: repository }: AnyWorkflowTemplateProps): Wire {
  if (repository === undefined) return {};
  return { artifactRepositoryRef: { configMap: repository.configMap.name, key: repository.key } };
}

/** The templates and all that they run, each once, callers first. */
function reachable(roots: readonly AnyTemplate[]): readonly AnyTemplate[] {
  const found = new Set<AnyTemplate>();
  const visit = (template: AnyTemplate) => {
    if (found.has(template) || foreignOf(template) !== undefined) return;
    found.add(template);
    for (const child of definitionOf(template)?.children ?? []) visit(child);
  };
  for (const root of roots) visit(root);
  return [...found];
}

function checkTemplates(templates: readonly AnyTemplate[], where: string, report: (problem: Problem) => void): void {
  for (const template of templates) {
    for (const problem of nameProblems('template', template.name, `${where}, template "${template.name}"`))
      report(problem);
  }
  for (const name of duplicates(templates.map((template) => template.name))) {
    report({ where, what: 'two templates have the same name', value: name, fix: 'rename one of them' });
  }
  if (templates.length > 200) {
    const fix = 'a workflow template has at most 200: split it, and use the parts by templateRef';
    report({ where, what: 'too many templates', value: templates.length, fix });
  }
}

/** The inputs of the entrypoint, as the form that the Argo UI shows. */
function workflowArguments(inputs: Inputs, values: object | undefined, place: ArgumentPlace): Wire {
  const given: Readonly<Record<string, unknown>> = { ...values };
  refuseHandles(given, place);
  const known =
    values === undefined ? {} : renderArguments(inputs, given, { ...place, where: `${place.where}, arguments` });
  const texts = new Map(
    ((known.parameters ?? []) as readonly { readonly name: string; readonly value: string }[]).map((each) => [
      each.name,
      each.value,
    ]),
  );
  const parameters = Object.entries(inputs).flatMap(([name, declared]): Wire[] => {
    if (declared.kind !== 'parameter') return [];
    const form = renderParameterInput(name, declared, `${place.where}, argument "${name}"`, place, 'value');
    const value = texts.get(name);
    return [value === undefined ? form : { ...form, value }];
  });
  const artifacts = known.artifacts as readonly Wire[] | undefined;
  if (parameters.length === 0 && artifacts === undefined) return {};
  return {
    arguments: {
      ...(parameters.length === 0 ? {} : { parameters }),
      ...(artifacts === undefined ? {} : { artifacts }),
    },
  };
}

function workflowSynchronization(inputs: Inputs, props: AnyWorkflowTemplateProps, place: ArgumentPlace): Wire {
  if (props.synchronization === undefined) return {};
  const context = { parameters: workflowParameters(inputs) } as unknown as WorkflowContext<never>;
  return renderSynchronization(given(props.synchronization, context), place);
}

function metricContext(inputs: Inputs): WorkflowMetricContext<never> {
  return {
    parameters: workflowParameters(inputs),
    status: variableHandle(['workflow', 'status'], 'string'),
    duration: variableHandle(['workflow', 'duration'], 'number'),
  } as unknown as WorkflowMetricContext<never>;
}

function runMetrics(name: string): readonly Metric<string>[] {
  const { status, duration } = metricContext({});
  const labels = { workflow_template: name, status };
  return [
    { kind: 'counter', name: 'workflow_runs_total', help: 'Runs that ended, by workflow template and status', labels },
    {
      kind: 'histogram',
      name: 'workflow_run_duration_seconds',
      help: 'Duration of runs that ended, by workflow template and status',
      labels,
      value: duration,
      buckets: [10, 30, 60, 300, 900, 1800, 3600, 7200, 14_400, 43_200],
    },
  ];
}

function hookRecords(inputs: Inputs, props: AnyWorkflowTemplateProps): readonly HookRecord[] {
  const context = {
    status: variableHandle(['workflow', 'status'], 'string'),
    parameters: workflowParameters(inputs),
    run: (when: unknown, template: AnyTemplate, args: Readonly<Record<string, unknown>>): Hook => ({
      record: { when, template, arguments: args },
    }),
  } as unknown as HookContext<never>;
  return Object.entries(props.hooks?.(context) ?? {}).map(([name, hook]) => ({ name, ...hook.record }));
}

function workflowHooks(exit: AnyTemplate | undefined, hooks: readonly HookRecord[], place: ArgumentPlace): Wire {
  for (const hook of hooks.filter((each) => each.name === 'exit')) {
    const where = `${place.where}, hook "${hook.name}"`;
    place.report({ where, what: 'a hook has the name of the exit hook', fix: 'rename it, or use onExit' });
  }
  return {
    // As a hook of the name exit it would do the same, but Argo's linter would not know what it may read.
    ...(exit === undefined ? {} : { onExit: exit.name }),
    ...(hooks.length === 0 ? {} : { hooks: renderHooks(hooks, place) }),
  };
}
