import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Manifest } from '../../src/render/model';
import { claimCluster, releaseCluster } from './claim';
import { keepingEvidence } from './evidence';
import { apply, describeOnCluster, kubectl, type LiveObject, listOf, say, waitFor } from './kubectl';
import { distObjects, nameOf } from './platform';

describeOnCluster('an API server', () => {
  describe.each(['homelab', 'laptop'])('given dist/%s', (cluster) => {
    const objects = distObjects(cluster);

    beforeAll(async () => {
      await requireKinds(objects);
      await claimCluster(objects);
    });
    afterAll(() => releaseCluster());

    test('accepts every object without a warning', () =>
      keepingEvidence(`accepts-${cluster}`, async () => {
        const stages = [];
        for (const stage of inSyncOrder(objects)) stages.push(await apply(stage));
        expect(stages.flatMap(({ warnings }) => warnings)).toEqual([]);
        expect(stages.flatMap(({ applied }) => applied)).toHaveLength(objects.length);
        say(`${cluster}: ${objects.length} objects applied`);
      }));

    test('has nothing to change when the same is applied again', () =>
      keepingEvidence(`again-${cluster}`, async () => {
        // Controllers bind volumes meanwhile, so each object is tried until one moment was quiet.
        let restless: readonly Manifest[] = objects.filter((object) => !isShared(object, objects));
        await waitFor('a second apply of every object changes nothing', 60, async () => {
          restless = await changedByApply(restless);
          if (restless.length > 0) throw new Error(restless.map(nameOf).join(', '));
          return true;
        });
      }));

    if (cluster === 'laptop') describe('would tell a mistake:', () => mistakes(objects));
  });
});

/** What shows that the tests above can fail, on the cluster that they have filled. */
function mistakes(objects: readonly Manifest[]): void {
  const statefulSet = objects.find(({ kind }) => kind === 'StatefulSet');
  const namespace = statefulSet?.metadata.namespace ?? '';
  if (!statefulSet) throw new Error('there is no StatefulSet to make mistakes in');

  test('a field at the wrong level is refused', async () => {
    const spec = { ...(statefulSet.spec as object), nodeSelector: { 'kubernetes.io/hostname': 'ubuntu2' } };
    await expect(apply([{ ...statefulSet, spec }], '--dry-run=server')).rejects.toThrow(
      /unknown field "nodeSelector"|nodeSelector: field not declared/,
    );
  });

  test('a privileged pod is refused', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'privileged', namespace },
      spec: { containers: [{ name: 'main', image: 'busybox:1.36', securityContext: { privileged: true } }] },
    };
    await expect(apply([pod])).rejects.toThrow(/violates PodSecurity "restricted/);
  });

  test('a workload whose pods would be refused is warned of', async () => {
    const { template, ...spec } = statefulSet.spec as { template: { spec: object } };
    const insecure = { ...template, spec: { ...template.spec, hostNetwork: true } };
    const { warnings } = await apply([{ ...statefulSet, spec: { ...spec, template: insecure } }], '--dry-run=server');
    expect(warnings.join('\n')).toMatch(/would violate PodSecurity/);
  });

  test('what fails leaves behind what the cluster says of itself', async () => {
    const name = 'fails-on-purpose';
    await expect(keepingEvidence(name, () => Promise.reject(new Error(name)))).rejects.toThrow(name);
    const kept = readdirSync(join('.local', 'e2e', name));
    expect(kept).toEqual(expect.arrayContaining(['events.yaml', 'logs', 'pods.yaml']));
  });

  test('an object that is not the same is changed by a second apply', async () => {
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'colour', namespace } };
    await apply([{ ...configMap, data: { colour: 'blue' } }]);
    const changed = { ...configMap, data: { colour: 'red' } };
    expect(await changedByApply([changed])).toEqual([changed]);
    expect(await changedByApply([changed])).toEqual([]);
  });
}

/** Whether a controller owns a field of the object as well: its Application has been told to leave that field alone. */
function isShared({ kind, metadata }: Manifest, objects: readonly Manifest[]): boolean {
  const ignored = objects
    .filter((object) => object.kind === 'Application')
    .flatMap(({ spec }) => (spec as { ignoreDifferences?: { kind: string; name: string }[] }).ignoreDifferences ?? []);
  return ignored.some((one) => one.kind === kind && one.name === metadata.name);
}

/** Those objects to which applying them once more made a difference. */
async function changedByApply(objects: readonly Manifest[]): Promise<Manifest[]> {
  const { stdout } = await kubectl(['get', '--filename', '-', '--output', 'json'], listOf(objects));
  const parsed = JSON.parse(stdout);
  const before: LiveObject[] = parsed.items ?? [parsed];
  const { applied } = await apply(objects);
  expect(before).toHaveLength(objects.length);
  return objects.filter((_, index) => !isDeepStrictEqual(stated(before[index]), stated(applied[index])));
}

/** What somebody applied of an object: without what controllers say of it, some of them every second. */
function stated(object: LiveObject | undefined) {
  const { status: _, metadata, ...rest } = { ...object };
  const { resourceVersion: _version, ...others } = { ...metadata };
  return { ...rest, metadata: others };
}

/** @throws when the API server does not serve a kind that dist/ has: its definition must be installed first */
async function requireKinds(objects: readonly Manifest[]): Promise<void> {
  // Each line: name, short names, API version, whether it has a namespace, kind.
  const { stdout } = await kubectl(['api-resources', '--no-headers', '--cached=false']);
  const words = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const served = new Set(words.map((line) => `${line.at(-3)} ${line.at(-1)}`));
  const missing = new Set(
    objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`).filter((one) => !served.has(one)),
  );
  if (missing.size > 0) {
    const list = [...missing].join(', ');
    throw new Error(`the cluster lacks the definitions of ${list}; install those of the operators first`);
  }
}

/** As Argo CD does: a token Secret whose ServiceAccount is not there yet would be deleted by its controller. */
function inSyncOrder(objects: readonly Manifest[]): Manifest[][] {
  const first = ['Namespace', 'ServiceAccount'];
  return [
    ...first.map((kind) => objects.filter((object) => object.kind === kind)),
    objects.filter(({ kind }) => !first.includes(kind)),
  ];
}
