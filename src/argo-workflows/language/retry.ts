import { type ArgumentPlace, renderField } from './arguments';
import { type Expr, nodeOf, variableHandle } from './expr';
import { valueExpression } from './expression-text';
import { checkCount, checkQuantity, type Duration } from './quantities';
import type { Wire } from './template';

/** The last attempt, for the condition of a retry. */
export interface LastAttempt {
  /** Exit code of the program; -1 where there is none. */
  readonly exitCode: Expr<number, 'retry condition'>;
  /** `Error` means that the pod was lost, `Failed` that the program failed. */
  readonly status: Expr<'Failed' | 'Error', 'retry condition'>;
  /** In seconds. */
  readonly duration: Expr<number, 'retry condition'>;
  readonly message: Expr<string, 'retry condition'>;
}

/**
 * When and how often a step is tried again.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/retries/
 */
export interface Retry {
  /** How many times after the first attempt. Without it Argo tries for ever, and with a backoff at once. */
  readonly limit: number;
  /**
   * What is tried again: `OnError` lost pods, `OnFailure` failed programs, `OnTransientError` known passing errors.
   * @default 'OnError'; 'Always' where there is a condition
   */
  readonly policy?: 'Always' | 'OnError' | 'OnFailure' | 'OnTransientError';
  /** A further condition, such as certain exit codes. @default - none */
  readonly when?: (last: LastAttempt) => Expr<boolean, 'retry condition'>;
  /** The pause before each further attempt. @default - 30 s, doubled each time, at most 5 min */
  readonly backoff?: Backoff;
  /** Whether to avoid the nodes of earlier attempts. @default false */
  readonly otherNode?: boolean;
}

/** Pauses between attempts. */
export interface Backoff {
  readonly duration: Duration;
  /** By how much each pause is longer than the one before. @default 1 */
  readonly factor?: number;
  /** The longest pause. @default - no limit */
  readonly cap?: Duration;
  /** No attempt begins later than this after the first began. @default - no limit */
  readonly maxDuration?: Duration;
}

const DEFAULT: Retry = { limit: 2 };
const BACKOFF: Backoff = { duration: '30s', factor: 2, cap: '5m' };

const LAST: LastAttempt = {
  exitCode: variableHandle(['lastRetry', 'exitCode'], 'int'),
  status: variableHandle(['lastRetry', 'status'], 'string'),
  duration: variableHandle(['lastRetry', 'duration'], 'number'),
  message: variableHandle(['lastRetry', 'message'], 'string'),
};

/** The `retryStrategy` of a leaf template. */
export function renderRetry(retry: Retry | 'never' | undefined, place: ArgumentPlace): Wire {
  if (retry === 'never') return {};
  const { limit, policy, when, backoff = BACKOFF, otherNode } = retry ?? DEFAULT;
  checkCount('limit of retries', limit, 0, place);
  checkCount('factor of a backoff', backoff.factor, 1, place);
  for (const pause of [backoff.duration, backoff.cap, backoff.maxDuration]) {
    checkQuantity('duration', pause, { ...place, where: `${place.where}, backoff` });
  }
  const condition = when?.(LAST);
  return {
    retryStrategy: {
      limit: String(limit),
      // With an expression and no policy Argo would retry always.
      retryPolicy: policy ?? (condition === undefined ? 'OnError' : 'Always'),
      backoff: { ...backoff },
      ...(condition === undefined
        ? {}
        : { expression: renderField(nodeOf(condition), 'boolean', condition, place, valueExpression) }),
      ...(otherNode === true ? { affinity: { nodeAntiAffinity: {} } } : {}),
    },
  };
}
