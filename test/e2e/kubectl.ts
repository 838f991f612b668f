import { execute } from './run';

/** What a kubectl command printed. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** Warnings of the API server, such as a violation of a Pod Security level. */
  readonly warnings: readonly string[];
}

/** A Kubernetes object as the API server returns it. */
export interface LiveObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: tests look into objects of every kind
  readonly [field: string]: any;
}

/** `describe` for tests that need a cluster: skipped, with the reason, without a `KUBECONFIG`. */
export function describeOnCluster(name: string, tests: () => void): void {
  // Read when it is asked for: programs that are no tests use the rest of this file.
  const { describe } = require('@jest/globals') as typeof import('@jest/globals');
  if (process.env.KUBECONFIG) describe(name, tests);
  else describe.skip(`${name} (skipped: KUBECONFIG names no cluster)`, tests);
}

/** Runs kubectl against the cluster of `KUBECONFIG`. @throws ProgramFailed with what it said */
export async function kubectl(args: readonly string[], input?: unknown): Promise<Output> {
  const { stdout, stderr } = await execute(
    'kubectl',
    args,
    input === undefined ? {} : { input: JSON.stringify(input) },
  );
  return { stdout, stderr, warnings: stderr.split('\n').filter((line) => line.startsWith('Warning:')) };
}

/** Objects that `kubectl get` returns, without failing for those that are not there. */
export async function get(...args: readonly string[]): Promise<LiveObject[]> {
  const { stdout } = await kubectl(['get', ...args, '--ignore-not-found', '--output', 'json']);
  return itemsOf(stdout);
}

/** Applies objects on the server. @returns them as the server keeps them, and what it warned of */
export async function apply(
  objects: readonly object[],
  ...options: readonly string[]
): Promise<{ applied: LiveObject[]; warnings: readonly string[] }> {
  const args = [
    'apply',
    '--server-side',
    '--field-manager',
    'mlops-e2e',
    '--force-conflicts', // as Argo CD does
    ...options,
    '--output',
    'json',
    '--filename',
    '-',
  ];
  const { stdout, warnings } = await kubectl(args, listOf(objects));
  return { applied: itemsOf(stdout), warnings };
}

export function listOf(objects: readonly object[]): object {
  return { apiVersion: 'v1', kind: 'List', items: objects };
}

function itemsOf(json: string): LiveObject[] {
  if (json.trim() === '') return [];
  const value = JSON.parse(json) as LiveObject;
  return value.kind === 'List' ? value.items : [value];
}

/**
 * Asks again and again until there is an answer.
 *
 * @param what condition, for the message of the error
 * @param probe answers undefined, or throws, as long as the condition does not hold
 * @throws after that many seconds, with the last error
 */
export async function waitFor<T>(what: string, seconds: number, probe: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    let last: unknown;
    try {
      const answer = await probe();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}${last ? `\n${String(last)}` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Tells what a long test is doing, and when (UTC, as the logs of a cluster). */
export function say(line: string): void {
  process.stderr.write(`e2e ${new Date().toISOString().slice(11, 19)}: ${line}\n`);
}
