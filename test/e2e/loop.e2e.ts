import { afterAll, expect, test } from '@jest/globals';
import { REACHES } from '../../src/pipelines/environment';
import { describeOnCluster, get, say, waitFor } from './kubectl';
import { applications, refresh, stateOf, waitUntilSynced } from './loop/argo-cd';
import { promotePreview, waitForPreview, waitUntilActive } from './loop/blue-green';
import { bringUp, pullWithoutSecret } from './loop/bring-up';
import { git } from './loop/git-server';
import { deleted, edited } from './loop/healing';
import { ask } from './loop/http';
import { canConnect } from './loop/network';
import { runOnNode } from './loop/node-folders';
import { timed } from './loop/report';
import {
  deleteEachPod,
  evictEachPod,
  promote,
  removeUnprotectedCopy,
  restart,
  rolledOut,
  servedVersion,
  underLoad,
  unprotectedCopy,
} from './loop/serving';
import { STAND_IN } from './loop/stand-in';
import { runPipeline } from './loop/workflows';
import { DIRECTORY, hosts, livePods, makeWorld, REGISTRY, type World } from './loop/world';
import { keepingEvidence } from './platform';
import { run } from './run';

/** Many enough that one failure in a hundred thousand would be seen. */
const REQUESTS = 100_000;
/** Every wait has a bound of its own; this ends a part that has none left. */
const PART_MILLISECONDS = 1_500_000;

