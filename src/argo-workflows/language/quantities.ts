import { parseQuantity } from '../quantity';
import type { ArgumentPlace } from './arguments';

/** An amount of CPU: cores, or thousandths of a core with `m`. */
export type Cpu = `${number}` | `${number}m`;

/** An amount of memory or disk in bytes, with a binary (`Gi`) or decimal (`G`) unit. */
export type Bytes = `${number}${'Ki' | 'Mi' | 'Gi' | 'Ti' | 'k' | 'M' | 'G' | 'T'}`;

/** A time in the words of Go: seconds, minutes or hours. */
export type Duration = `${number}${'s' | 'm' | 'h'}`;

interface Amounts {
  readonly memory: Bytes;
  /**
   * Logs, writable folders and artifacts of the pod, and the program of Argo's executor, about 110 MB: a pod with less
   * is evicted after a minute unless the controller's executor containers bring their own.
   * @default '1Gi'
   */
  readonly 'ephemeral-storage'?: Bytes;
  /** Extended resources, such as `nvidia.com/gpu`. */
  readonly [extended: `${string}/${string}`]: `${number}`;
}

/**
 * What a program asks for and may use at most. Argo cannot take these from parameters: use `podSpecPatch` for that.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export interface Resources {
  readonly requests: Amounts & { readonly cpu: Cpu };
  readonly limits: Amounts & {
    /** @default - no limit: idle cores may be used */
    readonly cpu?: Cpu;
  };
}

const STORAGE: Bytes = '1Gi';

/** How much disk a pod with these resources may use. */
export const storageOf = (resources: Resources | undefined): Bytes => resources?.limits['ephemeral-storage'] ?? STORAGE;

/** Where an amount stands, and what collects its mistakes. */
type Place = Pick<ArgumentPlace, 'where' | 'report'>;

/** The wire form, with the defaults. */
export function renderResources(
  resources: Resources,
  place: Place,
): {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
} {
  const requests: Readonly<Record<string, string>> = { 'ephemeral-storage': STORAGE, ...resources.requests };
  const limits: Readonly<Record<string, string>> = { 'ephemeral-storage': STORAGE, ...resources.limits };
  for (const [name, value] of [...Object.entries(requests), ...Object.entries(limits)]) {
    checkQuantity(name === 'cpu' ? 'cpu' : name.includes('/') ? 'extended' : 'bytes', value, {
      ...place,
      where: `${place.where}, ${name}`,
    });
  }
  for (const [name, limit] of Object.entries(limits)) {
    const asked = requests[name] ?? '0';
    if ((parseQuantity(asked) ?? 0) > (parseQuantity(limit) ?? Number.POSITIVE_INFINITY)) {
      const fix = 'ask for at most what may be used';
      place.report({ where: `${place.where}, ${name}`, what: `it asks for more than ${limit}`, value: asked, fix });
    }
  }
  return { requests, limits };
}

const PATTERNS = {
  cpu: /^\d+(\.\d+)?$|^\d+m$/,
  bytes: /^\d+(\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)$/,
  duration: /^\d+(\.\d+)?[smh]$/,
  extended: /^\d+$/,
} as const;

const EXAMPLES = {
  cpu: '"2" or "500m"',
  bytes: '"512Mi" or "2Gi"',
  duration: '"30s", "5m" or "2h"',
  extended: '"1"',
} as const;

/** The compiler takes every number in a quantity, also `1e3` and `-1`, and Kubernetes or Argo would refuse it later. */
export function checkQuantity(kind: keyof typeof PATTERNS, value: string | undefined, place: Place): void {
  if (value === undefined || PATTERNS[kind].test(value)) return;
  place.report({ where: place.where, what: 'not a quantity', value, fix: `write it as ${EXAMPLES[kind]}` });
}

/** A whole number that Argo or Kubernetes takes. */
export function checkCount(name: string, value: number | undefined, least: 0 | 1, place: Place): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
  place.report({ where: place.where, what: `bad ${name}`, value, fix: `use a whole number from ${least}` });
}

function checked<T extends string>(kind: keyof typeof PATTERNS, text: string): T {
  if (!PATTERNS[kind].test(text))
    throw new RangeError(`not a quantity (got ${JSON.stringify(text)}); write it as ${EXAMPLES[kind]}`);
  return text as T;
}

/** Read an amount of CPU that is only known when the program runs. @throws RangeError for anything else */
export const cpu = (text: string): Cpu => checked('cpu', text);

/** Read an amount of memory or disk that is only known when the program runs. @throws RangeError for anything else */
export const bytes = (text: string): Bytes => checked('bytes', text);

/** Read a time that is only known when the program runs. @throws RangeError for anything else */
export const duration = (text: string): Duration => checked('duration', text);
