import { fieldsOf, listOf, scalarText } from '../lint/fields';
import { configMapValue } from './config-maps';
import type { RunContext } from './context';
import { RunError } from './result';

/** So many at once; who comes later waits in line. */
export interface Limit {
  /** Waits for a place, and gives back what frees it. */
  readonly enter: (name: string, context: Waiting) => Promise<() => void>;
}

type Waiting = Pick<RunContext, 'emit' | 'signal'>;

/** Lets `count` in at once. */
export function newLimit(count: number, reason: string): Limit {
  if (count === Number.POSITIVE_INFINITY) return { enter: async () => () => {} };
  let free = count;
  const line: (() => void)[] = [];
  const leave = (): void => {
    const next = line.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    enter: async (name, { emit, signal }) => {
      if (free > 0) {
        free -= 1;
        return once(leave);
      }
      emit({ type: 'waiting', name, reason });
      const entered = await new Promise<boolean>((resolve) => {
        const next = () => {
          signal.removeEventListener('abort', giveUp);
          resolve(true);
        };
        const giveUp = () => {
          line.splice(line.indexOf(next), 1);
          resolve(false);
        };
        line.push(next);
        signal.addEventListener('abort', giveUp, { once: true });
      });
      emit({ type: 'resumed', name });
      return entered ? once(leave) : () => {};
    },
  };
}

function once(callback: () => void): () => void {
  let called = false;
  return () => {
    if (called) return;
    called = true;
    callback();
  };
}

/** The mutexes and semaphores of a run, by kind and name. */
export interface Locks {
  /** Waits for every lock that a `synchronization` names, in its order, and gives back what frees them. */
  readonly acquire: (synchronization: unknown, node: string, context: RunContext) => Promise<() => void>;
}

interface Lock {
  readonly limit: Limit;
  readonly holders: Set<string>;
  readonly size: number;
}

/** Locks for one run. What other runs hold is not known here. */
export function newLocks(): Locks {
  const locks = new Map<string, Lock>();
  return {
    acquire: async (synchronization, node, context) => {
      const held: (() => void)[] = [];
      for (const { name, size } of readSynchronization(synchronization, node, context)) {
        const lock = locks.get(name) ?? { limit: newLimit(size, name), holders: new Set<string>(), size };
        locks.set(name, lock);
        const around = [...lock.holders].filter((holder) => isAround(holder, node));
        if (around.length >= lock.size) {
          const what = `it waits for the ${name}, which ${around[0]} around it holds until this has ended`;
          throw new RunError(node, what, 'take the lock once, outside or inside');
        }
        const leave = await lock.limit.enter(node, context);
        lock.holders.add(node);
        held.push(() => {
          lock.holders.delete(node);
          leave();
        });
      }
      return () => {
        for (const free of held) free();
      };
    },
  };
}

/** Whether a node belongs to another, by their names. */
function isAround(outer: string, inner: string): boolean {
  return inner.startsWith(outer) && /^[.[(]/.test(inner.slice(outer.length));
}

function readSynchronization(
  value: unknown,
  where: string,
  context: RunContext,
): readonly { readonly name: string; readonly size: number }[] {
  const { mutex, mutexes, semaphore, semaphores } = fieldsOf(value);
  const named = (one: unknown, many: unknown) =>
    [one, ...listOf(many)].filter((each) => each !== undefined && each !== null).map(fieldsOf);
  return [
    ...named(mutex, mutexes).map((each) => ({ name: `mutex "${scalarText(each.name) ?? ''}"`, size: 1 })),
    ...named(semaphore, semaphores).map((each) => {
      if (each.configMapKeyRef === undefined)
        throw new RunError(where, 'its semaphore takes its size from no ConfigMap', 'name one in configMapKeyRef');
      const { name, key } = fieldsOf(each.configMapKeyRef);
      const text = configMapValue(each, context.catalogue);
      const size = Number(text);
      if (text === undefined || !Number.isInteger(size) || size < 1) {
        const what = `its semaphore takes its size from the key "${String(key)}" of the ConfigMap "${String(name)}"`;
        throw new RunError(where, `${what} (got ${text ?? 'nothing'})`, 'pass that ConfigMap in objects');
      }
      return { name: `semaphore "${String(name)}/${String(key)}"`, size };
    }),
  ];
}
