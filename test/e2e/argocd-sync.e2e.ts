import { basename } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { render } from '../../src/cli/render';
import { homelab } from '../../src/clusters/homelab';
import type { FileSpec } from '../../src/render/layout';
import type { Manifest } from '../../src/render/model';
import { claimCluster, releaseCluster } from './claim';
import { keepingEvidence } from './evidence';
import { apply, describeOnCluster, get, kubectl, type LiveObject, say, waitFor } from './kubectl';
import { refresh, stateOf } from './loop/argo-cd';
import { distObjects, isNamespace, objectsIn } from './platform';
import { Repository } from './repository';

const NAMESPACE = 'argocd';

describeOnCluster('Argo CD, given the root Application of homelab in a Git repository', () => {
  const repository = new Repository();
  const files = renderedFrom(repository.url);
  const objects = objectsIn(files);
  const applications = objects.filter(({ kind }) => kind === 'Application').map(({ metadata }) => metadata.name);
  let head = '';

  beforeAll(async () => {
    const ready = await get('appproject', 'default', '--namespace', NAMESPACE).catch(() => []);
    if (ready.length === 0) throw new Error('the cluster has no Argo CD: bring it up first');
    await claimCluster(objects);
    await repository.create();
    head = await repository.commit('Render homelab', inDist(files));
    await apply(objects.filter(isNamespace));
    await apply(objects.filter(({ kind, metadata }) => isRoot(kind, metadata.name)));
    say(`homelab is at ${head.slice(0, 7)} of ${repository.url}; ${applications.length} Applications are to come`);
  });

  afterAll(async () => {
    await releaseCluster();
    repository.delete();
  });

  test('syncs every Application to the commit', () =>
    keepingEvidence('argocd-sync', async () => {
      const done = new Set<string>();
      await waitFor('every Application is Synced', 480, async () => {
        const live = await get('applications.argoproj.io', '--namespace', NAMESPACE);
        for (const { metadata, status } of live) {
          const synced = status?.sync?.status === 'Synced' && status.sync.revision === head;
          if (!synced || status.operationState?.phase !== 'Succeeded' || done.has(metadata.name)) continue;
          done.add(metadata.name);
          say(`${metadata.name}: Synced, ${status.health?.status} (${done.size} of ${applications.length})`);
        }
        const missing = applications.filter((name) => !done.has(name));
        if (missing.length > 0) throw new Error(missing.map((name) => stateOf(name, live)).join('\n'));
        return true;
      });
    }));

  test('finds nothing to change when it compares again', () =>
    keepingEvidence('argocd-stays-synced', async () => {
      const before = comparisons(await get('applications.argoproj.io', '--namespace', NAMESPACE));
      await refresh(...applications);
      await waitFor('every Application was compared once more and stayed Synced', 120, async () => {
        const live = await get('applications.argoproj.io', '--namespace', NAMESPACE);
        const changed = live.filter(({ status }) => status.sync.status !== 'Synced');
        if (changed.length > 0) throw new Error(changed.map(({ metadata }) => stateOf(metadata.name, live)).join('\n'));
        const since = comparisons(live);
        return applications.every((name) => since.get(name) !== before.get(name)) ? true : undefined;
      });
      const syncs = (await get('applications.argoproj.io', '--namespace', NAMESPACE)).map(({ metadata, status }) => ({
        name: metadata.name,
        syncs: status.history.length,
      }));
      expect(syncs.filter((one) => one.syncs > 1)).toEqual([]);
    }));

  test('binds every volume on the NFS server', () =>
    keepingEvidence('nfs-volumes', async () => {
      const nfs = objects.filter(({ kind, spec }) => kind === 'PersistentVolume' && 'nfs' in (spec as object));
      expect(nfs.length).toBeGreaterThan(0);
      await waitFor('every NFS volume is Bound', 60, async () => {
        const live = await get('persistentvolume', ...nfs.map(({ metadata }) => metadata.name));
        const unbound = live.filter(({ status }) => status.phase !== 'Bound');
        if (unbound.length > 0) throw new Error(unbound.map(({ metadata }) => metadata.name).join(', '));
        return true;
      });
      say(`${nfs.length} NFS volumes are Bound`);
    }));

  test('heals what somebody changed by hand', () =>
    keepingEvidence('self-heal', async () => {
      const quota = find(objects, 'ResourceQuota', 'registry');
      const wanted = (quota.spec as { hard: { pods: string } }).hard.pods;
      await kubectl([
        ...['patch', 'resourcequota', quota.metadata.name, '--namespace', 'registry', '--type', 'merge'],
        ...['--patch', '{"spec":{"hard":{"pods":"99"}}}'],
      ]);
      await waitFor('the quota is as Git says', 120, async () => {
        const [live] = await get('resourcequota', quota.metadata.name, '--namespace', 'registry');
        return live?.spec.hard.pods === wanted ? true : undefined;
      });
    }));

  test('refuses a kind that the AppProject was not granted', () =>
    keepingEvidence('project-refusal', async () => {
      const path = 'dist/homelab/registry/clusterrole-intruder.yaml';
      const intruder =
        'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: intruder\nrules: []\n';
      await repository.commit('Try what is not granted', [{ path, content: intruder }]);
      await refresh('homelab-registry');
      await waitFor('Argo CD says that the kind is not permitted', 120, async () => {
        const [live] = await get('application', 'homelab-registry', '--namespace', NAMESPACE);
        return JSON.stringify(live?.status).includes('is not permitted in project') ? true : undefined;
      });
      expect(await get('clusterrole', 'intruder')).toEqual([]);
      head = await repository.remove('Take it back', path);
    }));
});

