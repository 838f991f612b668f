import type { Reference } from './references';

/** The kinds of mistakes with variables; each is a rule of its own. */
export type VariableMistake =
  | 'unknown-variable'
  | 'literal-tag'
  | 'undeclared-input'
  | 'undeclared-workflow-parameter'
  | 'inherited-workflow-parameter'
  | 'variable-scope'
  | 'exit-status'
  | 'unknown-node'
  | 'unknown-output'
  | 'not-a-dependency'
  | 'step-not-finished';

export interface VariableProblem {
  readonly mistake: VariableMistake;
  readonly what: string;
  readonly fix: string;
}

/** A variable that exists, but not at this place. */
export function outside(reference: Reference, needed: string): VariableProblem {
  return {
    mistake: 'variable-scope',
    what: `${reference.written} has no value here and stays as text`,
    fix: `use it where there is ${needed}`,
  };
}
