/** Time as a run sees it: seconds since the run began. */
export interface Clock {
  readonly now: () => number;
  /** Waits so many seconds; at most until the signal is aborted. */
  readonly sleep: (seconds: number, signal?: AbortSignal) => Promise<void>;
  /** Waits for something outside of the run; a virtual clock stands still meanwhile. */
  readonly await: <T>(work: Promise<T>) => Promise<T>;
  /** Seconds that a mock takes which says nothing about it. */
  readonly usual: number;
  /** When the run began, in milliseconds since 1970. */
  readonly epoch: number;
  /** Calls back when nothing in the run can ever go on. */
  readonly onStandstill: (tell: () => void) => void;
}

/** The longest delay that a timer of Node takes, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The time of this machine. */
export function realClock(): Clock {
  const epoch = Date.now();
  const start = performance.now();
  const now = () => (performance.now() - start) / 1000;
  return {
    now,
    epoch,
    usual: 0,
    await: (work) => work,
    // Something outside may always still come.
    onStandstill: () => {},
    sleep: (seconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted || seconds <= 0) return resolve();
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, Math.min(seconds * 1000, LONGEST_TIMER));
        signal?.addEventListener('abort', done);
      }),
  };
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly resolve: () => void;
  readonly isOver: () => boolean;
}

/**
 * A clock that jumps to the next moment at which something happens, as soon as everything before has happened. What
 * falls on the same moment happens in the order in which it was asked for, so that a run is always the same.
 */
export function virtualClock(): Clock {
  /** By time, then by order. */
  const timers: Timer[] = [];
  let time = 0;
  let order = 0;
  let outside = 0;
  let scheduled = false;
  let tell = (): void => {};

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    // After every continuation that is ready now.
    setImmediate(step);
  };
  const step = (): void => {
    scheduled = false;
    if (outside > 0) return;
    let next = timers.shift();
    while (next?.isOver()) next = timers.shift();
    if (next === undefined) {
      tell();
      return;
    }
    time = Math.max(time, next.at);
    next.resolve();
    schedule();
  };
  return {
    now: () => time,
    epoch: Date.UTC(2000, 0, 1),
    usual: 1,
    onStandstill: (callback) => {
      tell = callback;
      schedule();
    },
    await: async (work) => {
      outside += 1;
      try {
        return await work;
      } finally {
        outside -= 1;
        schedule();
      }
    },
    sleep: (seconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const done = () => {
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer: Timer = {
          at: time + seconds,
          order: order++,
          resolve: done,
          isOver: () => signal?.aborted === true,
        };
        timers.splice(position(timers, timer), 0, timer);
        signal?.addEventListener('abort', done);
        schedule();
      }),
  };
}

function position(timers: readonly Timer[], timer: Timer): number {
  let low = 0;
  let high = timers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = timers[middle];
    if (other !== undefined && (other.at < timer.at || (other.at === timer.at && other.order < timer.order)))
      low = middle + 1;
    else high = middle;
  }
  return low;
}
