/** The inference API as the page uses it; every address is relative to the page, so that any host and prefix work. */

export type Sentiment = 'positive' | 'negative' | 'neutral';

export interface Contribution {
  readonly text: string;
  readonly weight: number;
}

export interface Prediction {
  readonly text: string;
  readonly sentiment: Sentiment;
  /** Probability of the likelier of positive and negative, 0.5 to 1. */
  readonly confidence: number;
  readonly processing_time_ms: number;
  readonly model_version: string;
  readonly contributions?: readonly Contribution[];
}

export interface Model {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly synthetic: boolean;
  readonly metrics: Readonly<
    Record<'accuracy' | 'f1' | 'rocAuc' | 'logLoss' | 'calibrationError' | 'examples', number>
  >;
  readonly data: { readonly source: string; readonly training: number; readonly test: number };
}

/** The API refused, or could not be reached. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  /**
   * @param code the API's word for what is wrong, `unreachable` if it did not answer
   * @param field the value at fault, such as `texts[3]`
   */
  constructor(
    message: string,
    readonly code: string,
    readonly field?: string,
  ) {
    super(message);
  }

  /** True if the same request may well succeed later. */
  get isTemporary(): boolean {
    return ['unreachable', 'model_not_loaded', 'draining', 'unavailable'].includes(this.code);
  }
}

/** @throws {RequestError} if the model cannot answer now */
export async function requireReady(): Promise<void> {
  await request('ready');
}

export async function fetchModel(): Promise<Model> {
  return (await request('model')) as Model;
}

export async function predict(text: string): Promise<Prediction> {
  return (await request('predict?explain=true', { text })) as Prediction;
}

export async function predictBatch(texts: readonly string[], signal: AbortSignal): Promise<readonly Prediction[]> {
  const reply = (await request('predict/batch', { texts }, signal)) as { readonly predictions: readonly Prediction[] };
  return reply.predictions;
}

interface ErrorReply {
  readonly error?: { readonly code?: string; readonly message?: string; readonly field?: string };
}

async function request(path: string, body?: object, signal?: AbortSignal): Promise<unknown> {
  let response: Response;
  let reply: unknown;
  try {
    response = await fetch(path, {
      cache: 'no-store',
      ...(signal && { signal }),
      ...(body && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    reply = await response.json().catch(() => undefined);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestError('the API cannot be reached', 'unreachable');
  }
  if (response.ok && reply !== undefined) return reply;
  const told = (reply as ErrorReply | undefined)?.error;
  // A gateway answers for an API that is down, in words of its own.
  const fallback = response.status >= 500 || response.ok ? 'unavailable' : 'refused';
  throw new RequestError(
    told?.message ?? `the API cannot be reached (HTTP status ${response.status})`,
    told?.code ?? fallback,
    told?.field,
  );
}
