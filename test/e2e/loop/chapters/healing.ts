import { expect } from '@jest/globals';
import { toYaml } from '../../../../src/core/yaml';
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

  part('survives bad commits: the state before serves on, and the next good commit recovers', async (world) => {
    const { repository } = world;
    const before = await repository.head();
    const application = async () =>
      (await applications()).find(({ metadata }) => metadata.name === 'e2e-inference-ui')?.status ?? {};
    const servesOn = async () => {
      expect((await ask(world.front, hosts.ui, '/')).status).toBe(200);
      expect(await servedVersion(world)).toBe(FIRST);
    };

    // Argo CD cannot compare an object that is there with one that the API server refuses. It tells for a moment only.
    const deployment = 'dist/e2e/inference-ui/deployment-inference-ui.yaml';
    repository.edit(deployment, 'replicas: 1', 'replicas: many');
    const unreadable = await repository.push('A bad commit');
    await refresh('e2e-inference-ui');
    await waitFor('Argo CD has looked at it', 120, async () =>
      (await application()).sync?.revision === unreadable ? true : undefined,
    );
    await servesOn();

    repository.edit(deployment, 'replicas: many', 'replicas: 1');
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'refused', namespace: 'inference-ui' } };
    repository.write(
      'dist/e2e/inference-ui/service-refused.yaml',
      toYaml({ ...service, spec: { ports: [{ port: 0 }] } }),
    );
    const refused = await repository.push('Another bad commit');
    await refresh('e2e-inference-ui');
    await waitFor('the sync fails', 120, async () => {
      const { operationState } = await application();
      const isOfCommit = JSON.stringify(operationState?.operation ?? {}).includes(refused);
      return isOfCommit && /Service "refused" is invalid/.test(operationState.message) ? true : undefined;
    });
    await servesOn();

    const good = await repository.restore(before);
    await refresh('e2e-inference-ui');
    await waitUntilSynced(['e2e-inference-ui'], good, 240);
  });
}
