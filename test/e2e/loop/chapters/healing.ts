import { expect } from '@jest/globals';
import { get, say, waitFor } from '../../kubectl';
import { run } from '../../run';
import { applications, refresh, waitUntilSynced } from '../argo-cd';
import { git } from '../git-server';
import { deleted, edited } from '../healing';
import { ask } from '../http';
import { servedVersion } from '../serving';
import { FIRST, type Story } from '../story';
import { hosts } from '../world';

/** The cluster is what Git says. */
export function healing({ part }: Story): void {
  part('heals what people change by hand', async (world) => {
    const { report } = world;
    const ui = { namespace: 'inference-ui', name: 'inference-ui' };
    report.seconds('deleted Service is back', await deleted({ kind: 'service', ...ui }, 60));
    report.seconds('deleted NetworkPolicy is back', await deleted({ kind: 'networkpolicy', ...ui }, 60));
    const configuration = { kind: 'configmap', namespace: 'registry', name: 'registry-configuration' };
    report.seconds('edited ConfigMap is as in Git', await edited(configuration, { data: { 'config.yml': 'x' } }, 60));
    say(await run('npm', ['run', '--silent', 'demo:self-heal']));
  });

  part('prunes what Git no longer has, and never a volume', async (world) => {
    const { repository } = world;
    const volumes = (await get('persistentvolume')).length;
    await git(repository.folder, 'rm', '--quiet', 'dist/e2e/inference-ui/httproute-inference-ui.yaml');
    await git(repository.folder, 'rm', '--quiet', 'dist/e2e/storage/persistentvolume-inference-models.yaml');
    await repository.push('Remove a route and a volume by hand');
    await refresh('e2e-inference-ui', 'e2e-storage');
    await waitFor('the route is pruned', 120, async () =>
      (await get('httproute', 'inference-ui', '--namespace', 'inference-ui')).length === 0 ? true : undefined,
    );
    expect(await get('persistentvolume')).toHaveLength(volumes);
    await git(repository.folder, 'revert', '--no-edit', 'HEAD');
    await git(repository.folder, 'push', '--quiet', 'origin', 'HEAD:main');
    await refresh('e2e-inference-ui', 'e2e-storage');
    await waitUntilSynced(['e2e-inference-ui', 'e2e-storage'], await repository.head(), 180);
  });

  part('survives a bad commit: the state before serves on, and the next good commit recovers', async (world) => {
    const { repository } = world;
    repository.edit('dist/e2e/inference-ui/deployment-inference-ui.yaml', 'replicas: 1', 'replicas: many');
    const bad = await repository.push('A bad commit');
    await refresh('e2e-inference-ui');
    await waitFor('the sync fails', 120, async () => {
      const live = (await applications()).find(({ metadata }) => metadata.name === 'e2e-inference-ui');
      const { sync, operationState, conditions = [] } = live?.status ?? {};
      const said = `${operationState?.message ?? ''} ${conditions.map((one: { message: string }) => one.message)}`;
      return sync?.revision === bad && /many|replicas/.test(said) ? true : undefined;
    });
    expect((await ask(world.front, hosts.ui, '/')).status).toBe(200);
    expect(await servedVersion(world)).toBe(FIRST);
    const good = await repository.commit('The next good commit');
    await refresh('e2e-inference-ui');
    await waitUntilSynced(['e2e-inference-ui'], good, 240);
  });
}
