import { type Catalogue, findBase, findReferenced, findWorkflowTemplate } from '../catalogue';
import { isSet, textOf } from '../fields';
import { allCallsOf, TEMPLATE_KINDS, type WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { checkShape, type ShapeProblem } from '../shapes';
import { nearest, suggest } from '../similar';

const SPEC_TYPES: Readonly<Record<string, string>> = {
  CronWorkflow: 'CronWorkflowSpec',
  WorkflowEventBinding: 'WorkflowEventBindingSpec',
};

/** Fields that Argo Workflows 4 dropped, which the rule `removed-field` is about. */
const REMOVED = ['mutex', 'semaphore', 'schedule', 'podPriority', 'priority'];

function problemsOfShape(workflow: WorkflowObject): readonly ShapeProblem[] {
  const type = SPEC_TYPES[workflow.kind] ?? 'WorkflowSpec';
  return [...checkShape(workflow.document.object.spec, type, ['spec'])];
}

function* shapes(workflow: WorkflowObject): Generator<Problem> {
  if (!isSet(workflow.document.object.apiVersion)) {
    yield { at: ['kind'], what: `a ${workflow.kind} without apiVersion`, fix: 'add apiVersion: argoproj.io/v1alpha1' };
  }
  if (!isSet(workflow.document.object.spec)) yield { at: [], what: 'no spec', fix: 'add one' };
  for (const problem of problemsOfShape(workflow)) {
    if (problem.kind !== 'shape') continue;
    const value = typeof problem.value === 'object' ? JSON.stringify(problem.value) : String(problem.value);
    const what = `${String(problem.at.findLast((key) => typeof key === 'string'))} must be ${problem.expected}`;
    yield { at: problem.at, what, value: value.slice(0, 60), fix: `write ${problem.expected}` };
  }
}

const TOP_LEVEL = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

function* unknownFields(workflow: WorkflowObject): Generator<Problem> {
  for (const field of Object.keys(workflow.document.object)) {
    if (TOP_LEVEL.includes(field)) continue;
    const what = 'no such field here: the API server drops it silently';
    yield { at: [field], what, value: field, fix: suggest(field, TOP_LEVEL, 'remove it') };
  }
  for (const problem of problemsOfShape(workflow)) {
    if (problem.kind !== 'unknown' || REMOVED.includes(problem.field)) continue;
    const what = 'no such field here: the API server drops it silently';
    const meant = nearest(problem.field, problem.known);
    const fix = meant === undefined ? 'remove it, or move it to where it belongs' : `did you mean "${meant}"?`;
    yield { at: problem.at, what, value: problem.field, fix };
  }
}

function* templateKind(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    const { kinds, at } = template;
    if (kinds.length === 0) {
      const fix = `give it one of ${TEMPLATE_KINDS.join(', ')}`;
      yield { at, what: 'a template without anything to run', value: template.name, fix };
    } else if (kinds.length > 1) {
      yield {
        at,
        what: `a template of several kinds: ${kinds.join(', ')}`,
        value: template.name,
        fix: 'make one template of each',
      };
    }
  }
}

function* callTargets(workflow: WorkflowObject): Generator<Problem> {
  for (const call of allCallsOf(workflow)) {
    const given = ['template', 'templateRef', 'inline'].filter((field) => isSet(call.fields[field]));
    if (given.length === 0) {
      yield {
        at: call.at,
        what: `a ${call.kind} that runs nothing`,
        value: call.name,
        fix: 'set template, templateRef or inline',
      };
    } else if (given.length > 1) {
      yield {
        at: call.at,
        what: `a ${call.kind} with ${given.join(' and ')}`,
        value: call.name,
        fix: 'keep one of them',
      };
    }
    for (const field of ['name', 'template'] as const) {
      if (call.templateRef === undefined || call.templateRef[field] !== '') continue;
      yield {
        at: [...call.at, 'templateRef'],
        what: `a templateRef without ${field}`,
        fix: `set templateRef.${field}`,
      };
    }
  }
}

