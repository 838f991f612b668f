import type { Catalogue } from '../catalogue';
import { fieldsOf } from '../fields';
import type { WorkflowObject } from '../model';
import { hasItems } from '../presence';
import type { Reference } from '../references';
import type { Problem, Rule } from '../rule';
import { FALLBACK, outputUses, type Use } from './outputs';

function* loopResults(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  for (const { reference, node, kind } of outputUses(workflow, catalogue)) {
    if (node.call.loop === undefined || kind !== 'result') continue;
    const what = `the result of the loop "${node.call.name}" is a list only when everything that each run prints is JSON; else the loop ends in an error`;
    yield {
      at: reference.site.at,
      what,
      value: reference.written,
      fix: 'write an output parameter, and read the list outputs.parameters.NAME',
    };
  }
}

/** The value of one output, or nothing: where every run was skipped, `parameters` is the text `[]`. */
function ofSomeRuns(names: readonly string[]): string {
  const [root = '', name = '', , , output = ''] = names;
  const parameters = `${root}['${name}']?.outputs?.parameters`;
  return `write {{= type(${parameters}) == 'map' ? ${parameters}?.['${output}'] ?? '[]' : '[]' }}`;
}

function loopOutput({ reference, node, output }: Use): Pick<Problem, 'what' | 'fix'> | undefined {
  const { call, template } = node;
  const declared = template?.outputs.parameters.find((each) => each.name === output);
  const empty = hasItems(call) ? undefined : `for an empty list, the loop "${call.name}" has no outputs`;
  if (output === undefined) {
    const one = `read the lists one by one: outputs.parameters.NAME ?? '[]'`;
    if (reference.inExpression && (template?.outputs.parameters.length ?? 0) > 0 && !isTypeChecked(reference)) {
      const what = 'within an expression this is a map with the list of each output, not the list that the tag gives';
      return { what, fix: one };
    }
    const isLost = empty !== undefined && !reference.guarded;
    return isLost ? { what: `${empty}: what reads them fails or waits for ever`, fix: one } : undefined;
  }
  // The default is a value: what stands behind ?? is not taken.
  if (empty !== undefined && fieldsOf(declared?.fields.valueFrom).default !== undefined) {
    const what = `for an empty list, the list of "${output}" is the default of one run: a text, not a list`;
    return { what, fix: "leave the default out, and write ?? '[]' where the list is read" };
  }
  if (call.when !== undefined) {
    const what = `when every run of "${call.name}" is skipped there is no list of "${output}", and what reads it fails, also with ??`;
    return { what, fix: ofSomeRuns(reference.names) };
  }
  if (empty === undefined || reference.guarded) return undefined;
  const fix = FALLBACK(reference.names).replace("'default'", "'[]'");
  return { what: `${empty}: what reads them fails or waits for ever`, fix };
}

function isTypeChecked({ site }: Reference): boolean {
  return /\btype\(/.test(site.text);
}

function* loopOutputs(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  for (const use of outputUses(workflow, catalogue)) {
    const { reference, node, kind } = use;
    if (node.call.loop === undefined || kind !== 'parameters' || reference.conditional) continue;
    const problem = loopOutput(use);
    if (problem !== undefined) yield { at: reference.site.at, value: reference.written, ...problem };
  }
}

export const LOOP_OUTPUT_RULES: readonly Rule[] = [
  {
    id: 'loop-result',
    severity: 'warning',
    why: 'The result of a loop is the list of what its runs print, and exists only when all of it is JSON.',
    check: loopResults,
  },
  {
    id: 'loop-output',
    severity: 'warning',
    why: 'A loop over an empty list is skipped: the lists of its outputs are then absent, or the default of a single run. One whose runs were all skipped has the text [] in their place.',
    check: loopOutputs,
  },
];
