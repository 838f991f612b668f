import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInput } from '../core/problem';
import { type ExitCode, say } from './report';

export interface WaitServedOptions {
  /** Such as `v1.2.0`. */
  readonly version: string;
  /** `sha256:...` of the version's folder. */
  readonly digest: string;
  /** Seconds. */
  readonly timeout: string;
  /** Milliseconds between two questions. @default 5000 */
  readonly pause?: number;
}

/** As many answers in a row must be right: behind the Service, an old replica may still answer the next question. */
const ANSWERS = 10;
const REQUEST_MILLISECONDS = 5000;

/**
 * Waits until an inference API serves a version, whichever of its replicas answers.
 *
 * @throws InvalidInput when it does not within the time, with what it answered last
 */
export async function waitServed(url: string, options: WaitServedOptions): Promise<ExitCode> {
  const seconds = Number(options.timeout);
  if (!(seconds > 0)) {
    throw new InvalidInput([
      { where: '--timeout', what: 'is no time', got: options.timeout, fix: 'write seconds above 0' },
    ]);
  }
  const deadline = Date.now() + seconds * 1000;
  let right = 0;
  let last = '';
  for (;;) {
    const answer = await served(new URL('/model', url));
    if (answer !== last) say(`${url} ${answer}`);
    last = answer;
    right = answer === wanted(options) ? right + 1 : 0;
    if (right >= ANSWERS) {
      process.stdout.write(`${JSON.stringify({ version: options.version, digest: options.digest })}\n`);
      return 0;
    }
    if (Date.now() >= deadline) break;
    // Right answers are confirmed at once; while it is another version, the rollout gets its time.
    if (right === 0) await sleep(Math.min(options.pause ?? 5000, Math.max(0, deadline - Date.now())));
  }
  throw new InvalidInput([
    {
      where: url,
      what: `does not serve ${options.version} with ${options.digest} after ${seconds} s`,
      got: last,
      fix: 'look at the Application of the component inference in Argo CD; the commit is made, so revert it or promote another version',
    },
  ]);
}

function wanted({ version, digest }: Pick<WaitServedOptions, 'version' | 'digest'>): string {
  return `serves ${version} with ${digest}`;
}

/** What the API says that it serves, or why it says nothing. A new connection each time reaches any replica. */
async function served(url: URL): Promise<string> {
  try {
    const reply = await fetch(url, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(REQUEST_MILLISECONDS),
    });
    if (!reply.ok) return `answers with status ${reply.status}`;
    const document: unknown = await reply.json();
    const { version, digest } = (document ?? {}) as { readonly version?: unknown; readonly digest?: unknown };
    return wanted({ version: String(version), digest: String(digest) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return `gives no answer: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
