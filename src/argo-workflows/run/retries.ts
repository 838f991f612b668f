import { type Fields, fieldsOf, isSet, scalarText } from '../lint/fields';
import type { RunContext } from './context';
import { parseSeconds } from './durations';
import { isFailed, RunError, type RunNode } from './result';
import { evaluateCondition, extendScope, type Scope, substituteAll } from './scope';

/** More attempts than any run that is meant makes. */
const MAX_ATTEMPTS = 1000;

/** A `retryStrategy` with its tags filled in. */
interface RetryStrategy {
  /** How many more times after the first; undefined for ever. */
  readonly limit?: number;
  readonly policy: string;
  readonly expression?: string;
  readonly backoff?: {
    readonly seconds: number;
    readonly factor: number;
    readonly cap: number;
    /** Counted from the start of the first attempt. */
    readonly maxDuration: number;
  };
}

/** Reads a `retryStrategy`. */
function readRetryStrategy(value: unknown, where: string): RetryStrategy {
  const fields = fieldsOf(value);
  const backoff = fieldsOf(fields.backoff);
  const expression = scalarText(fields.expression);
  const seconds = (field: unknown, otherwise: number): number =>
    isSet(field) ? parseSeconds(scalarText(field) ?? '', where) : otherwise;
  return {
    ...(isSet(fields.limit) ? { limit: Number(scalarText(fields.limit)) } : {}),
    policy: scalarText(fields.retryPolicy) ?? (isSet(expression) ? 'Always' : 'OnFailure'),
    ...(expression === undefined || expression === '' ? {} : { expression }),
    ...(isSet(fields.backoff)
      ? {
          backoff: {
            seconds: seconds(backoff.duration, 0),
            factor: isSet(backoff.factor) ? Number(scalarText(backoff.factor)) : 1,
            cap: seconds(backoff.cap, Number.POSITIVE_INFINITY),
            maxDuration: seconds(backoff.maxDuration, Number.POSITIVE_INFINITY),
          },
        }
      : {}),
  };
}

/** When the next attempt begins, or why there is none. */
type RetryDecision = { readonly startAt: number } | { readonly message: string };

/** What the controller does after an attempt that did not succeed. */
function decideRetry(
  strategy: RetryStrategy,
  attempts: readonly RunNode[],
  scope: Scope,
  where: string,
): RetryDecision {
  const [first] = attempts;
  const last = attempts.at(-1);
  if (first === undefined || last === undefined) return { startAt: 0 };
  let startAt = last.finishedAt;
  const { backoff } = strategy;
  if (backoff !== undefined) {
    const wait = Math.min(backoff.seconds * Math.max(1, backoff.factor) ** (attempts.length - 1), backoff.cap);
    const deadline = first.startedAt + backoff.maxDuration;
    if (last.finishedAt > deadline) return { message: 'Max duration limit exceeded' };
    startAt = last.finishedAt + wait;
    if (startAt > deadline) return { message: 'Backoff would exceed max duration limit' };
  }
  const { policy } = strategy;
  const covers = policy === 'Always' || (last.phase === 'Error' ? policy === 'OnError' : policy === 'OnFailure');
  if (!covers) return { message: last.message };
  if (strategy.limit !== undefined && attempts.length > strategy.limit) return { message: 'No more retries left' };
  if (strategy.expression !== undefined && !evaluateCondition(strategy.expression, scope, `${where}.retryStrategy`)) {
    return { message: 'retryStrategy.expression evaluated to false' };
  }
  if (attempts.length >= MAX_ATTEMPTS) {
    throw new RunError(
      where,
      `still fails after ${MAX_ATTEMPTS} attempts, and has no limit`,
      'set retryStrategy.limit',
    );
  }
  return { startAt };
}

/** The attempts at a template, and why there are no more. */
export interface Attempts {
  readonly attempts: readonly RunNode[];
  readonly message: string;
}

/** Makes attempts until one succeeds or the strategy gives up. */
export async function runAttempts(
  context: RunContext,
  fields: Fields,
  scope: Scope,
  name: string,
  attempt: (number: number, name: string, scope: Scope) => Promise<RunNode>,
): Promise<Attempts> {
  const { clock, deadline, signal } = context;
  // Tags within the expression are filled in; what it names by itself changes from attempt to attempt.
  const strategy = readRetryStrategy(substituteAll(fields, scope, name), name);
  const attempts: RunNode[] = [];
  for (;;) {
    const number = attempts.length;
    const node = await attempt(number, `${name}(${number})`, extendScope(scope, retryVariables(attempts)));
    attempts.push(node);
    if (!isFailed(node.phase)) return { attempts, message: '' };
    if (signal.aborted || clock.now() >= deadline) return { attempts, message: node.message };
    const variables = { ...retryVariables(attempts), retries: String(number) };
    const decision = decideRetry(strategy, attempts, { variables, texts: new Map() }, name);
    if ('message' in decision) return { attempts, message: decision.message };
    await clock.sleep(Math.min(decision.startAt, deadline) - clock.now(), signal);
  }
}

/** `retries` and `lastRetry`, which are texts. */
function retryVariables(attempts: readonly RunNode[]): Record<string, string | Record<string, string>> {
  const last = attempts.at(-1);
  return {
    retries: String(attempts.length),
    lastRetry: {
      exitCode: String(last === undefined ? 0 : (last.outputs.exitCode ?? -1)),
      status: last?.phase ?? '',
      duration: last === undefined ? '0' : String(Math.round(last.finishedAt - last.startedAt)),
      message: last?.message ?? '',
    },
  };
}
