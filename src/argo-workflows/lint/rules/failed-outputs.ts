import type { Catalogue } from '../catalogue';
import type { WorkflowObject } from '../model';
import { failedWhenUsed } from '../presence';
import type { Problem, Rule } from '../rule';
import { outputUses, sharesCondition, type Use } from './outputs';

/** Reached by `?.` from the outputs on, so that nothing need be there. */
function isChained({ reference }: Use): boolean {
  return reference.guarded && /outputs['"\]\s]*\?\./.test(reference.site.text);
}

function* failedOutputs(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  for (const use of outputUses(workflow, catalogue)) {
    const { reference, node, kind, output } = use;
    const { owner, call, user } = node;
    if (kind !== 'parameters' || output === undefined || user === undefined || call.loop !== undefined) continue;
    if (isChained(use) || sharesCondition(use)) continue;
    const phase = failedWhenUsed(owner, call, user);
    if (phase === undefined) continue;
    const [root = '', name = ''] = reference.names;
    const path = `${root}['${name}']?.outputs?.parameters?.['${output}']`;
    yield {
      at: reference.site.at,
      what: `"${name}" may have ${phase === 'Failed' ? 'failed' : 'ended in an error'}, and the output is then not there: what reads it fails or waits for ever`,
      value: reference.written,
      fix: `write {{= ${path} ?? 'none' }}`,
    };
  }
}

export const FAILED_OUTPUT_RULES: readonly Rule[] = [
  {
    id: 'failed-output',
    severity: 'warning',
    why: 'An output that a failed step did not write is not there, not even as absent: no default of its own or of an input stands in for it, a condition in the expression does not help, and what reads it is put back again and again.',
    check: failedOutputs,
  },
];
