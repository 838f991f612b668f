/** An amount of CPU: cores, or thousandths of a core with `m`. */
export type Cpu = `${number}` | `${number}m`;

/** An amount of memory or disk in bytes, with a binary (`Gi`) or decimal (`G`) unit. */
export type Bytes = `${number}${'Ki' | 'Mi' | 'Gi' | 'Ti' | 'k' | 'M' | 'G' | 'T'}`;

/** A time in the words of Go: seconds, minutes or hours. */
export type Duration = `${number}${'s' | 'm' | 'h'}`;

interface Amounts {
  readonly memory: Bytes;
  /** Logs, writable folders and artifacts of the pod. @default '1Gi' */
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

/** The wire form, with the defaults. */
export function renderResources(resources: Resources): {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>> & { readonly 'ephemeral-storage': string };
} {
  const storage = { 'ephemeral-storage': '1Gi' };
  return { requests: { ...storage, ...resources.requests }, limits: { ...storage, ...resources.limits } };
}

const PATTERNS = {
  cpu: /^\d+(\.\d+)?$|^\d+m$/,
  bytes: /^\d+(\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)$/,
  duration: /^\d+(\.\d+)?[smh]$/,
} as const;

function checked<T extends string>(kind: keyof typeof PATTERNS, example: string, text: string): T {
  if (!PATTERNS[kind].test(text))
    throw new RangeError(`not a quantity (got ${JSON.stringify(text)}); write it as ${example}`);
  return text as T;
}

/** Read an amount of CPU that is only known when the program runs. @throws RangeError for anything else */
export const cpu = (text: string): Cpu => checked('cpu', '"2" or "500m"', text);

/** Read an amount of memory or disk that is only known when the program runs. @throws RangeError for anything else */
export const bytes = (text: string): Bytes => checked('bytes', '"512Mi" or "2Gi"', text);

/** Read a time that is only known when the program runs. @throws RangeError for anything else */
export const duration = (text: string): Duration => checked('duration', '"30s", "5m" or "2h"', text);
