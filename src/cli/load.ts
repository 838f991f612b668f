import { readFileSync } from 'node:fs';
import { InvalidInput, type Problem, throwIfAny } from '../core/problem';
import { type LoadResult, load } from '../load/load';
import { type ExitCode, say } from './report';

export interface LoadCommandOptions {
  /** Requests each second over connections that are used again. */
  readonly rate: string;
  /** Requests each second over a new connection each. */
  readonly freshRate: string;
  /** Requests to send. */
  readonly requests: string;
  /** Address to connect to in place of what the host's name resolves to. */
  readonly address?: string;
  /** File with the certificate of the authority that signed the server's. */
  readonly authority?: string;
  /** Print the result as JSON to stdout. */
  readonly json?: boolean;
}

/** Synthetic: short and long, so that replies take different times. */
const TEXTS = [
  'A wonderful film, funny and moving from the first scene to the last.',
  'Dull, far too long, and the plot makes no sense at all.',
  'I went in expecting little and left the cinema smiling; the two leads carry even the weaker scenes. '.repeat(20),
] as const;

/**
 * Sends predictions to an inference API at a bounded rate until that many are answered, or until SIGINT.
 *
 * @returns 1 when any request failed
 */
export async function loadCommand(url: string, options: LoadCommandOptions): Promise<ExitCode> {
  const problems: Problem[] = [];
  const count = (name: 'rate' | 'freshRate' | 'requests', least: number): number => {
    const value = Number(options[name]);
    if (Number.isInteger(value) && value >= least) return value;
    const flag = `--${name.replace('R', '-r')}`;
    problems.push({ where: flag, what: 'is no such number', got: options[name], fix: `write ${least} or more` });
    return least;
  };
  const rates = { again: count('rate', 0), fresh: count('freshRate', 0) };
  const requests = count('requests', 1);
  if (rates.again + rates.fresh === 0) {
    problems.push({ where: '--rate', what: 'and --fresh-rate are both 0', fix: 'let one of them be above 0' });
  }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    problems.push({
      where: 'URL',
      what: 'is not an HTTP URL',
      got: url,
      fix: 'write https://api.laptop.internal/predict',
    });
  }
  throwIfAny(problems);
  const target = {
    url: new URL(url),
    ...(options.address && { address: options.address }),
    ...(options.authority && { authority: readFileSync(options.authority, 'utf8') }),
  };
  const result = await load({
    targets: [
      { ...target, keepAlive: true, rate: rates.again },
      { ...target, keepAlive: false, rate: rates.fresh },
    ].filter(({ rate }) => rate > 0),
    texts: TEXTS,
    requests,
    onProgress: (so) => say(summary(so)),
  });
  say(summary(result));
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  if (result.requests === 0) {
    throw new InvalidInput([
      { where: url, what: 'no request could be sent: this machine has no ports left', fix: 'lower --fresh-rate' },
    ]);
  }
  return result.failed > 0 ? 1 : 0;
}

function summary({ requests, failed, reasons, exhausted, versions, latency, seconds }: LoadResult): string {
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, number]) => `${name} ${number}`)
      .join(', ');
  return [
    `${seconds} s: ${requests} requests, ${failed} failed${failed > 0 ? ` (${list(reasons)})` : ''}`,
    `p50 ${latency.p50} ms, p99 ${latency.p99} ms`,
    list(versions),
    ...(exhausted > 0 ? [`${exhausted} not sent for want of ports`] : []),
  ]
    .filter(Boolean)
    .join('; ');
}
