import { expect } from '@jest/globals';
import { REACHES } from '../../../../src/pipelines/environment';
import { get, waitFor } from '../../kubectl';
import { applications, refresh } from '../argo-cd';
import { git } from '../git-server';
import { canConnect } from '../network';
import { timed } from '../report';
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
} from '../serving';
import { FIRST, SECOND, type Story } from '../story';
import { hosts } from '../world';

/** Many enough that one failure in a hundred thousand would be seen. */
const REQUESTS = 100_000;

/** What serves them is replaced, scaled and taken back while people use it. */
export function serving({ part }: Story): void {
  part('enforces what is declared of the network, and nothing else gets through', async (world) => {
    const api = ['inference.inference.svc.cluster.local', 80] as const;
    const repository = [world.server.podAddress, 2222] as const;
    const page = { namespace: 'inference-ui', labels: { 'app.kubernetes.io/name': 'inference-ui' } };
    const trainer = { namespace: 'train-new-model-version' };
    const versioning = { ...trainer, labels: { [REACHES.modelRepository]: 'true' } };
    const connections = {
      'the page to the API': canConnect(page, ...api),
      'the image registry to the API': canConnect({ namespace: 'registry' }, ...api),
      'another namespace to the API': canConnect({ namespace: world.namespace }, ...api),
      'the trainer to the API': canConnect(trainer, ...api),
      'the trainer to the model repository': canConnect(trainer, ...repository),
      'the step that versions to the model repository': canConnect(versioning, ...repository),
    };
    await Promise.allSettled(Object.values(connections));
    const open = await Promise.all(
      Object.entries(connections).map(async ([name, found]) => ((await found) ? [name] : [])),
    );
    expect(open.flat()).toEqual(['the page to the API', 'the step that versions to the model repository']);
  });

  part('replaces what serves without failing a request', async (world) => {
    const result = await underLoad(world, { requests: REQUESTS, rate: 440, freshRate: 50 }, async () => {
      const promoted = await promote(world, SECOND);
      world.report.seconds('commit → served, under load', promoted.served, 30);
      await rolledOut('inference');
      await restart();
      await deleteEachPod();
      await evictEachPod();
      expect((await promoted.ended).phase).toBe('Succeeded');
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
    expect(Object.keys(result.versions).sort()).toEqual([FIRST, SECOND]);
  });

  part('would fail requests without preStop and readiness: the load sees it', async (world) => {
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

  part('scales the API out under load while its Application stays Synced', async (world) => {
    const [scaled] = await get('horizontalpodautoscaler', 'inference', '--namespace', 'inference');
    world.report.add('replicas of the API after the load', String(scaled?.status.currentReplicas));
    expect(scaled?.status.currentReplicas).toBeGreaterThan(2);
    const live = await applications();
    expect(live.find(({ metadata }) => metadata.name === 'e2e-inference')?.status.sync.status).toBe('Synced');
  });

  part('goes back with one command, and the version before answers again', async (world) => {
    const { repository, report } = world;
    await repository.mlops('rollback', 'model', 'sentiment', '--in', 'e2e');
    await git(repository.folder, 'push', '--quiet', 'origin', 'HEAD:main');
    const seconds = await timed(async () => {
      await refresh('e2e-inference');
      await waitFor('the version before is served', 240, async () =>
        (await servedVersion(world)) === FIRST ? true : undefined,
      );
    });
    report.seconds('rollback: commit → served', seconds);
    // The last pods of the other version answer until theirs are ready.
    await rolledOut('inference');
    expect(await servedVersion(world)).toBe(FIRST);
    expect(await repository.log('%s')).toMatch(/^Roll back to sentiment v0\.1\.0 in e2e$/m);
  });
}
