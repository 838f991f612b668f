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
