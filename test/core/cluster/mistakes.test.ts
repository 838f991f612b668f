import { describe, expect, test } from '@jest/globals';
import { App } from 'cdk8s';
import { homelab } from '../../../src/clusters/homelab';
import { laptop } from '../../../src/clusters/laptop';
import { type ClusterData, loadClusters } from '../../../src/core/cluster';
import { ClusterScope, Component } from '../../../src/core/component';
import { formatProblem, InvalidInput } from '../../../src/core/problem';
import { withValue } from './paths';

/** What a person reads about it, line by line. */
function mistakes(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems.map(formatProblem);
    throw error;
  }
  return [];
}

const load = (...data: readonly unknown[]) => mistakes(() => loadClusters(data));
const withOne = (path: string, value: unknown): ClusterData => withValue<ClusterData>(homelab, path.split('.'), value);

test('the shipped clusters have none', () => {
  expect(load(homelab, laptop)).toEqual([]);
});

describe('one mistake, one line that says where, what and what to do', () => {
  test.each<[string, string, unknown, string]>([
    [
      'unknown node of a volume',
      'storage.training.node',
      'ubuntu9',
      'homelab.storage.training.node: there is no such node (got "ubuntu9"); name one of ubuntu1, ubuntu2, ubuntu3',
    ],
    [
      'unknown NFS server',
      'storage.dvc.server',
      'ubuntu9',
      'homelab.storage.dvc.server: there is no such node (got "ubuntu9"); name one of ubuntu1, ubuntu2, ubuntu3',
    ],
    [
      'placement on a node that there is not',
      'placements.compute',
      { nodeSelector: { disk: 'fast' } },
      'homelab.placements.compute.nodeSelector: no node carries these labels (got {"disk":"fast"}); select a label of one of the nodes ubuntu1, ubuntu2, ubuntu3, or add it to nodes.NAME.labels',
    ],
    [
      'name too long',
      'name',
      'a'.repeat(36),
      `${'a'.repeat(36)}.name: is 36 characters long, at most 35 are allowed (got "${'a'.repeat(36)}"); choose a short name of lower-case letters, digits and "-"`,
    ],
    [
      'port taken by another listener',
      'gateway.ports.https',
      8000,
      'homelab.gateway.ports.https: is the port of http too (got 8000); give each its own port',
    ],
    [
      'node port outside the range',
      'imageRegistry.nodePort',
      5000,
      'homelab.imageRegistry.nodePort: is too small (got 5000); write at least 30000',
    ],
    [
      'quantity malformed',
      'nodes.ubuntu2.capacity.memory',
      '32GB',
      'homelab.nodes.ubuntu2.capacity.memory: is not a Kubernetes quantity (got "32GB"); write bytes with a unit, such as 512Mi or 5Gi',
    ],
    [
      'half a byte of memory',
      'quotas.registry.memory',
      '500m',
      'homelab.quotas.registry.memory: is less than a kibibyte (got "500m"); write bytes with a unit, such as 512Mi or 5Gi',
    ],
    [
      'bytes for cores',
      'quotas.registry.cpu',
      '1Gi',
      'homelab.quotas.registry.cpu: is more cores than any machine has (got "1Gi"); write cores, such as 8, or millicores, such as 7500m',
    ],
    [
      'negative replicas',
      'userInterface.replicas',
      -1,
      'homelab.userInterface.replicas: is too small (got -1); write at least 1',
    ],
    [
      'fewer replicas at most than at least',
      'inference.autoscale.minReplicas',
      6,
      'homelab.inference.autoscale.maxReplicas: is below minReplicas (6) (got 5); set at least 6',
    ],
    [
      'missing secret source',
      'imageRegistry.htpasswd',
      undefined,
      'homelab.imageRegistry.htpasswd: is missing; add it: an object, in braces',
    ],
    [
      'secret source without the key that is read',
      'imageRegistry.htpasswd',
      { from: 'sealed', encryptedData: { password: 'AgB' } },
      'homelab.imageRegistry.htpasswd.encryptedData: lacks the key htpasswd; add htpasswd',
    ],
    [
      'a folder that many namespaces share on a class that makes one volume each',
      'storage.training',
      { type: 'class', storageClass: 'standard', size: '5Gi' },
      'homelab.storage.training.type: is not one of the values it may have (got "class"); write one of "local", "nfs"',
    ],
    [
      'image latest',
      'images.registry.tag',
      'latest',
      'homelab.images.registry.tag: names another image tomorrow (got "latest"); write the tag of one version, such as 2.8.3',
    ],
    [
      'operator on a branch',
      'operators.argoCd.version',
      'stable',
      'homelab.operators.argoCd.version: is not a pinned version (got "stable"); write a tag or chart version such as v3.2.11',
    ],
    [
      'one folder for two volumes',
      'storage.models.path',
      '/srv/nfs/dvc',
      'homelab.storage.models.path: is the folder of storage.dvc too (got "/srv/nfs/dvc"); give each volume a folder of its own',
    ],
    [
      'two nodes at one address',
      'nodes.ubuntu2.address',
      '192.168.10.11',
      'homelab.nodes.ubuntu2.address: is the address of ubuntu1 too (got "192.168.10.11"); give each node its own',
    ],
    ['no node', 'nodes', {}, 'homelab.nodes: there is none; describe at least one node'],
    [
      'model versions in the platform repository',
      'repositories.model.url',
      homelab.repositories.platform.url,
      `homelab.repositories.model.url: is the platform repository (got "${homelab.repositories.platform.url}"); keep model versions in a repository of their own: their tags and commits must not trigger syncs`,
    ],
    [
      'an address for a domain',
      'domain',
      '192.168.10.11',
      'homelab.domain: is an address or ends in a number, for which there are no certificates (got "192.168.10.11"); write a name such as registry.homelab.internal',
    ],
    [
      'a setting that there is not',
      'imageRegistry',
      { ...homelab.imageRegistry, nodePrt: 30500 },
      'homelab.imageRegistry.nodePrt: there is no such setting; remove it or correct its name',
    ],
    [
      'a name that nobody can have, as a key',
      'nodes',
      { ...homelab.nodes, Ubuntu_4: { ...homelab.nodes.ubuntu1, address: '192.168.10.14' } },
      'homelab.nodes.Ubuntu_4: must be DNS labels (lower-case letters, digits, "-") joined by dots (got "Ubuntu_4"); write a name such as registry.homelab.internal',
    ],
    [
      'pin of a model that nothing serves',
      'models',
      { other: { version: 'v1.0.0', digest: `sha256:${'a'.repeat(64)}` } },
      'homelab.models.other: nothing serves this model (got "other"); remove the pin, or set inference.model to it (it is sentiment)',
    ],
  ])('%s', (_name, path, value, expected) => {
    expect(load(withOne(path, value))).toContain(expected);
  });

  test('two clusters of one name', () => {
    expect(load(homelab, { ...laptop, name: 'homelab' })).toEqual([
      'homelab.name: another cluster has this name (got "homelab"); give each cluster a name of its own',
    ]);
  });

  test('a cluster that is none, by its place in the list', () => {
    expect(load(homelab, null)).toEqual(['clusters[1]: is of the wrong kind (got null); write an object, in braces']);
  });

  test('two components of one name', () => {
    const [cluster] = loadClusters([homelab]);
    if (!cluster) throw new Error('the shipped cluster is not valid');
    const scope = new ClusterScope(new App(), cluster);
    const props = { name: 'registry', namespace: 'registry', wave: 'services', project: 'services' } as const;
    new Component(scope, props);
    expect(mistakes(() => new Component(scope, props))).toEqual([
      'homelab/registry: another component has this name, which is its folder and its Application (got "registry"); give each component in src/platform/ a name of its own',
    ]);
  });
});

test('all mistakes are told at once, those of every cluster', () => {
  const first = withValue(withOne('stage', 'live'), ['domain'], undefined);
  expect(load(first, { ...laptop, stage: 'live' }).map((line) => line.split(':')[0])).toEqual([
    'homelab.stage',
    'homelab.domain',
    'laptop.stage',
  ]);
});
