import { type Catalogue, findBase } from './catalogue';
import { fieldsOf, isSet } from './fields';
import { templatesAround } from './graph';
import type { Named, WorkflowObject } from './model';
import { nodeProblem } from './nodes';
import type { Reference } from './references';
import { nearest, suggest } from './similar';
import type { Site } from './sites';
import type { VariableProblem } from './variable-problem';

const ROOTS = ['workflow', 'inputs', 'outputs', 'steps', 'tasks', 'item', 'pod', 'node', 'retries', 'lastRetry'];
const METRIC_ROOTS = ['duration', 'status', 'exitCode', 'resourcesDuration', 'retries'];
const WORKFLOW_NAMES = [
  ...['name', 'namespace', 'uid', 'creationTimestamp', 'mainEntrypoint', 'serviceAccountName', 'priority'],
  ...['parameters', 'labels', 'annotations', 'outputs', 'status', 'duration', 'failures', 'scheduledTime'],
];

/** What is wrong with a reference, where it stands; undefined when it resolves, or nobody can tell. */
export function variableProblem(
  reference: Reference,
  workflow: WorkflowObject,
  catalogue: Catalogue,
): VariableProblem | undefined {
  const { site, names } = reference;
  const [root = ''] = names;
  if (site.role === 'foreign') return undefined;
  if (site.role === 'retry') return retryProblem(reference);
  if (site.role === 'cron') return root === 'cronworkflow' || root === 'workflow' ? undefined : unknown(reference);
  if (site.role === 'metric' && METRIC_ROOTS.includes(root)) return undefined;
  switch (root) {
    case 'workflow':
      return workflowProblem(reference, workflow, catalogue);
    case 'inputs':
      return inputProblem(reference, workflow);
    case 'outputs':
      return outputProblem(reference);
    case 'steps':
    case 'tasks':
      return nodeProblem(reference, workflow, catalogue);
    case 'item':
      return isInLoop(site, workflow) || site.role === 'workflow'
        ? undefined
        : outside(reference, 'withItems, withParam or withSequence on the step or task');
    case 'retries':
    case 'lastRetry':
      return retries(site, workflow) || site.role === 'workflow'
        ? undefined
        : outside(reference, 'retryStrategy on the template');
    case 'pod':
      return site.template?.isPod === true || site.role === 'workflow'
        ? undefined
        : outside(reference, 'a template that runs a pod');
    case 'node':
      return site.template === undefined && site.role !== 'workflow' ? outside(reference, 'a template') : undefined;
    default:
      return unknown(reference);
  }
}

function retryProblem(reference: Reference): VariableProblem | undefined {
  const [root = '', member] = reference.names;
  if (!reference.inExpression || root === 'retries') return undefined;
  if (root === 'lastRetry') {
    const known = ['exitCode', 'status', 'duration', 'message'];
    if (member === undefined || known.includes(member)) return undefined;
    return {
      mistake: 'unknown-variable',
      what: `lastRetry has no "${member}"`,
      fix: suggest(member, known, 'use lastRetry.exitCode'),
    };
  }
  return {
    mistake: 'variable-scope',
    what: `a retry expression knows only retries and lastRetry, so ${reference.written} is an unknown name there`,
    fix: `write it as a tag, '{{${reference.written}}}', which is filled in before`,
  };
}

function outside(reference: Reference, needed: string): VariableProblem {
  return {
    mistake: 'variable-scope',
    what: `${reference.written} has no value here and stays as text`,
    fix: `use it where there is ${needed}`,
  };
}

function unknown(reference: Reference): VariableProblem {
  const [root = ''] = reference.names;
  const roots = reference.site.role === 'cron' ? ['cronworkflow'] : ROOTS;
  const meant = nearest(root, [...roots, ...(reference.site.role === 'metric' ? METRIC_ROOTS : [])]);
  if (reference.inExpression) {
    const metric = METRIC_ROOTS.includes(root);
    return {
      mistake: 'unknown-variable',
      what: `the expression uses the unknown name "${root}"`,
      fix: metric ? `"${root}" exists only in metrics` : suggest(root, roots, 'use a workflow variable'),
    };
  }
  if (METRIC_ROOTS.includes(root)) return outside(reference, 'a metric');
  if (meant !== undefined && reference.names.length > 1) {
    return {
      mistake: 'unknown-variable',
      what: `${reference.written} is no variable; it stays as text`,
      fix: `did you mean "${[meant, ...reference.names.slice(1)].join('.')}"?`,
    };
  }
  return {
    mistake: 'literal-tag',
    what: `${reference.written} is no variable of Argo and stays as text`,
    fix: 'if another program is meant to read it, keep it out of the manifest (a file, a ConfigMap); else correct the name',
  };
}

function isInLoop(site: Site, workflow: WorkflowObject): boolean {
  if (site.call?.loop !== undefined) return true;
  return templatesAround(site.template, workflow).some((template) => template.inlineOf?.loop !== undefined);
}

