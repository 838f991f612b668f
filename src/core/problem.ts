/** One mistake of a user: where it is, what is wrong, the value found and how to mend it. */
export interface Problem {
  /** Path of the value in the cluster data, construct path, file or option. */
  readonly where: string;
  /** What is wrong, lower case, without a trailing period. */
  readonly what: string;
  /** The value found. Left out where showing it would not help or could reveal a secret. */
  readonly got?: unknown;
  /** What to do about it, in the imperative. */
  readonly fix: string;
}

/** Thrown for mistakes that a user can mend; carries all of them, never only the first. */
export class InvalidInput extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'InvalidInput';
  }
}

/** The one form in which every command reports a mistake: `WHERE: WHAT (got VALUE); FIX`. */
export function formatProblem({ where, what, got, fix }: Problem): string {
  const value = got === undefined ? '' : ` (got ${typeof got === 'string' ? JSON.stringify(got) : compact(got)})`;
  return `${where}: ${what}${value}; ${fix}`;
}

/** Throws {@link InvalidInput} when there is any problem. */
export function throwIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new InvalidInput(problems);
}

function compact(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
