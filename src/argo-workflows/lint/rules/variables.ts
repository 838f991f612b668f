import type { Catalogue } from '../catalogue';
import type { WorkflowObject } from '../model';
import { referencesOf } from '../references';
import type { Problem, Rule, Severity } from '../rule';
import type { VariableMistake, VariableProblem } from '../variable-problem';
import { variableProblem } from '../variables';

interface Found extends VariableProblem, Pick<Problem, 'at' | 'value'> {}

const cache = new WeakMap<Catalogue, WeakMap<WorkflowObject, readonly Found[]>>();

/** All mistakes with variables of a workflow; computed once for all rules of this file. */
function mistakesOf(workflow: WorkflowObject, catalogue: Catalogue): readonly Found[] {
  const known = cache.get(catalogue) ?? new WeakMap<WorkflowObject, readonly Found[]>();
  cache.set(catalogue, known);
  const found = known.get(workflow) ?? findMistakes(workflow, catalogue);
  known.set(workflow, found);
  return found;
}

function findMistakes(workflow: WorkflowObject, catalogue: Catalogue): readonly Found[] {
  const seen = new Set<string>();
  return referencesOf(workflow).references.flatMap((reference) => {
    const problem = variableProblem(reference, workflow, catalogue);
    const { at, text } = reference.site;
    const key = JSON.stringify([at, problem]);
    if (problem === undefined || seen.has(key)) return [];
    seen.add(key);
    return [{ ...problem, at, value: text }];
  });
}

function mistakeRule(id: VariableMistake, severity: Severity, why: string): Rule {
  return {
    id,
    severity,
    why,
    check: (workflow, catalogue) => mistakesOf(workflow, catalogue).filter((found) => found.mistake === id),
  };
}

export const VARIABLE_RULES: readonly Rule[] = [
  mistakeRule(
    'unknown-variable',
    'error',
    'The controller refuses some misspelt variables, leaves others in the text as they are, and fails an expression at run time.',
  ),
  mistakeRule(
    'literal-tag',
    'warning',
    'What stands in {{ }} and is no variable stays in the text without a word: often a forgotten prefix, sometimes meant for another program.',
  ),
  mistakeRule(
    'undeclared-input',
    'error',
    'A template sees only the inputs that it declares; argo lint does not look into expressions.',
  ),
  mistakeRule(
    'undeclared-workflow-parameter',
    'error',
    'A run is refused when it uses a workflow parameter that it does not declare.',
  ),
  mistakeRule(
    'inherited-workflow-parameter',
    'warning',
    'A WorkflowTemplate may use parameters of the workflow that runs it; argo lint accepts any name, and the run is refused, or the tag stays in the text, when there is none.',
  ),
  mistakeRule(
    'variable-scope',
    'error',
    'Some variables exist only in a loop, in a template with retries, in a metric, in a pod, or at the end; elsewhere the tag stays in the text and the expression fails.',
  ),
  mistakeRule('exit-status', 'warning', 'While the workflow runs, its status is always Running.'),
  mistakeRule(
    'unknown-node',
    'error',
    'The controller refuses the name of a step or task that does not exist; within an expression, it waits for it for ever.',
  ),
  mistakeRule(
    'unknown-output',
    'error',
    'The controller refuses an output that the template does not declare; within an expression, it waits for it for ever.',
  ),
  mistakeRule(
    'not-a-dependency',
    'error',
    'A task that reads from one it does not depend on may begin earlier, and is then put back again and again without a word. argo lint sees this only where the tag begins the value of an argument.',
  ),
  mistakeRule(
    'step-not-finished',
    'error',
    'Steps of one group run at the same time, so none of them can read from another: argo lint accepts it, and the run waits for ever.',
  ),
];
