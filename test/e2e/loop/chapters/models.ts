import { expect } from '@jest/globals';
import { waitFor } from '../../kubectl';
import { git } from '../git-server';
import { ask } from '../http';
import { runOnNode } from '../node-folders';
import { promote } from '../serving';
import { STAND_IN } from '../stand-in';
import { FIRST, SECOND, type Story } from '../story';
import { type Ended, runPipeline } from '../workflows';
import { DIRECTORY, hosts, livePods } from '../world';

/** Models are trained, tried and promoted. */
export function models({ part }: Story): void {
  let tests: Promise<readonly Ended[]> = Promise.resolve([]);

  part(
    'trains a version in real pods on the compute node, and finds it again',
    async (world) => {
      const begin = performance.now();
      const made = await runPipeline('train-new-model-version');
      expect(made.phase).toBe('Succeeded');
      expect(made.outputs).toMatchObject({ existing: '', version: FIRST });
      const hosts = made.nodes.filter(({ type }) => type === 'Pod').map(({ hostNodeName }) => hostNodeName);
      expect(new Set(hosts)).toEqual(new Set([world.node.name]));
      const tags = await git(world.repository.folder, 'ls-remote', '--tags', world.server.remote('models'));
      expect(tags).toContain(`refs/tags/sentiment@${FIRST}`);
      world.report.seconds('train-new-model-version', made.seconds);

      // It is found while it is promoted: nothing is trained for it.
      const again = runPipeline('train-new-model-version');
      again.catch(() => undefined);
      const promoted = await promote(world, FIRST);
      expect((await promoted.ended).phase).toBe('Succeeded');
      world.report.seconds('train → served, by hand between', (performance.now() - begin) / 1000);
      world.report.seconds('commit → served, the first version', promoted.served);

      expect(await again).toMatchObject({ phase: 'Succeeded', outputs: { existing: FIRST, version: '' } });
    },
    { needed: true },
  );

  part('answers with the version that was promoted, which the history of Git tells', async (world) => {
    const reply = await ask(world.front, hosts.api, '/predict', { text: 'A wonderful film.' });
    expect(reply.json).toMatchObject({ model_version: FIRST, sentiment: expect.any(String) });
    // The page's host leads the paths of the API there, so that its addresses are relative.
    expect((await ask(world.front, hosts.ui, '/model')).json).toMatchObject({ version: FIRST });
    const message = await world.repository.log('%B');
    expect(message).toMatch(/^Serve sentiment v0\.1\.0 in e2e$/m);
    expect(message).toMatch(/^Workflow-Run: promote-model-version-/m);
    expect(message).toMatch(/^Digest: sha256:[0-9a-f]{64}$/m);
    expect(message).toMatch(/^Approved-By: /m);
    const changed = await git(world.repository.folder, 'show', '--name-only', '--format=', 'HEAD');
    expect(changed).toContain('src/clusters/e2e.models.json');
    expect(changed).toContain('dist/e2e/inference/deployment-inference.yaml');
  });

  part('stops at a gate that a model does not pass, and keeps nothing of it', async (world) => {
    // Of another pipeline, so that they run beside what follows.
    tests = Promise.all([
      runPipeline('train-and-inference-testing'),
      runPipeline('train-and-inference-testing', { subset: '200', seed: '3' }),
    ]);
    tests.catch(() => undefined);
    const ended = await runPipeline('train-new-model-version', { subset: '200', seed: '3' });
    expect(ended.phase).toBe('Failed');
    expect(ended.nodes.find(({ displayName }) => displayName.startsWith('gate'))?.phase).toBe('Failed');
    const ran = ended.nodes.filter(({ type }) => type === 'Pod').map(({ displayName }) => displayName);
    expect(ran.filter((name) => name.startsWith('version'))).toEqual([]);
    const tags = await git(world.repository.folder, 'ls-remote', '--tags', world.server.remote('models'));
    expect(tags.match(/refs\/tags\/sentiment@v[\d.]+$/gm)).toHaveLength(1);
  });

  part(
    'tries models on throw-away servers while it trains the next version: passes a good one, fails a broken one, leaves nothing behind',
    async (world) => {
      const made = await runPipeline('train-new-model-version', { seed: '7' });
      expect(made.outputs).toMatchObject({ version: SECOND });
      const [good, broken] = await tests;
      expect([made.phase, good?.phase, broken?.phase]).toEqual(['Succeeded', 'Succeeded', 'Failed']);
      expect(broken?.nodes.find(({ displayName }) => displayName.startsWith('probe'))?.phase).toBe('Failed');
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
    { needed: true },
  );
}
