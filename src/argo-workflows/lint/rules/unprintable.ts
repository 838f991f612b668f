import { type Catalogue, findCalled } from '../catalogue';
import { fieldsOf, isFields, listOf, textOf } from '../fields';
import { templatesAround } from '../graph';
import { allCallsOf, type Call, callsOf, type Named, type Template, type WorkflowObject } from '../model';
import { resolveNode } from '../nodes';
import { type Reference, referencesOf } from '../references';
import type { Problem, Rule } from '../rule';

/** What Go writes in quotes as `\\x1b`, `\\a`, `\\v` or `\\U000e0067`, none of which JSON reads. */
const UNREADABLE = /(?![\t\n\f\r\b\u0080-\u009f])\p{Cc}|(?=[\u{10000}-\u{10FFFF}])\p{C}/u;

/** Whether a plain tag puts the variable into a text; the value of an expression is written as JSON. */
function isPasted(workflow: WorkflowObject, names: string, at: (reference: Reference) => boolean): boolean {
  return referencesOf(workflow).references.some(
    (reference) => !reference.inExpression && reference.names.join('.') === names && at(reference),
  );
}

function pastesInput(workflow: WorkflowObject, template: Template, name: string): boolean {
  return isPasted(workflow, `inputs.parameters.${name}`, ({ site }) =>
    templatesAround(site.template, workflow).includes(template),
  );
}

function* unreadable(at: Problem['at'], value: unknown): Generator<Problem> {
  const text = textOf(value);
  if (text === undefined || !UNREADABLE.test(text)) return;
  const what = 'a tag puts this value into the template, which its control or unprintable character breaks';
  yield { at, what, value: JSON.stringify(text).slice(0, 40), fix: 'remove the character, or encode the text' };
}

function* ofParameter(parameter: Named): Generator<Problem> {
  for (const field of ['value', 'default']) yield* unreadable([...parameter.at, field], parameter.fields[field]);
}

function* unprintableValues(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const entrypoint = workflow.templates.find((template) => template.name === workflow.spec.fields.entrypoint);
  for (const parameter of workflow.arguments.parameters) {
    const used =
      isPasted(workflow, `workflow.parameters.${parameter.name}`, () => true) ||
      (entrypoint !== undefined && pastesInput(workflow, entrypoint, parameter.name));
    if (used) yield* ofParameter(parameter);
  }
  for (const template of workflow.allTemplates) {
    for (const input of template.inputs.parameters) {
      if (pastesInput(workflow, template, input.name)) yield* ofParameter(input);
    }
    for (const call of callsOf(template)) yield* ofItems(workflow, call);
  }
  yield* ofOutputs(workflow, catalogue);
  for (const call of allCallsOf(workflow)) {
    const called = findCalled(catalogue, workflow, call);
    if (called === undefined) continue;
    for (const argument of call.arguments.parameters) {
      if (pastesInput(called.workflow, called.template, argument.name)) yield* ofParameter(argument);
    }
  }
}

/** Defaults of outputs that a tag puts into what reads them. */
function* ofOutputs(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const seen = new Set<Named>();
  for (const reference of referencesOf(workflow).references) {
    const [, , member, kind, name] = reference.names;
    // An output of a DAG takes the value as it is.
    if (reference.inExpression || reference.site.role === 'output' || `${member}.${kind}` !== 'outputs.parameters')
      continue;
    const template = resolveNode(reference, workflow, catalogue)?.template;
    const output = template?.outputs.parameters.find((each) => each.name === name);
    if (template === undefined || output === undefined || seen.has(output)) continue;
    seen.add(output);
    if (!workflow.allTemplates.includes(template)) continue;
    yield* unreadable([...output.at, 'valueFrom', 'default'], fieldsOf(output.fields.valueFrom).default);
  }
}

function* ofItems(workflow: WorkflowObject, call: Call): Generator<Problem> {
  const pastes = (names: string) => isPasted(workflow, names, ({ site }) => site.call === call);
  for (const [index, item] of listOf(call.fields.withItems).entries()) {
    const at = [...call.at, 'withItems', index];
    if (!isFields(item)) {
      if (pastes('item')) yield* unreadable(at, item);
      continue;
    }
    for (const [key, value] of Object.entries(fieldsOf(item)))
      if (pastes(`item.${key}`)) yield* unreadable([...at, key], value);
  }
}

export const UNPRINTABLE_RULES: readonly Rule[] = [
  {
    id: 'unprintable-value',
    severity: 'error',
    why: 'A tag is replaced by the value in the quoting of Go, and the template is read as JSON again, which does not know \\x1b: the controller refuses a value with an escape or another control character, or ends the step in an error.',
    check: unprintableValues,
  },
];
