import { type Catalogue, findCalled } from '../catalogue';
import { fieldsOf, isSet, listOf } from '../fields';
import type { Template, WorkflowObject } from '../model';
import { POD_FIELDS } from '../node-members';
import { type ResolvedNode, resolveNode } from '../nodes';
import { absentWhenUsed } from '../presence';
import { type Reference, referencesOf } from '../references';
import type { Problem, Rule } from '../rule';

export interface Use {
  readonly reference: Reference;
  readonly node: ResolvedNode;
  /** `parameters`, `artifacts` or `result`; or one of {@link POD_FIELDS}. */
  readonly kind: string;
  readonly output: string | undefined;
}

/** Every place that reads outputs of a step or task. */
export function* outputUses(workflow: WorkflowObject, catalogue: Catalogue): Generator<Use> {
  for (const reference of referencesOf(workflow).references) {
    const [root = '', , member, kind, output] = reference.names;
    if ((root !== 'steps' && root !== 'tasks') || reference.site.role === 'hook') continue;
    const read = member === 'outputs' ? kind : POD_FIELDS.find((field) => field === member);
    const node = read === undefined ? undefined : resolveNode(reference, workflow, catalogue);
    if (read !== undefined && node !== undefined && node.call !== node.user)
      yield { reference, node, kind: read, output };
  }
}

/** The same condition on both: the user is skipped with the producer. */
export function sharesCondition({ reference, node }: Use): boolean {
  const { user, call } = node;
  if (user?.when === undefined) return false;
  return user.when === call.when || user.when.includes(`${reference.names[0]}.${call.name}.status`);
}

/** What stands in for an absent value: a default of the producer, of the input that takes it, or of the output. */
function hasFallback({ reference, node, kind, output }: Use, workflow: WorkflowObject, catalogue: Catalogue): boolean {
  const { site } = reference;
  if (reference.guarded || reference.conditional) return true;
  const produced =
    kind === 'parameters' ? node.template?.outputs.parameters.find((each) => each.name === output) : undefined;
  if (fieldsOf(produced?.fields.valueFrom).default !== undefined) return true;
  if (produced !== undefined && produced.fields.value !== undefined) return false;
  if (site.role === 'output') return outputHasDefault(site.template, site.at);
  if (node.user === undefined || !reference.isWhole || reference.inExpression) return false;
  const target = findCalled(catalogue, workflow, node.user)?.template;
  const [list, index] = [site.at.at(-3), site.at.at(-2)];
  if (site.at.at(-4) !== 'arguments' || typeof index !== 'number') return false;
  const argument = list === 'artifacts' ? node.user.arguments.artifacts : node.user.arguments.parameters;
  const given = argument.find((each) => each.at.at(-1) === index);
  const input = (list === 'artifacts' ? target?.inputs.artifacts : target?.inputs.parameters)?.find(
    (each) => each.name === given?.name,
  );
  if (list === 'artifacts') return given?.fields.optional === true || input?.fields.optional === true;
  return input?.fields.value !== undefined || input?.fields.default !== undefined;
}

function outputHasDefault(template: Template | undefined, at: Problem['at']): boolean {
  const index = at[at.indexOf('parameters') + 1];
  const optional =
    at.includes('artifacts') &&
    template?.outputs.artifacts.some((each) => each.fields.optional === true && startsWith(at, each.at));
  const output = template?.outputs.parameters.find((each) => each.at.at(-1) === index);
  return optional === true || fieldsOf(output?.fields.valueFrom).default !== undefined;
}

function startsWith(at: Problem['at'], prefix: Problem['at']): boolean {
  return prefix.every((key, index) => at[index] === key);
}

/** How to write an expression that goes on without the value. */
export const FALLBACK = (names: readonly string[]): string => {
  const [root = '', name = '', ...rest] = names;
  return `write {{= ${root}['${name}']${rest.map((part) => (/^\w+$/.test(part) ? `?.${part}` : `?.['${part}']`)).join('')} ?? 'default' }}, or give the input a default`;
};

function* absentOutputs(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  for (const use of outputUses(workflow, catalogue)) {
    const { reference, node, kind } = use;
    if (
      node.call.loop !== undefined ||
      (kind !== 'parameters' && kind !== 'artifacts') ||
      hasFallback(use, workflow, catalogue) ||
      sharesCondition(use)
    )
      continue;
    const [phase] = absentWhenUsed(node.owner, node.call, node.user);
    if (phase === undefined) continue;
    const what = `"${node.call.name}" may be ${phase.toLowerCase()}, and then has no outputs: what reads them fails`;
    yield { at: reference.site.at, what, value: reference.written, fix: FALLBACK(reference.names) };
  }
}

function* skippedResults(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  for (const use of outputUses(workflow, catalogue)) {
    const { reference, node, kind } = use;
    const ofPod = POD_FIELDS.includes(kind);
    if (node.call.loop !== undefined || !(ofPod || kind === 'result')) continue;
    if (reference.conditional || (ofPod && reference.guarded) || sharesCondition(use)) continue;
    const [phase] = absentWhenUsed(node.owner, node.call, node.user);
    if (phase === undefined) continue;
    const [root = '', name = ''] = reference.names;
    const what = `"${name}" may be ${phase.toLowerCase()}, and its ${kind} is then never there: what reads it waits for ever`;
    const fix = ofPod
      ? `write {{= ${root}['${name}']?.${kind} ?? 'none' }}`
      : 'write it to an output parameter with valueFrom.path and default';
    yield { at: reference.site.at, what, value: reference.written, fix };
  }
}

function* unusedInputs(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    if (template.kind === 'suspend' || template.kind === 'plugin' || template.kind === undefined) continue;
    const { inputs, ...rest } = template.fields;
    const text = JSON.stringify([rest, listOf(fieldsOf(inputs).artifacts)]);
    if (/inputs\.parameters(?![.\w'"[?\\])/.test(text)) continue;
    for (const input of template.inputs.parameters) {
      if (!isSet(input.name) || isUsed(text, input.name)) continue;
      yield {
        at: input.at,
        what: 'an input that the template does not use',
        value: input.name,
        fix: 'use it, or remove it',
      };
    }
  }
}

function isUsed(text: string, name: string): boolean {
  const escaped = name.replace(/[-]/g, '\\-');
  return new RegExp(
    `inputs\\??\\.parameters\\??\\.?(${escaped}(?![-\\w])|\\[[\\\\'"]*${escaped}[\\\\'"]*\\]|\\{\\{)`,
  ).test(text);
}

export const OUTPUT_RULES: readonly Rule[] = [
  {
    id: 'absent-output',
    severity: 'warning',
    why: 'A step that was skipped or a task that was left out has no outputs: reading one without a fallback fails the run, except into an input with a default.',
    check: absentOutputs,
  },
  {
    id: 'skipped-result',
    severity: 'warning',
    why: 'The result of a step that did not run, its exit code and its address are never set, not even as absent: what reads them is put back again and again.',
    check: skippedResults,
  },
  {
    id: 'unused-input',
    severity: 'warning',
    why: 'An input that nothing reads is a leftover, or a forgotten or misspelt tag.',
    check: unusedInputs,
  },
];