describeOnCluster('the loop', () => {
  let world: World;
  let failed: string | undefined;
  let failedAny = false;
  const first = { version: 'v0.1.0' };
  const second = { version: 'v0.2.0' };

  /** One part of the story. What follows on a part that the rest needs would only hide that it failed. */
  const part = (name: string, work: () => Promise<void>, needed = false) =>
    test(
      name,
      async () => {
        if (failed) throw new Error(`not reached: "${failed}" failed`);
        say(`\n== ${name}`);
        try {
          await keepingEvidence(`loop-${name.replace(/\W+/g, '-')}`, work);
        } catch (error) {
          failedAny = true;
          if (needed) failed = name;
          say(`FAILED: ${error instanceof Error ? error.message : error}`);
          throw error;
        }
      },
      PART_MILLISECONDS,
    );

  afterAll(async () => {
    world?.report.write();
    if (failedAny && process.env.E2E_KEEP) say('E2E_KEEP is set: the cluster is left as it is');
    else await world?.close();
  }, 600_000);

  part(
    'is prepared: images, keys, a Git server, the first commit',
    async () => {
      world = await makeWorld();
    },
    true,
  );

  part(
    'comes up from bootstrap alone, without a model: every Application is Synced and Healthy',
    async () => {
      await bringUp(world);
      expect(await get('deployment', '--namespace', 'inference')).toEqual([]);
      expect(await outOfOrder()).toEqual([]);
    },
    true,
  );

  part('pulls its images with the pull secret from the registry that it brought up, and never without', async () => {
    const [pod] = await livePods('inference-ui', 'app.kubernetes.io/name=inference-ui');
    expect(pod?.status.containerStatuses[0].imageID).toMatch(new RegExp(`^${REGISTRY}/ui@sha256:`));
    expect(await pullWithoutSecret(world)).toMatch(/no basic auth credentials|authorization failed|401/);
  });

  part('answers people through the Gateway by host name', async () => {
    const page = await ask(world.front, hosts.ui, '/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('<html');
    expect(page.headers['content-security-policy']).toBeDefined();
    // Nothing is served yet, and nobody pretends otherwise.
    expect((await ask(world.front, hosts.api, '/predict', { text: 'x' })).status).toBeGreaterThanOrEqual(404);
  });

  part(
    'trains a version in real pods on the compute node, and finds it again',
    async () => {
      const begin = performance.now();
      const made = await runPipeline('train-new-model-version');
      expect(made.phase).toBe('Succeeded');
      expect(made.outputs).toMatchObject({ existing: '', version: first.version });
      const hosts = made.nodes.filter(({ type }) => type === 'Pod').map(({ hostNodeName }) => hostNodeName);
      expect(new Set(hosts)).toEqual(new Set([world.node.name]));
      const tags = await git(world.repository.folder, 'ls-remote', '--tags', world.server.remote('models'));
      expect(tags).toContain(`refs/tags/sentiment@${first.version}`);
      world.report.seconds('train-new-model-version', made.seconds);

      const promoted = await promote(world, first.version);
      expect(promoted.ended.phase).toBe('Succeeded');
      world.report.seconds('train → served, by hand between', (performance.now() - begin) / 1000);
      world.report.seconds('commit → served, the first version', promoted.served);

      const again = await runPipeline('train-new-model-version');
      expect(again.phase).toBe('Succeeded');
      expect(again.outputs).toMatchObject({ existing: first.version, version: '' });
    },
    true,
  );

  part('answers with the version that was promoted, which the history of Git tells', async () => {
    const reply = await ask(world.front, hosts.api, '/predict', { text: 'A wonderful film.' });
    expect(reply.json).toMatchObject({ model_version: first.version, sentiment: expect.any(String) });
    // The page's host leads the paths of the API there, so that its addresses are relative.
    expect((await ask(world.front, hosts.ui, '/model')).json).toMatchObject({ version: first.version });
    const message = await world.repository.log('%B');
    expect(message).toMatch(/^Serve sentiment v0\.1\.0 in e2e$/m);
    expect(message).toMatch(/^Workflow-Run: promote-model-version-/m);
    expect(message).toMatch(/^Digest: sha256:[0-9a-f]{64}$/m);
    expect(message).toMatch(/^Approved-By: /m);
    const changed = await git(world.repository.folder, 'show', '--name-only', '--format=', 'HEAD');
    expect(changed).toContain('src/clusters/e2e.models.json');
    expect(changed).toContain('dist/e2e/inference/deployment-inference.yaml');
  });

  part('stops at a gate that a model does not pass, and keeps nothing of it', async () => {
    const ended = await runPipeline('train-new-model-version', { subset: '200', seed: '3' });
    expect(ended.phase).toBe('Failed');
    expect(ended.nodes.find(({ displayName }) => displayName.startsWith('gate'))?.phase).toBe('Failed');
    const ran = ended.nodes.filter(({ type }) => type === 'Pod').map(({ displayName }) => displayName);
    expect(ran.filter((name) => name.startsWith('version'))).toEqual([]);
    const tags = await git(world.repository.folder, 'ls-remote', '--tags', world.server.remote('models'));
    expect(tags.match(/refs\/tags\/sentiment@v[\d.]+$/gm)).toHaveLength(1);
  });

  part(
    'tries models on a throw-away server: passes a good one, fails a broken one, leaves nothing behind',
    async () => {
      const good = await runPipeline('train-and-inference-testing');
      expect(good.phase).toBe('Succeeded');
      const broken = await runPipeline('train-and-inference-testing', { subset: '200', seed: '3' });
      expect(broken.phase).toBe('Failed');
      expect(broken.nodes.find(({ displayName }) => displayName.startsWith('probe'))?.phase).toBe('Failed');
      await waitFor('no server of a test is left', 120, async () => {
        const pods = await livePods('train-and-inference-testing', 'mlops/inference-test=server');
        const running = pods.filter(({ status }) => status.phase === 'Running');
        return running.length === 0 ? true : undefined;
      });
      const runs = `${DIRECTORY}/training/runs`;
      await runOnNode(world.namespace, world.node.name, runs, 'nothing-left', STAND_IN, 0, [
        'sh',
        '-c',
        'test -z "$(ls -A /host)"',
      ]);
    },
  );

  part('enforces what is declared of the network, and nothing else gets through', async () => {
    const api = 'inference.inference.svc.cluster.local';
    const server = { address: world.server.podAddress, port: 2222 };
    expect(
      await canConnect({ namespace: 'inference-ui', labels: { 'app.kubernetes.io/name': 'inference-ui' } }, api, 80),
    ).toBe(true);
    expect(await canConnect({ namespace: 'registry' }, api, 80)).toBe(false);
    expect(await canConnect({ namespace: world.namespace }, api, 80)).toBe(false);
    const trainer = { namespace: 'train-new-model-version' };
    expect(
      await canConnect({ ...trainer, labels: { [REACHES.modelRepository]: 'true' } }, server.address, server.port),
    ).toBe(true);
    expect(await canConnect(trainer, server.address, server.port)).toBe(false);
    expect(await canConnect(trainer, api, 80)).toBe(false);
  });

  part('replaces what serves without failing a request', async () => {
    const made = await runPipeline('train-new-model-version', { seed: '7' });
    expect(made.outputs).toMatchObject({ version: second.version });
    const result = await underLoad(world, { requests: REQUESTS, rate: 330, freshRate: 40 }, async () => {
      const promoted = await promote(world, second.version);
      expect(promoted.ended.phase).toBe('Succeeded');
      world.report.seconds('commit → served, under load', promoted.served, 30);
      await restart();
      await deleteEachPod();
      await evictEachPod();
    });
    world.report.add(
      'requests through promotion, restart, deletion and eviction',
      `${result.requests}, ${result.failed} failed`,
    );
    world.report.add(
      'their latency',
      `p50 ${result.latency.p50} ms, p99 ${result.latency.p99} ms, at most ${result.latency.max} ms`,
    );
    if (result.exhausted > 0) world.report.add('requests not sent for want of ports', String(result.exhausted));
    expect(result.reasons).toEqual({});
    expect(result.requests).toBeGreaterThanOrEqual(REQUESTS);
    expect(Object.keys(result.versions).sort()).toEqual([first.version, second.version]);
  });

  part('would fail requests without preStop and readiness: the load sees it', async () => {
    await unprotectedCopy(world);
    const load = { host: hosts.unprotected, requests: 2_000, rate: 100, freshRate: 40 };
    await waitFor('the copy answers', 60, async () =>
      (await servedVersion(world, hosts.unprotected)) ? true : undefined,
    );
    const result = await underLoad(world, load, async () => {
      await restart('inference-unprotected');
      await restart('inference-unprotected');
    });
    await removeUnprotectedCopy();
    world.report.add('the same without preStop and readiness', `${result.requests} requests, ${result.failed} failed`);
    expect(result.failed).toBeGreaterThan(0);
  });

  part('scales the API out under load while its Application stays Synced', async () => {
    const [scaled] = await get('horizontalpodautoscaler', 'inference', '--namespace', 'inference');
    world.report.add('replicas of the API after the load', String(scaled?.status.currentReplicas));
    expect(scaled?.status.currentReplicas).toBeGreaterThan(2);
    const live = await applications();
    expect(live.find(({ metadata }) => metadata.name === 'e2e-inference')?.status.sync.status).toBe('Synced');
  });

  part('goes back with one command, and the version before answers again', async () => {
    const { repository, report } = world;
    await repository.mlops('rollback', 'model', 'sentiment', '--in', 'e2e');
    await git(repository.folder, 'push', '--quiet', 'origin', 'HEAD:main');
    const seconds = await timed(async () => {
      await refresh('e2e-inference');
      await waitFor('the version before is served', 240, async () =>
        (await servedVersion(world)) === first.version ? true : undefined,
      );
    });
    report.seconds('rollback: commit → served', seconds);
    // The last pods of the other version answer until theirs are ready.
    await rolledOut('inference');
    expect(await servedVersion(world)).toBe(first.version);
    expect(await repository.log('%s')).toMatch(/^Roll back to sentiment v0\.1\.0 in e2e$/m);
  });

  part('heals what people change by hand', async () => {
    const { report } = world;
    const ui = { namespace: 'inference-ui', name: 'inference-ui' };
    report.seconds('deleted Service is back', await deleted({ kind: 'service', ...ui }, 60));
    report.seconds('deleted NetworkPolicy is back', await deleted({ kind: 'networkpolicy', ...ui }, 60));
    const configuration = { kind: 'configmap', namespace: 'registry', name: 'registry-configuration' };
    report.seconds('edited ConfigMap is as in Git', await edited(configuration, { data: { 'config.yml': 'x' } }, 60));
    say(await run('npm', ['run', '--silent', 'demo:self-heal']));
  });

  part('prunes what Git no longer has, and never a volume', async () => {
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

  part('survives a bad commit: the state before serves on, and the next good commit recovers', async () => {
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
    expect(await servedVersion(world)).toBe(first.version);
    const good = await repository.commit('The next good commit');
    await refresh('e2e-inference-ui');
    await waitUntilSynced(['e2e-inference-ui'], good, 240);
  });

  part('shows the next version on a preview host before people get it (blue-green)', async () => {
    const { repository } = world;
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
    expect(await servedVersion(world)).toBe(first.version);

    const revert =
      (await git(repository.folder, 'log', '--format=%H', '--grep=^Roll back to')).trim().split('\n')[0] ?? '';
    await git(repository.folder, 'checkout', `${revert}~1`, '--', 'src/clusters/e2e.models.json');
    await repository.commit('Serve the second version, and look at it first');
    await refresh('e2e-inference');
    await waitForPreview('inference');
    await waitFor('the preview answers with the new version', 60, async () =>
      (await servedVersion(world, hosts.apiPreview)) === second.version ? true : undefined,
    );
    expect(await servedVersion(world)).toBe(first.version);
    await promotePreview('inference');
    await waitUntilActive('inference');
    expect(await servedVersion(world)).toBe(second.version);
  });

  part('scales back when the load is over', async () => {
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
});

/** Applications that came up before one of an earlier wave was synced. */
async function outOfOrder(): Promise<string[]> {
  const all = (await applications()).map(({ metadata, status }) => ({
    name: metadata.name,
    wave: Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0),
    created: Date.parse(metadata.creationTimestamp),
    synced: Date.parse(status.history?.[0]?.deployedAt),
  }));
  return all.flatMap((later) =>
    all
      .filter(({ name, wave, synced }) => name !== 'e2e' && wave < later.wave && !(synced <= later.created))
      .map((earlier) => `${later.name} before ${earlier.name}`),
  );
}