function* definedTemplates(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const names = workflow.templates.map((template) => template.name);
  const undefinedTemplate = (name: string, at: Problem['at'], known: readonly string[]): Problem => ({
    at,
    what: 'no template of that name',
    value: name,
    fix: suggest(name, known, 'define it'),
  });
  const base = findBase(catalogue, workflow);
  const uses = isSet(workflow.spec.fields.workflowTemplateRef);
  const entrypoint = textOf(workflow.spec.fields.entrypoint);
  const known = uses ? (base?.templates.map((template) => template.name) ?? undefined) : names;
  if (
    entrypoint !== undefined &&
    entrypoint !== '' &&
    known !== undefined &&
    !known.includes(entrypoint) &&
    !entrypoint.includes('{{')
  ) {
    yield undefinedTemplate(entrypoint, [...workflow.spec.at, 'entrypoint'], known);
  }
  for (const call of allCallsOf(workflow)) {
    const { template, templateRef } = call;
    if (template !== undefined && known !== undefined && !template.includes('{{') && !known.includes(template)) {
      const at = call.fields.template === template && call.at.at(-1) !== 'onExit' ? [...call.at, 'template'] : call.at;
      yield undefinedTemplate(template, at, known);
    }
    if (templateRef === undefined || findReferenced(catalogue, workflow, templateRef) !== undefined) continue;
    const target = findWorkflowTemplate(catalogue, workflow, templateRef.name, templateRef.clusterScope);
    if (target === undefined || templateRef.template === '' || templateRef.template.includes('{{')) continue;
    yield undefinedTemplate(
      templateRef.template,
      [...call.at, 'templateRef', 'template'],
      target.templates.map((each) => each.name),
    );
  }
}

function* entrypoint(workflow: WorkflowObject): Generator<Problem> {
  const { fields, at } = workflow.spec;
  if (isSet(fields.entrypoint) || isSet(fields.workflowTemplateRef)) return;
  if (workflow.kind !== 'Workflow' && workflow.kind !== 'CronWorkflow') return;
  yield { at, what: 'no entrypoint', fix: 'name the template to begin with in entrypoint' };
}

function* templateEntrypoint(workflow: WorkflowObject): Generator<Problem> {
  const { fields, at } = workflow.spec;
  if (isSet(fields.entrypoint) || isSet(fields.workflowTemplateRef) || !workflow.kind.endsWith('Template')) return;
  const what = `a ${workflow.kind} without entrypoint can only be submitted with --entrypoint`;
  yield { at, what, fix: 'name the template to begin with in entrypoint' };
}

function* baseWithTemplates(workflow: WorkflowObject): Generator<Problem> {
  if (!isSet(workflow.spec.fields.workflowTemplateRef) || workflow.templates.length === 0) return;
  const what = 'templates together with workflowTemplateRef';
  yield { at: [...workflow.spec.at, 'templates'], what, fix: 'move the templates into the WorkflowTemplate' };
}

function* duplicateKeys(workflow: WorkflowObject): Generator<Problem> {
  for (const at of workflow.document.duplicateKeys) {
    yield {
      at,
      what: `the key "${String(at.at(-1))}" stands here a second time; only the last one counts`,
      fix: 'merge them',
    };
  }
}

export const STRUCTURE_RULES: readonly Rule[] = [
  {
    id: 'structure',
    severity: 'error',
    why: 'The API server refuses an object whose fields have the wrong shape.',
    check: shapes,
  },
  {
    id: 'unknown-field',
    severity: 'error',
    why: 'The API server drops fields that the type does not have, without a word: a misspelt limit is no limit.',
    check: unknownFields,
  },
  {
    id: 'template-kind',
    severity: 'error',
    why: 'A template runs exactly one thing; the controller refuses none and several.',
    check: templateKind,
  },
  {
    id: 'call-target',
    severity: 'error',
    why: 'A step, task or hook runs exactly one of template, templateRef and inline.',
    check: callTargets,
  },
  {
    id: 'undefined-template',
    severity: 'error',
    why: 'The controller refuses a workflow whose entrypoint, step, task or hook names a template that does not exist.',
    check: definedTemplates,
  },
  {
    id: 'entrypoint',
    severity: 'error',
    why: 'The controller refuses a workflow that does not say where to begin.',
    check: entrypoint,
  },
  {
    id: 'template-entrypoint',
    severity: 'warning',
    why: 'A WorkflowTemplate without entrypoint cannot be submitted from the UI, a CronWorkflow or an event without naming one.',
    check: templateEntrypoint,
  },
  {
    id: 'workflow-template-ref',
    severity: 'error',
    why: 'The controller refuses templates of its own in a workflow that is made from a WorkflowTemplate.',
    check: baseWithTemplates,
  },
  {
    id: 'duplicate-key',
    severity: 'warning',
    why: 'YAML readers keep one of two equal keys and drop the other silently; strict ones refuse the file.',
    check: duplicateKeys,
  },
];
