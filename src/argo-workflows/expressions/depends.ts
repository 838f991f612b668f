import { ExpressionError } from './expression-error';

/** The results of a task that `depends` can ask for. */
export const TASK_RESULTS = [
  'Succeeded',
  'Failed',
  'Errored',
  'Skipped',
  'Omitted',
  'Daemoned',
  'AnySucceeded',
  'AllFailed',
] as const;

export type TaskResult = (typeof TASK_RESULTS)[number];

/**
 * A parsed `depends`: task names, with or without a result, joined by `&&`, `||`, `!` and parentheses.
 *
 * @see https://argo-workflows.readthedocs.io/en/latest/enhanced-depends-logic/
 */
export type Depends =
  | { readonly kind: 'task'; readonly name: string; readonly result?: TaskResult; readonly start: number }
  | { readonly kind: 'not'; readonly operand: Depends }
  | { readonly kind: 'and' | 'or'; readonly left: Depends; readonly right: Depends };

export type DependsTask = Extract<Depends, { readonly kind: 'task' }>;

const TOKEN = /\s*(?:(&&|\|\||!|\(|\)|\band\b|\bor\b|\bnot\b)|([a-zA-Z0-9][-a-zA-Z0-9_]*)(?:\.([A-Za-z]+))?)/y;

interface DependsToken {
  readonly start: number;
  readonly operator?: string;
  readonly name?: string;
  readonly result?: string;
}

const WORDS: Readonly<Record<string, string>> = { and: '&&', or: '||', not: '!' };

/** How tightly a written form binds, for parentheses in {@link printDepends}. */
const STRENGTH = { or: 1, and: 2, not: 3, task: 4 } as const;

/** Parses a `depends`. @throws {ExpressionError} with the position of the first mistake. */
export function parseDepends(source: string): Depends {
  const tokens = tokenizeDepends(source);
  let index = 0;
  const at = (operator: string): boolean => tokens[index]?.operator === operator;
  const fail = (): never => {
    const token = tokens[index];
    const found = token === undefined ? 'the end' : `"${token.operator ?? token.name}"`;
    throw new ExpressionError(`unexpected ${found}`, source, token?.start ?? source.length);
  };

  const either = (): Depends => {
    let left = both();
    while (at('||')) {
      index += 1;
      left = { kind: 'or', left, right: both() };
    }
    return left;
  };
  const both = (): Depends => {
    let left = one();
    while (at('&&')) {
      index += 1;
      left = { kind: 'and', left, right: one() };
    }
    return left;
  };
  const one = (): Depends => {
    if (at('!')) {
      index += 1;
      return { kind: 'not', operand: one() };
    }
    if (at('(')) {
      index += 1;
      const inner = either();
      if (!at(')')) fail();
      index += 1;
      return inner;
    }
    const token = tokens[index];
    if (token?.name === undefined) return fail();
    index += 1;
    return taskNode(token, token.name, source);
  };

  const depends = either();
  if (index < tokens.length) fail();
  return depends;
}

function taskNode(token: DependsToken, name: string, source: string): Depends {
  if (token.result === undefined) return { kind: 'task', name, start: token.start };
  const result = TASK_RESULTS.find((known) => known === token.result);
  if (result === undefined) {
    const known = TASK_RESULTS.join(', ');
    throw new ExpressionError(`"${token.result}" is no task result (${known})`, source, token.start + name.length + 1);
  }
  return { kind: 'task', name, result, start: token.start };
}

function tokenizeDepends(source: string): readonly DependsToken[] {
  const tokens: DependsToken[] = [];
  const end = source.trimEnd().length;
  let offset = 0;
  while (offset < end) {
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(source);
    const start = offset + (/^\s*/.exec(source.slice(offset))?.[0].length ?? 0);
    if (match === null) throw new ExpressionError(`unexpected "${source.charAt(start)}"`, source, start);
    const [text, operator, name, result] = match;
    if (operator !== undefined) tokens.push({ start, operator: WORDS[operator] ?? operator });
    else if (name !== undefined) tokens.push({ start, name, ...(result === undefined ? {} : { result }) });
    offset += text.length;
  }
  return tokens;
}

/** Writes a `depends` with parentheses only where they are needed. */
export function printDepends(depends: Depends): string {
  switch (depends.kind) {
    case 'task':
      return depends.result === undefined ? depends.name : `${depends.name}.${depends.result}`;
    case 'not':
      return `!${wrapDepends(depends.operand, STRENGTH.not)}`;
    case 'and':
    case 'or': {
      const strength = STRENGTH[depends.kind];
      const operator = depends.kind === 'and' ? '&&' : '||';
      return `${wrapDepends(depends.left, strength)} ${operator} ${wrapDepends(depends.right, strength + 1)}`;
    }
  }
}

function wrapDepends(depends: Depends, minimum: number): string {
  const text = printDepends(depends);
  return STRENGTH[depends.kind] < minimum ? `(${text})` : text;
}

/** The tasks that a `depends` names, in the order of writing, repeats included. */
export function dependsTasks(depends: Depends): readonly DependsTask[] {
  switch (depends.kind) {
    case 'task':
      return [depends];
    case 'not':
      return dependsTasks(depends.operand);
    default:
      return [...dependsTasks(depends.left), ...dependsTasks(depends.right)];
  }
}

/**
 * Evaluates a `depends` in three-valued logic: `undefined` is "not known", so that a linter can ask what may happen
 * and the runner, which knows everything, what does.
 *
 * @param holds whether one task has one result; without a result, whether it counts as done
 *   (succeeded, skipped or daemoned, and what its `continueOn` adds).
 */
export function evaluateDepends(
  depends: Depends,
  holds: (task: DependsTask) => boolean | undefined,
): boolean | undefined {
  if (depends.kind === 'task') return holds(depends);
  if (depends.kind === 'not') {
    const operand = evaluateDepends(depends.operand, holds);
    return operand === undefined ? undefined : !operand;
  }
  const left = evaluateDepends(depends.left, holds);
  const right = evaluateDepends(depends.right, holds);
  const deciding = depends.kind === 'or';
  if (left === deciding || right === deciding) return deciding;
  return left === undefined || right === undefined ? undefined : !deciding;
}
