import { get, kubectl, type LiveObject, say, waitFor } from '../kubectl';

const NAMESPACE = 'argocd';

export async function applications(): Promise<LiveObject[]> {
  return get('applications.argoproj.io', '--namespace', NAMESPACE);
}

/** Tells Argo CD to look at Git now, as a webhook of the Git server does; otherwise it looks every few minutes. */
export async function refresh(...names: readonly string[]): Promise<void> {
  const annotation = 'argocd.argoproj.io/refresh=normal';
  await kubectl(['annotate', 'application', ...names, '--namespace', NAMESPACE, '--overwrite', annotation]);
}

/**
 * Waits until Applications are synced to a commit and healthy.
 *
 * @param names those to wait for; each is told when it gets there
 */
export async function waitUntilSynced(
  names: readonly string[],
  revision: string,
  seconds: number,
  options: { readonly healthy?: boolean } = {},
): Promise<void> {
  const { healthy = true } = options;
  const done = new Set<string>();
  await waitFor(
    `${names.join(', ')}: Synced${healthy ? ' and Healthy' : ''} at ${revision.slice(0, 7)}`,
    seconds,
    async () => {
      const live = await applications();
      for (const { metadata, status } of live) {
        if (done.has(metadata.name) || !names.includes(metadata.name)) continue;
        const synced = status?.sync?.status === 'Synced' && status.sync.revision === revision;
        if (!synced || status.operationState?.phase === 'Running') continue;
        if (healthy && status.health?.status !== 'Healthy') continue;
        done.add(metadata.name);
        say(`  ${metadata.name}: Synced, ${status.health?.status} (${done.size} of ${names.length})`);
      }
      const missing = names.filter((name) => !done.has(name));
      if (missing.length > 0) throw new Error(missing.map((name) => stateOf(name, live)).join('\n'));
      return true;
    },
  );
}

/** What Argo CD says of an Application that is not as it should be. */
export function stateOf(name: string, live: readonly LiveObject[]): string {
  const status = live.find(({ metadata }) => metadata.name === name)?.status;
  if (!status) return `${name}: not there yet`;
  const conditions = (status.conditions ?? []).map(({ message }: { message: string }) => message);
  const resources = (status.resources ?? [])
    .filter(
      (one: { status?: string; health?: { status: string } }) =>
        one.status !== 'Synced' || !['Healthy', undefined].includes(one.health?.status),
    )
    .map((one: { kind: string; name: string; status?: string; health?: { status: string; message?: string } }) =>
      `${one.kind} ${one.name} ${one.status} ${one.health?.status ?? ''} ${one.health?.message ?? ''}`.trim(),
    );
  const operation = status.operationState;
  const last = operation ? [`${operation.phase}: ${operation.message ?? ''}`] : [];
  return [`${name}: ${status.sync?.status}, ${status.health?.status}`, ...conditions, ...last, ...resources].join(
    '\n  ',
  );
}
