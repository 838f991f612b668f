/**
 * A condition on how other tasks ended.
 *
 * @typeParam Scope the DAG that the tasks belong to
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/enhanced-depends-logic/
 */
export interface Dependency<out Scope extends string> {
  readonly kind: 'dependency';
  /** Only the compiler reads this. */
  readonly scope?: Scope;
  readonly formula: Formula;
  /** Either holds. */
  or(other: Dependency<Scope>): Dependency<Scope>;
  /** Both hold. */
  and(other: Dependency<Scope>): Dependency<Scope>;
  /** It does not hold. */
  not(): Dependency<Scope>;
}

/** How a task ended, in the words of Argo's `depends`. */
export const RESULTS = ['Succeeded', 'Failed', 'Errored', 'Skipped', 'Omitted', 'Daemoned'] as const;
export type Result = (typeof RESULTS)[number];

/** The structure of a `depends` text. `Ran` is the bare name: succeeded, skipped or daemoned. */
export type Formula =
  | { readonly kind: 'token'; readonly task: string; readonly result: Result | 'AnySucceeded' | 'AllFailed' | 'Ran' }
  | { readonly kind: 'and' | 'or'; readonly left: Formula; readonly right: Formula }
  | { readonly kind: 'not'; readonly of: Formula };

/** A condition as an object of the language. */
export function dependency<Scope extends string>(formula: Formula): Dependency<Scope> {
  return {
    kind: 'dependency',
    formula,
    or: (other) => dependency({ kind: 'or', left: formula, right: other.formula }),
    and: (other) => dependency({ kind: 'and', left: formula, right: other.formula }),
    not: () => dependency({ kind: 'not', of: formula }),
  };
}

/** Holds when all do; `undefined` for none. */
export function conjunction(formulas: readonly Formula[]): Formula | undefined {
  return formulas.reduce<Formula | undefined>(
    (left, right) => (left === undefined ? right : { kind: 'and', left, right }),
    undefined,
  );
}

/** The text of `depends`. */
export function dependsText(formula: Formula, outer?: Formula['kind']): string {
  switch (formula.kind) {
    case 'token':
      return formula.result === 'Ran' ? formula.task : `${formula.task}.${formula.result}`;
    case 'not':
      return `!${dependsText(formula.of, 'not')}`;
    default: {
      const operator = formula.kind === 'and' ? ' && ' : ' || ';
      const text = dependsText(formula.left, formula.kind) + operator + dependsText(formula.right, formula.kind);
      return outer === undefined || outer === formula.kind ? text : `(${text})`;
    }
  }
}

/** The tasks that a formula names. */
export function tasksOf(formula: Formula): readonly string[] {
  if (formula.kind === 'token') return [formula.task];
  if (formula.kind === 'not') return tasksOf(formula.of);
  return [...new Set([...tasksOf(formula.left), ...tasksOf(formula.right)])];
}

/** Whether some end of the named tasks makes the formula hold. */
export function satisfiable(formula: Formula): boolean {
  return apart(formula).every((part) => search(part, tasksOf(part), new Map()));
}

function search(formula: Formula, tasks: readonly string[], ends: ReadonlyMap<string, Result>): boolean {
  const known = holds(formula, ends);
  const [open, ...others] = tasks;
  if (known !== undefined || open === undefined) return known === true;
  return RESULTS.some((result) => search(formula, others, new Map([...ends, [open, result]])));
}

/** The parts of a conjunction that have no task in common: each can be looked at alone, which keeps the search short. */
function apart(formula: Formula): readonly Formula[] {
  if (formula.kind !== 'and') return [formula];
  return [...apart(formula.left), ...apart(formula.right)].reduce<readonly Formula[]>((parts, part) => {
    const tasks = new Set(tasksOf(part));
    const shares = (other: Formula) => tasksOf(other).some((task) => tasks.has(task));
    const together = parts.filter(shares).reduce((left, right) => ({ kind: 'and', left, right }) as const, part);
    return [...parts.filter((other) => !shares(other)), together];
  }, []);
}

/** `undefined` where it depends on tasks whose end is not told. */
function holds(formula: Formula, ends: ReadonlyMap<string, Result>): boolean | undefined {
  switch (formula.kind) {
    case 'not': {
      const inner = holds(formula.of, ends);
      return inner === undefined ? undefined : !inner;
    }
    case 'and':
    case 'or': {
      const decides = formula.kind === 'or';
      const sides = [holds(formula.left, ends), holds(formula.right, ends)];
      if (sides.includes(decides)) return decides;
      return sides.includes(undefined) ? undefined : !decides;
    }
    case 'token': {
      const end = ends.get(formula.task);
      if (end === undefined) return undefined;
      if (formula.result === 'Ran') return end === 'Succeeded' || end === 'Skipped' || end === 'Daemoned';
      // Some children of a loop may have succeeded although it failed.
      if (formula.result === 'AnySucceeded') return end === 'Succeeded' || end === 'Failed';
      return formula.result === 'AllFailed' ? end === 'Failed' : end === formula.result;
    }
  }
}
