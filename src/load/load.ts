import { setTimeout as sleep } from 'node:timers/promises';
import { type Outcome, sender, type Target } from './request';

export interface LoadOptions {
  /** Where requests go; each target gets requests at its own rate. */
  readonly targets: readonly (Target & {
    /** Requests each second, as long as the server keeps up. */
    readonly rate: number;
  })[];
  /** Texts to judge, in turn. */
  readonly texts: readonly [string, ...string[]];
  /** Requests to send at least, over all targets. */
  readonly requests: number;
  /**
   * Ends it when it is aborted, once the least number of requests is sent.
   * @default - it ends with the last of `requests`
   */
  readonly until?: AbortSignal;
  /** Called every second with what happened so far. */
  readonly onProgress?: (result: LoadResult) => void;
}

export interface LoadResult {
  /** Requests that were sent and have ended. */
  readonly requests: number;
  readonly failed: number;
  /** Failures by their reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Requests that this machine could not send for want of ports; they say nothing of the server. */
  readonly exhausted: number;
  /** Right replies by the version of the model that gave them. */
  readonly versions: Readonly<Record<string, number>>;
  /** Milliseconds within which that share of right replies came. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly seconds: number;
}

/** Requests that are due are sent this often. */
const TICK_MILLISECONDS = 10;
/**
 * Requests of one target that may be open at once; more wait for their turn. Without a bound, a machine that falls
 * behind opens ever more connections, and then measures itself.
 */
const MOST_OPEN = 50;

/** Sends predictions at a bounded rate, and counts how they end. */
export async function load({ targets, texts, requests, until, onProgress }: LoadOptions): Promise<LoadResult> {
  const begin = performance.now();
  const tally = makeTally(begin);
  const lanes = targets.map((target) => ({ rate: target.rate, sender: sender(target), sent: 0, open: 0 }));
  const total = () => lanes.reduce((sum, { sent }) => sum + sent, 0);
  let told = begin;
  const send = async (lane: (typeof lanes)[number]) => {
    const text = texts[lane.sent++ % texts.length] ?? texts[0];
    lane.open++;
    tally.add(await lane.sender.send(text));
    lane.open--;
  };
  while (total() < requests || (until && !until.aborted)) {
    const now = performance.now();
    for (const lane of lanes) {
      const due = Math.floor(((now - begin) / 1000) * lane.rate);
      while (lane.sent < due && lane.open < MOST_OPEN && (until || total() < requests)) send(lane);
    }
    if (onProgress && now - told >= 1000) {
      told = now;
      onProgress(tally.result());
    }
    await pause();
  }
  while (lanes.some((lane) => lane.open > 0)) await pause();
  for (const lane of lanes) lane.sender.close();
  return tally.result();
}

const pause = () => sleep(TICK_MILLISECONDS);

function makeTally(begin: number) {
  let requests = 0;
  let failed = 0;
  let exhausted = 0;
  const reasons: Record<string, number> = {};
  const versions: Record<string, number> = {};
  const times: number[] = [];
  return {
    add: (outcome: Outcome) => {
      if (outcome.type === 'exhausted') {
        exhausted++;
        return;
      }
      requests++;
      if (outcome.type === 'failed') {
        failed++;
        reasons[outcome.reason] = (reasons[outcome.reason] ?? 0) + 1;
      } else {
        versions[outcome.modelVersion] = (versions[outcome.modelVersion] ?? 0) + 1;
        times.push(outcome.milliseconds);
      }
    },
    result: (): LoadResult => {
      const sorted = Float64Array.from(times).sort();
      const at = (share: number) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 10) / 10;
      return {
        requests,
        failed,
        reasons: { ...reasons },
        exhausted,
        versions: { ...versions },
        latency: { p50: at(0.5), p99: at(0.99), max: at(1) },
        seconds: Math.round((performance.now() - begin) / 100) / 10,
      };
    },
  };
}