function retries(site: Site, workflow: WorkflowObject): boolean {
  const { spec } = workflow;
  return (
    isSet(site.template?.fields.retryStrategy) ||
    (site.template !== undefined &&
      (isSet(spec.fields.retryStrategy) || isSet(fieldsOf(spec.fields.templateDefaults).retryStrategy)))
  );
}

function inputProblem(reference: Reference, workflow: WorkflowObject): VariableProblem | undefined {
  const { site, names } = reference;
  const [, kind, name, member] = names;
  // Fields of pods that stand at the workflow are filled in with the inputs of the template that runs.
  if (site.role === 'workflow') return undefined;
  if (site.template === undefined) return outside(reference, 'a template with inputs');
  if (kind === undefined && reference.inExpression) return undefined;
  if (kind !== 'parameters' && kind !== 'artifacts') {
    return {
      mistake: 'unknown-variable',
      what: `inputs has no "${kind ?? ''}"`,
      fix: suggest(kind ?? '', ['parameters', 'artifacts'], 'use inputs.parameters.NAME'),
    };
  }
  if (name === undefined) return undefined;
  // The text of an inline template is filled in twice: with its own inputs, and with those of the templates around it.
  const templates = [...templatesAround(site.template, workflow), ...(site.call?.inline ? [site.call.inline] : [])];
  const declared = templates.flatMap((template) => template.inputs[kind]);
  const found = declared.find((input) => input.name === name);
  const label = site.template.name === '' ? 'the template' : `template "${site.template.name}"`;
  if (found === undefined) {
    return {
      mistake: 'undeclared-input',
      what: `${label} has no input ${kind === 'parameters' ? 'parameter' : 'artifact'} "${name}"`,
      fix: suggest(
        name,
        declared.map((input) => input.name),
        `add it to inputs.${kind}`,
      ),
    };
  }
  if (member !== undefined && !reference.inExpression && !(kind === 'artifacts' && member === 'path')) {
    return {
      mistake: 'unknown-variable',
      what: `${reference.written} is no variable`,
      fix: kind === 'artifacts' ? `use {{inputs.artifacts.${name}.path}}` : `use {{inputs.parameters.${name}}}`,
    };
  }
  return undefined;
}

function outputProblem(reference: Reference): VariableProblem | undefined {
  const { site, names } = reference;
  const [, kind, name, member] = names;
  const { template } = site;
  if (site.role === 'workflow') return undefined;
  if (template === undefined) return outside(reference, 'a template with outputs');
  if (kind === 'result' || kind === undefined || name === undefined) {
    return site.role === 'metric' || site.role === 'hook' ? undefined : outside(reference, 'a metric');
  }
  if (kind !== 'parameters' && kind !== 'artifacts') {
    return {
      mistake: 'unknown-variable',
      what: `outputs has no "${kind}"`,
      fix: suggest(kind, ['parameters', 'artifacts', 'result'], 'use outputs.parameters.NAME.path'),
    };
  }
  const declared: readonly Named[] = template.outputs[kind];
  if (!declared.some((output) => output.name === name)) {
    return {
      mistake: 'unknown-output',
      what: `template "${template.name}" has no output ${kind === 'parameters' ? 'parameter' : 'artifact'} "${name}"`,
      fix: suggest(
        name,
        declared.map((output) => output.name),
        `add it to outputs.${kind}`,
      ),
    };
  }
  if (member === 'path' || site.role === 'metric' || site.role === 'hook') return undefined;
  return outside(reference, 'a metric (a template can use the path of its output, but not the value)');
}

function workflowProblem(
  reference: Reference,
  workflow: WorkflowObject,
  catalogue: Catalogue,
): VariableProblem | undefined {
  const [, kind, name] = reference.names;
  if (kind === undefined && reference.inExpression) return undefined;
  switch (kind) {
    case 'parameters':
      return name === undefined ? undefined : workflowParameterProblem(name, reference, workflow, catalogue);
    case 'outputs':
      return globalOutputProblem(reference, workflow, catalogue);
    case 'labels':
    case 'annotations':
      return name === undefined ? undefined : metadataProblem(kind, name, reference, workflow, catalogue);
    case 'failures':
      return endsOnly(reference, workflow);
    case 'status':
      return endsOnly(reference, workflow);
    case 'priority':
      if (isSet(workflow.spec.fields.priority) || workflow.kind.endsWith('Template')) return undefined;
      return outside(reference, 'spec.priority');
    case 'creationTimestamp':
    case 'scheduledTime':
      return undefined;
    default:
      if (kind !== undefined && WORKFLOW_NAMES.includes(kind)) return undefined;
      return {
        mistake: 'unknown-variable',
        what: `workflow has no "${kind ?? ''}"`,
        fix: suggest(kind ?? '', WORKFLOW_NAMES, 'use workflow.name'),
      };
  }
}

