import { type Catalogue, findBase, findCalled, findSubmitted } from '../catalogue';
import { fieldsOf, isFields, isSet, partAt, partsAt, textOf } from '../fields';
import { allCallsOf, type Named, type Template, type WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { nearest, suggest } from '../similar';
import { hasLocation } from './artifacts';

/** Whether an input has a value when nobody gives it one. */
export function hasDefault(input: Named): boolean {
  const { value, default: fallback, valueFrom } = input.fields;
  const from = fieldsOf(valueFrom);
  return (
    value !== undefined ||
    fallback !== undefined ||
    isSet(from.configMapKeyRef) ||
    from.default !== undefined ||
    isSet(from.supplied)
  );
}

function* missingArguments(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  for (const call of allCallsOf(workflow)) {
    const template = findCalled(catalogue, workflow, call)?.template;
    if (template === undefined) continue;
    yield* missing(template, call.arguments, call.at, `"${template.name === '' ? call.name : template.name}"`);
  }
  // The entrypoint gets the arguments of the workflow, which a WorkflowTemplate may get when it is submitted.
  const entrypoint = workflow.templates.find((template) => template.name === workflow.spec.fields.entrypoint);
  if (entrypoint === undefined || workflow.kind.endsWith('Template')) return;
  yield* missing(entrypoint, workflow.arguments, workflow.arguments.at, `the entrypoint "${entrypoint.name}"`);
}

function* missing(
  template: Template,
  given: { readonly parameters: readonly Named[]; readonly artifacts: readonly Named[] },
  at: Problem['at'],
  title: string,
): Generator<Problem> {
  const names = (items: readonly Named[]) => items.map((item) => item.name);
  for (const input of template.inputs.parameters) {
    if (input.name === '' || hasDefault(input) || names(given.parameters).includes(input.name)) continue;
    yield {
      at,
      what: `${title} needs the parameter "${input.name}", which is not given`,
      fix: `add it to arguments.parameters, or give the input a default`,
    };
  }
  for (const input of template.inputs.artifacts) {
    const located = hasLocation(input);
    if (input.name === '' || input.fields.optional === true || located || names(given.artifacts).includes(input.name))
      continue;
    yield {
      at,
      what: `${title} needs the artifact "${input.name}", which is not given`,
      fix: 'add it to arguments.artifacts, or make the input optional',
    };
  }
}

interface UnknownArgument {
  readonly argument: Named;
  readonly template: Template;
  readonly kind: 'parameters' | 'artifacts';
  /** Inputs of the template that get no value from this call. */
  readonly open: readonly string[];
}

function* undeclaredArguments(workflow: WorkflowObject, catalogue: Catalogue): Generator<UnknownArgument> {
  for (const call of allCallsOf(workflow)) {
    const template = findCalled(catalogue, workflow, call)?.template;
    if (template === undefined) continue;
    for (const kind of ['parameters', 'artifacts'] as const) {
      const inputs = template.inputs[kind].map((input) => input.name);
      const given = call.arguments[kind].map((argument) => argument.name);
      const open = inputs.filter((input) => !given.includes(input));
      for (const argument of call.arguments[kind]) {
        if (argument.name !== '' && !inputs.includes(argument.name)) yield { argument, template, kind, open };
      }
    }
  }
}

function dropped({ argument, template, kind }: UnknownArgument): Pick<Problem, 'at' | 'what' | 'value'> {
  const input = `input ${kind === 'parameters' ? 'parameter' : 'artifact'}`;
  const what = `"${template.name}" has no ${input} of that name, so the value is dropped silently`;
  return { at: [...argument.at, 'name'], what, value: argument.name };
}

function* misspeltArguments(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  for (const unknown of undeclaredArguments(workflow, catalogue)) {
    const meant = nearest(unknown.argument.name, unknown.open);
    if (meant !== undefined) yield { ...dropped(unknown), fix: `did you mean "${meant}"?` };
  }
}

function* unknownArguments(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  for (const unknown of undeclaredArguments(workflow, catalogue)) {
    if (nearest(unknown.argument.name, unknown.open) !== undefined) continue;
    yield { ...dropped(unknown), fix: 'remove it, or declare the input' };
  }
}

function* workflowArguments(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const submit = partAt(workflow.spec, 'submit');
  const binding = workflow.kind === 'WorkflowEventBinding';
  const base = binding ? findSubmitted(catalogue, workflow) : findBase(catalogue, workflow);
  if (base === undefined) return;
  const given = binding ? partsAt(submit, 'arguments', 'parameters') : workflow.arguments.parameters;
  const declared = base.arguments.parameters.map((parameter) => parameter.name);
  const used = JSON.stringify(base.spec.fields);
  const entrypoint = workflow.spec.fields.entrypoint ?? base.spec.fields.entrypoint;
  const inputs = base.templates.find((template) => template.name === entrypoint)?.inputs.parameters ?? [];
  for (const argument of given) {
    const name = textOf(argument.fields.name) ?? '';
    if (declared.includes(name) || used.includes(`workflow.parameters.${name}`)) continue;
    if (inputs.some((input) => input.name === name)) continue;
    const what = `${base.kind} "${base.name}" has no parameter of that name, so the value is dropped silently`;
    yield { at: [...argument.at, 'name'], what, value: name, fix: suggest(name, declared, 'remove it') };
  }
}

function* argumentValues(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const base = findBase(catalogue, workflow);
  const inherited = new Set(base?.arguments.parameters.filter(hasDefault).map((parameter) => parameter.name));
  const needed =
    workflow.kind === 'CronWorkflow' && (base !== undefined || !isSet(workflow.spec.fields.workflowTemplateRef));
  for (const parameter of workflow.arguments.parameters) {
    yield* argumentValue(parameter, needed && !inherited.has(parameter.name));
  }
  for (const call of allCallsOf(workflow)) {
    for (const parameter of call.arguments.parameters) yield* argumentValue(parameter, true);
  }
}

function* argumentValue(parameter: Named, needed: boolean): Generator<Problem> {
  const { value, valueFrom } = parameter.fields;
  if (value === undefined && !isFields(valueFrom)) {
    if (needed && !('value' in parameter.fields)) {
      yield {
        at: parameter.at,
        what: 'an argument without a value',
        value: parameter.name,
        fix: 'set value or valueFrom',
      };
    }
    return;
  }
  if (!isFields(valueFrom)) return;
  const allowed = ['configMapKeyRef', 'supplied', 'event'];
  const odd = Object.keys(valueFrom).find((field) => ![...allowed, 'default'].includes(field));
  if (odd !== undefined) {
    yield {
      at: [...parameter.at, 'valueFrom', odd],
      what: `an argument takes no valueFrom.${odd}`,
      fix: 'set value, or valueFrom.configMapKeyRef',
    };
  } else if (!allowed.some((field) => isSet(valueFrom[field]) || isFields(valueFrom[field]))) {
    yield {
      at: [...parameter.at, 'valueFrom'],
      what: 'valueFrom without a source',
      fix: 'set configMapKeyRef; default is only for when it is missing',
    };
  }
}

export const ARGUMENT_RULES: readonly Rule[] = [
  {
    id: 'missing-argument',
    severity: 'error',
    why: 'The controller fails a step whose template needs an input that nobody gives: "was not supplied".',
    check: missingArguments,
  },
  {
    id: 'misspelt-argument',
    severity: 'error',
    why: 'The controller drops arguments that the template does not declare, so a misspelt name and a default give a wrong value silently; argo lint accepts it.',
    check: misspeltArguments,
  },
  {
    id: 'unknown-argument',
    severity: 'warning',
    why: 'The controller drops arguments that the template does not declare; argo lint accepts them.',
    check: unknownArguments,
  },
  {
    id: 'unknown-workflow-argument',
    severity: 'warning',
    why: 'Arguments that the WorkflowTemplate neither declares nor uses have no effect.',
    check: workflowArguments,
  },
  {
    id: 'argument-value',
    severity: 'error',
    why: 'The controller refuses an argument without a value, and one with a source that only outputs have.',
    check: argumentValues,
  },
];
