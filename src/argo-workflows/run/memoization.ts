import { type Fields, fieldsOf, scalarText } from '../lint/fields';
import type { Clock } from './clock';
import { parseSeconds } from './durations';
import type { NodeOutputs } from './result';

/** Outputs that memoized templates have given, by cache and key, and when: in milliseconds since 1970. */
export type Memory = Map<string, { readonly outputs: NodeOutputs; readonly at: number }>;

/** Where a template keeps its outputs. */
export interface MemoryPlace {
  readonly key: string;
  /** Seconds after which they count no more. */
  readonly maxAge: number;
}

/** Reads a `memoize` whose tags are filled in; undefined when there is none. */
export function readMemoize(value: unknown, where: string): MemoryPlace | undefined {
  const fields: Fields = fieldsOf(value);
  const key = scalarText(fields.key);
  if (key === undefined || key === '') return undefined;
  const cache = scalarText(fieldsOf(fieldsOf(fields.cache).configMap).name) ?? '';
  const maxAge = scalarText(fields.maxAge) ?? '';
  return {
    key: `${cache}/${key}`,
    maxAge: maxAge === '' ? Number.POSITIVE_INFINITY : parseSeconds(maxAge, where),
  };
}

/** The outputs that are remembered, if they are fresh enough. */
export function recall(memory: Memory, place: MemoryPlace, clock: Clock): NodeOutputs | undefined {
  const known = memory.get(place.key);
  const age = known === undefined ? 0 : clock.now() + (clock.epoch - known.at) / 1000;
  return age <= place.maxAge ? known?.outputs : undefined;
}
