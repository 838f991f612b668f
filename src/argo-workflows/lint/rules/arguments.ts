import { type Catalogue, findBase, findCalled, findWorkflowTemplate } from '../catalogue';
import { fieldsOf, isFields, isSet, listOf, type Part, partAt, partsAt, scalarText, textOf } from '../fields';
import { type Call, callsAndHooksOf, type Named, type Template, type WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { nearest, suggest } from '../similar';
import { hasLocation } from './artifacts';

interface CallInWorkflow {
  readonly call: Call;
  readonly workflow: WorkflowObject;
}

function allCalls(workflow: WorkflowObject): readonly CallInWorkflow[] {
  const calls = [...workflow.hooks, ...workflow.allTemplates.flatMap(callsAndHooksOf)];
  return calls.map((call) => ({ call, workflow }));
}

/** Whether an input has a value when nobody gives it one. */
function hasDefault(input: Named): boolean {
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
  for (const { call } of allCalls(workflow)) {
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
  for (const { call } of allCalls(workflow)) {
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
  const base = binding ? submitted(workflow, catalogue) : findBase(catalogue, workflow);
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

/** The WorkflowTemplate that an event binding submits. */
function submitted(workflow: WorkflowObject, catalogue: Catalogue): WorkflowObject | undefined {
  const reference = partAt(workflow.spec, 'submit', 'workflowTemplateRef').fields;
  const name = textOf(reference.name);
  return name === undefined
    ? undefined
    : findWorkflowTemplate(catalogue, workflow, name, reference.clusterScope === true);
}

function* argumentValues(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const base = findBase(catalogue, workflow);
  const inherited = new Set(base?.arguments.parameters.filter(hasDefault).map((parameter) => parameter.name));
  const needed =
    workflow.kind === 'CronWorkflow' && (base !== undefined || !isSet(workflow.spec.fields.workflowTemplateRef));
  for (const parameter of workflow.arguments.parameters) {
    yield* argumentValue(parameter, needed && !inherited.has(parameter.name));
  }
  for (const { call } of allCalls(workflow)) {
    for (const parameter of call.arguments.parameters) yield* argumentValue(parameter, true);
  }
}

function* submittedValues(workflow: WorkflowObject): Generator<Problem> {
  if (workflow.kind !== 'Workflow' || isSet(workflow.spec.fields.workflowTemplateRef)) return;
  for (const parameter of workflow.arguments.parameters) {
    if ('value' in parameter.fields || isFields(parameter.fields.valueFrom)) continue;
    const what = 'a parameter without value, so that the workflow can be submitted only with one';
    yield { at: parameter.at, what, value: parameter.name, fix: 'give it a value, or pass it with -p' };
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

function* enums(workflow: WorkflowObject): Generator<Problem> {
  const parameters = [
    ...workflow.arguments.parameters,
    ...workflow.allTemplates.flatMap((template) => template.inputs.parameters),
  ];
  for (const parameter of parameters) {
    const values = listOf(parameter.fields.enum).map(scalarText);
    if (values.length === 0) continue;
    for (const field of ['value', 'default']) {
      const text = scalarText(parameter.fields[field]);
      if (text === undefined || text.includes('{{') || values.includes(text)) continue;
      yield {
        at: [...parameter.at, field],
        what: `not one of the values of its enum`,
        value: text,
        fix: `use one of ${values.join(', ')}`,
      };
    }
  }
}

function* textValues(workflow: WorkflowObject): Generator<Problem> {
  const parameters = [
    ...workflow.arguments.parameters,
    ...workflow.allTemplates.flatMap((template) => template.inputs.parameters),
    ...allCalls(workflow).flatMap(({ call }) => call.arguments.parameters),
  ];
  for (const parameter of parameters) {
    for (const field of ['value', 'default']) {
      const value = parameter.fields[field];
      if (value === undefined || value === null || typeof value === 'string') continue;
      const scalar = scalarText(value);
      const what =
        scalar === undefined
          ? 'a value that is no text'
          : 'a value that is not quoted, and may be read differently (1.10, 010, yes)';
      yield {
        at: [...parameter.at, field],
        what,
        value: scalar ?? JSON.stringify(value),
        fix: 'write it in quotes; objects as JSON text',
      };
    }
  }
}

function* configMaps(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const parameters = [
    ...workflow.arguments.parameters,
    ...workflow.allTemplates.flatMap((template) => template.inputs.parameters),
  ];
  for (const parameter of parameters) {
    const reference: Part = partAt(parameter, 'valueFrom', 'configMapKeyRef');
    const name = textOf(reference.fields.name);
    const found = catalogue.configMaps.find(
      (each) => each.name === name && sameNamespaceOrNone(each.namespace, workflow.namespace),
    );
    if (found === undefined || found.labels['workflows.argoproj.io/configmap-type'] === 'Parameter') continue;
    const what =
      'the ConfigMap lacks the label workflows.argoproj.io/configmap-type: Parameter, so the controller says that it does not exist';
    yield { at: reference.at, what, value: name ?? '', fix: 'add the label to the ConfigMap' };
  }
}

function sameNamespaceOrNone(a: string, b: string): boolean {
  return a === '' || b === '' || a === b;
}

function* eventBinding(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  if (workflow.kind !== 'WorkflowEventBinding') return;
  if (!isSet(fieldsOf(workflow.spec.fields.event).selector)) {
    yield {
      at: [...workflow.spec.at, 'event'],
      what: 'an event binding without selector',
      fix: 'set event.selector, such as payload.message != ""',
    };
  }
  const submit = partAt(workflow.spec, 'submit');
  if (!isSet(workflow.spec.fields.submit)) return;
  if (!isSet(partAt(submit, 'workflowTemplateRef').fields.name)) {
    yield { at: submit.at, what: 'an event binding that submits nothing', fix: 'set submit.workflowTemplateRef.name' };
  }
  const target = submitted(workflow, catalogue);
  if (target === undefined) return;
  const given = partsAt(submit, 'arguments', 'parameters').map((parameter) => textOf(parameter.fields.name));
  for (const parameter of target.arguments.parameters) {
    if (hasDefault(parameter) || given.includes(parameter.name)) continue;
    const what = `${target.kind} "${target.name}" needs the parameter "${parameter.name}", which is not given`;
    yield { at: submit.at, what, fix: 'add it to submit.arguments.parameters' };
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
  {
    id: 'submitted-value',
    severity: 'warning',
    why: 'The API server takes the workflow, and the controller fails it at once, when a parameter has no value.',
    check: submittedValues,
  },
  {
    id: 'enum-value',
    severity: 'error',
    why: 'The controller refuses a value that is not in the enum of its parameter; the form in the UI shows only those.',
    check: enums,
  },
  {
    id: 'unquoted-value',
    severity: 'warning',
    why: 'Parameters are texts. What is not quoted is read by YAML first: 1.10 becomes 1.1, 010 becomes 8, yes becomes true.',
    check: textValues,
  },
  {
    id: 'config-map-label',
    severity: 'error',
    why: 'The controller sees only ConfigMaps with this label, and otherwise reports that the ConfigMap does not exist.',
    check: configMaps,
  },
  {
    id: 'event-binding',
    severity: 'error',
    why: 'An event binding needs a selector, and submits a WorkflowTemplate with all its parameters; otherwise events are dropped with a line in the log of the server.',
    check: eventBinding,
  },
];
