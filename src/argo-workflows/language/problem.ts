/** One mistake in a workflow: where it is, what is wrong, the value that was found, and what to do. */
export interface Problem {
  readonly where: string;
  readonly what: string;
  readonly value?: unknown;
  readonly fix: string;
}

/** All mistakes of a workflow at once. */
export class WorkflowError extends Error {
  override readonly name = 'WorkflowError';

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(describe).join('\n'));
  }
}

/** `error: WHERE: WHAT (got VALUE); FIX` */
function describe(problem: Problem): string {
  const value = problem.value === undefined ? '' : ` (got ${shorten(JSON.stringify(problem.value) ?? '')})`;
  return `error: ${problem.where}: ${problem.what}${value}; ${problem.fix}`;
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