test('Applications with an upstream source are pinned to a version', () => {
  const upstream = distObjects('homelab').filter((object) => isUpstream(object, homelab.repositories.platform.url));
  expect(upstream).toHaveLength(Object.keys(homelab.operators).length);
  for (const { spec } of upstream) expect(sourceOf(spec).targetRevision).toMatch(/^v?\d+\.\d+\.\d+$/);
});

/**
 * The files of homelab, to be watched in another repository. Applications of operators are left out: their upstream
 * sources cannot be reached from a test cluster.
 */
function renderedFrom(url: string): FileSpec[] {
  const { files } = render([
    { ...homelab, repositories: { ...homelab.repositories, platform: { url, revision: 'main' } } },
  ]);
  const upstream = new Set(
    objectsIn(files)
      .filter((object) => isUpstream(object, url))
      .map(({ metadata }) => metadata.name),
  );
  return files.filter(({ path }) => !upstream.has(basename(path, '.yaml').replace(/^application-/, '')));
}

function isUpstream({ kind, spec }: Manifest, platform: string): boolean {
  return kind === 'Application' && sourceOf(spec).repoURL !== platform;
}

function sourceOf(spec: unknown): { repoURL: string; targetRevision: string } {
  return (spec as { source: { repoURL: string; targetRevision: string } }).source;
}

function inDist(files: readonly FileSpec[]): FileSpec[] {
  return files.map(({ path, content }) => ({ path: `dist/${path}`, content }));
}

/** What a person applies besides namespaces: the root Application and its AppProject. */
function isRoot(kind: string, name: string): boolean {
  return (kind === 'Application' && name === 'homelab') || (kind === 'AppProject' && name === 'homelab-root');
}

/** When each Application was compared with Git last. */
function comparisons(live: readonly LiveObject[]): ReadonlyMap<string, string> {
  return new Map(live.map(({ metadata, status }) => [metadata.name, status.reconciledAt]));
}

function find(objects: readonly Manifest[], kind: string, namespace: string): Manifest {
  const found = objects.find((object) => object.kind === kind && object.metadata.namespace === namespace);
  if (!found) throw new Error(`homelab has no ${kind} in ${namespace}`);
  return found;
}
