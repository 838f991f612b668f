import { type Catalogue, findBase } from './catalogue';
import { fieldsOf, isSet } from './fields';
import { templatesAround } from './graph';
import type { WorkflowObject } from './model';
import type { Reference } from './references';
import { suggest } from './similar';
import type { Site } from './sites';
import { outside, type VariableProblem } from './variable-problem';

const WORKFLOW_NAMES = [
  ...['name', 'namespace', 'uid', 'creationTimestamp', 'mainEntrypoint', 'serviceAccountName', 'priority'],
  ...['parameters', 'labels', 'annotations', 'outputs', 'status', 'duration', 'failures', 'scheduledTime'],
];

/** What is wrong with a reference to `workflow.…`. */
export function workflowProblem(
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
