import type { Catalogue } from './catalogue';
import type { Path } from './fields';
import type { WorkflowObject } from './model';

export type Severity = 'error' | 'warning';

/** What a rule found at one place. */
export interface Problem {
  readonly at: Path;
  /** What is wrong, as a clause without a full stop. */
  readonly what: string;
  /** The value that is there. */
  readonly value?: string;
  /** What to write instead. */
  readonly fix: string;
}

/**
 * One rule of the linter.
 *
 * `error`: the controller or the API server rejects it, hangs on it, or reads it differently from how it is meant.
 * `warning`: it runs, but is a known trap or against our own stricter rules; `--strict` makes errors of them.
 */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** One paragraph: what happens when the rule is broken. */
  readonly why: string;
  readonly check: (workflow: WorkflowObject, catalogue: Catalogue) => Iterable<Problem>;
}