function workflowParameterProblem(
  name: string,
  reference: Reference,
  workflow: WorkflowObject,
  catalogue: Catalogue,
): VariableProblem | undefined {
  if (name === 'json') return undefined;
  const base = findBase(catalogue, workflow);
  if (isSet(workflow.spec.fields.workflowTemplateRef) && base === undefined) return undefined;
  const declared = [...workflow.arguments.parameters, ...(base?.arguments.parameters ?? [])].map((each) => each.name);
  if (declared.includes(name)) return undefined;
  const isTemplate = workflow.kind.endsWith('Template');
  return {
    mistake: isTemplate ? 'inherited-workflow-parameter' : 'undeclared-workflow-parameter',
    what: `${reference.written} is not among the workflow's arguments`,
    fix: suggest(name, declared, `declare "${name}" in spec.arguments.parameters`),
  };
}

function globalOutputProblem(
  reference: Reference,
  workflow: WorkflowObject,
  catalogue: Catalogue,
): VariableProblem | undefined {
  const [, , kind, name] = reference.names;
  if ((kind !== 'parameters' && kind !== 'artifacts') || name === undefined) return undefined;
  const sources = catalogue.workflows.filter((each) => each === workflow || each.kind.endsWith('Template'));
  const declared = sources.flatMap((each) =>
    each.allTemplates.flatMap((template) =>
      template.outputs[kind].map((output) => String(output.fields.globalName ?? '')),
    ),
  );
  const calls = workflow.allTemplates.flatMap((template) => [...template.steps.flat(), ...template.tasks]);
  const open = calls.some((call) => call.templateRef !== undefined) || isSet(workflow.spec.fields.workflowTemplateRef);
  const own = name.split('.')[0] ?? name;
  if (open || declared.some((global) => global === name || global === own || global.includes('{{'))) return undefined;
  return {
    mistake: 'unknown-output',
    what: `no template has an output with globalName "${name}"`,
    fix: suggest(name, declared.filter(isSet), `add globalName: ${name} to the output`),
  };
}

function metadataProblem(
  kind: 'labels' | 'annotations',
  name: string,
  reference: Reference,
  workflow: WorkflowObject,
  catalogue: Catalogue,
): VariableProblem | undefined {
  const base = findBase(catalogue, workflow);
  if (isSet(workflow.spec.fields.workflowTemplateRef) && base === undefined) return undefined;
  const sources = [workflow, ...(base === undefined ? [] : [base])].flatMap((each) => [
    each.metadata.fields,
    fieldsOf(each.spec.fields.workflowMetadata),
    fieldsOf(fieldsOf(each.document.object.spec).workflowMetadata),
  ]);
  const declared = sources.flatMap((source) => [
    ...Object.keys(fieldsOf(source[kind])),
    ...(kind === 'labels' ? Object.keys(fieldsOf(source.labelsFrom)) : []),
  ]);
  if (name === 'json' || declared.includes(name) || name.includes('argoproj.io/')) return undefined;
  return {
    mistake: 'unknown-variable',
    what: `the workflow has no ${kind === 'labels' ? 'label' : 'annotation'} "${name}" when ${reference.written} is filled in`,
    fix: suggest(name, declared, `add it to spec.workflowMetadata.${kind}`),
  };
}

/** `workflow.failures` exists, and `workflow.status` says something, only when the workflow has ended. */
function endsOnly(reference: Reference, workflow: WorkflowObject): VariableProblem | undefined {
  const { site } = reference;
  if (site.role === 'workflow-end' || site.role === 'hook') return undefined;
  if (site.template !== undefined && runsAtEnd(site, workflow)) return undefined;
  if (reference.names[1] === 'failures') return outside(reference, 'an exit handler');
  return {
    mistake: 'exit-status',
    what: `${reference.written} is always "Running" outside an exit handler`,
    fix: 'read it in the exit handler, or use the status of a step or task',
  };
}

/** Whether an exit handler or hook leads to the template; in a template for others nobody can tell. */
function runsAtEnd(site: Site, workflow: WorkflowObject): boolean {
  const handlers = new Set<string>();
  const add = (name: string | undefined): void => {
    const template = workflow.templates.find((each) => each.name === name);
    if (template === undefined || handlers.has(template.name)) return;
    handlers.add(template.name);
    for (const call of [...template.steps.flat(), ...template.tasks]) add(call.template);
  };
  for (const hook of workflow.hooks) add(hook.template);
  for (const template of workflow.allTemplates) {
    for (const call of [...template.steps.flat(), ...template.tasks]) for (const hook of call.hooks) add(hook.template);
  }
  const called = new Set(
    workflow.allTemplates.flatMap((template) =>
      [...template.steps.flat(), ...template.tasks].flatMap((call) => call.template ?? []),
    ),
  );
  return templatesAround(site.template, workflow).some((template) => {
    const isEntry = template.name === workflow.spec.fields.entrypoint || called.has(template.name);
    return handlers.has(template.name) || (workflow.kind.endsWith('Template') && !isEntry);
  });
}
