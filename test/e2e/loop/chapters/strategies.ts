import { expect } from '@jest/globals';
import { laptop } from '../../../../src/clusters/laptop';
import { get, waitFor } from '../../kubectl';
import { applications, refresh, stateOf, waitUntilSynced } from '../argo-cd';
import { NEXT_TITLE, promotePreview, pushNextPage, waitForPreview, waitUntilActive } from '../blue-green';
import { createMissing } from '../bring-up';
import { startBucket } from '../bucket';
import { git } from '../git-server';
import { ask } from '../http';
import { servedVersion } from '../serving';
import { FIRST, SECOND, type Story } from '../story';
import { hosts, livePods } from '../world';

/** Other ways to bring a version to people. */
export function strategies({ part }: Story): void {
  part(
    'serves a version that each pod brings itself where no shared folder is, and refuses another digest',
    async (world) => {
      const { repository } = world;
      const before = await repository.head();
      const bucket = await startBucket(world);
      try {
        const changes = {
          // A pod that pulls takes more than one that only serves: fewer have room.
          inference: {
            ...laptop.inference,
            modelRemote: bucket.modelRemote,
            autoscale: { minReplicas: 2, maxReplicas: 2, cpuPercent: 70 },
          },
          quotas: { ...laptop.quotas, inference: { cpu: '16', memory: '16Gi', ephemeralStorage: '16Gi', pods: 12 } },
        };
        const fields = Object.entries(changes).map(([name, value]) => `${name}: ${JSON.stringify(value)},`);
        repository.edit('src/clusters/e2e.ts', 'operators: {},', `operators: {},\n${fields.join('\n')}`);
        const pulled = await repository.commit('Bring the model to each pod');
        await createMissing(world, changes);
        await refresh('e2e', 'e2e-namespaces', 'e2e-inference');
        await waitUntilSynced(['e2e-namespaces', 'e2e-inference'], pulled, 240);
        const [pod] = await livePods('inference', 'app.kubernetes.io/name=inference');
        expect(pod?.status.initContainerStatuses).toMatchObject([
          { name: 'pull', state: { terminated: { exitCode: 0 } } },
        ]);
        expect(await servedVersion(world)).toBe(FIRST);

        const { sentiment } = repository.models();
        repository.edit('src/clusters/e2e.models.json', sentiment?.digest ?? '', `sha256:${'0'.repeat(64)}`);
        await repository.commit('Pin a digest that no version has');
        await refresh('e2e-inference');
        await waitFor('a pod refuses the digest', 120, async () => {
          const pods = await livePods('inference', 'app.kubernetes.io/name=inference');
          const states = pods.flatMap(({ status }) => status.initContainerStatuses ?? []);
          return states.some(({ lastState, state }) => (state.terminated ?? lastState?.terminated)?.exitCode === 1)
            ? true
            : undefined;
        });
        expect(await servedVersion(world)).toBe(FIRST);
      } finally {
        await bucket.stop();
        await repository.restore(before);
        await refresh('e2e-namespaces', 'e2e-inference');
      }
    },
  );

  part('shows the next version on a preview host before people get it (blue-green)', async (world) => {
    const { repository } = world;
    const nextPage = pushNextPage(world);
    nextPage.catch(() => undefined);
    repository.edit(
      'src/clusters/e2e.ts',
      'operators: {},',
      "operators: {},\n    inference: { ...laptop.inference, strategy: { type: 'blueGreen' } },\n    userInterface: { ...laptop.userInterface, strategy: { type: 'blueGreen' } },",
    );
    const strategy = await repository.commit('Show the next version before people get it');
    // Before the root tells them that the Rollouts controller owns the selectors of their Services: order must not count.
    await refresh('e2e-inference', 'e2e-inference-ui');
    await waitUntilActive('inference');
    await refresh('e2e');
    await waitUntilSynced(['e2e'], strategy, 120, { healthy: false });
    await refresh('e2e-inference', 'e2e-inference-ui');
    await waitUntilSynced(['e2e-inference', 'e2e-inference-ui'], strategy, 300);
    await waitUntilActive('inference');
    expect(await servedVersion(world)).toBe(FIRST);

    const revert =
      (await git(repository.folder, 'log', '--format=%H', '--grep=^Roll back to')).trim().split('\n')[0] ?? '';
    await git(repository.folder, 'checkout', `${revert}~1`, '--', 'src/clusters/e2e.models.json');
    repository.pinImages({ ui: await nextPage });
    await repository.commit('Serve the second version and the next page, and look at them first');
    await refresh('e2e-inference', 'e2e-inference-ui');
    const isNext = async (host: string) => (await ask(world.front, host, '/')).text.includes(NEXT_TITLE);
    await waitForPreview('inference');
    await waitForPreview('inference-ui');
    await waitFor('the previews answer with what is new', 60, async () =>
      (await servedVersion(world, hosts.apiPreview)) === SECOND && (await isNext(hosts.uiPreview)) ? true : undefined,
    );
    expect(await servedVersion(world)).toBe(FIRST);
    expect(await isNext(hosts.ui)).toBe(false);
    for (const name of ['inference', 'inference-ui'] as const) {
      await promotePreview(name);
      await waitUntilActive(name);
    }
    // The Gateway hears of it a moment later.
    await waitFor('people are answered by what is new', 15, async () =>
      (await servedVersion(world)) === SECOND && (await isNext(hosts.ui)) ? true : undefined,
    );
  });

  part('scales back when the load is over', async (world) => {
    await waitFor('the API is back at its least number of replicas', 600, async () => {
      const [autoscaler] = await get('horizontalpodautoscaler', 'inference', '--namespace', 'inference');
      const { currentReplicas } = autoscaler?.status ?? {};
      if (currentReplicas !== autoscaler?.spec.minReplicas) throw new Error(`${currentReplicas} replicas`);
      return true;
    });
    await waitFor('every Application is Synced and Healthy in the end', 240, async () => {
      const live = await applications();
      const others = world.applications
        .map((name) => stateOf(name, live))
        .filter((state) => !/: Synced, Healthy/.test(state));
      if (others.length > 0) throw new Error(others.join('\n'));
      return true;
    });
  });
}
