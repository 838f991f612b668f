import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { get, kubectl, say } from './kubectl';

/** What is kept of every namespace; never Secrets. */
const KINDS = [
  'events',
  'applications.argoproj.io',
  'workflows.argoproj.io',
  'pods',
  'persistentvolumes,persistentvolumeclaims',
];

/** Lines that are kept of each container. */
const LINES = '2000';

/** Runs a test and keeps what the cluster says of itself when it fails, in `.local/e2e/`. */
export async function keepingEvidence(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const folder = resolve('.local', 'e2e', name);
    mkdirSync(join(folder, 'logs'), { recursive: true });
    const everywhere = ['--all-namespaces', '--output', 'yaml'];
    for (const kind of KINDS) await keep(join(folder, `${kind.split(/[.,]/)[0]}.yaml`), ['get', kind, ...everywhere]);
    const pods = await get('pods', '--all-namespaces').catch(() => []);
    for (const namespace of new Set(pods.map(({ metadata }) => metadata.namespace ?? ''))) {
      // One selector for all pods there; a container that has not started is said so in its place.
      const all = ['--selector', '!no-pod-has-it', '--all-containers', '--ignore-errors', '--max-log-requests', '100'];
      const logs = ['logs', '--namespace', namespace, ...all, '--prefix', '--timestamps', '--tail', LINES];
      await keep(join(folder, 'logs', `${namespace}.log`), logs);
      await keep(join(folder, 'logs', `${namespace}.previous.log`), [...logs, '--previous']);
    }
    say(`${name} failed; what the cluster says is in ${folder}`);
    throw error;
  }
}

/** Writes what kubectl answers, or why it does not: the failure of the test is what matters. */
async function keep(path: string, args: readonly string[]): Promise<void> {
  const { stdout } = await kubectl(args).catch((error: unknown) => ({ stdout: String(error) }));
  writeFileSync(path, stdout);
}
