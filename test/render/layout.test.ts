import { describe, expect, test } from '@jest/globals';
import { fileName, layout } from '../../src/render/layout';
import type { Manifest, RenderedCluster } from '../../src/render/model';

const manifest = (kind: string, name: string, namespace?: string, apiVersion = 'v1'): Manifest => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace && { namespace }) },
});

function cluster(...manifests: Manifest[]): RenderedCluster {
  const objects = manifests.map((one, index) => ({
    manifest: one,
    cluster: 'homelab',
    component: 'registry',
    wave: 0,
    path: `homelab/registry/${index}`,
    source: () => undefined,
    allowed: new Map(),
  }));
  const component = {
    cluster: 'homelab',
    name: 'registry',
    namespace: 'registry',
    wave: 0,
    project: 'infrastructure',
    upstream: false,
    provides: {},
    objects,
  };
  return { name: 'homelab', components: [component], externals: [] };
}

describe('the name of a file', () => {
  test.each([
    [manifest('Service', 'registry', 'registry'), 'service-registry.yaml'],
    [manifest('PersistentVolume', 'models'), 'persistentvolume-models.yaml'],
    [manifest('ConfigMap', 'ca', 'gateway'), 'gateway.configmap-ca.yaml'],
    [manifest('ClusterRole', 'system:reader'), 'clusterrole-system_reader.yaml'],
    [manifest('ClusterRole', '../../escape'), 'clusterrole-.._.._escape.yaml'],
  ])('of %j is %s', (object, expected) => {
    expect(fileName({ manifest: object }, 'registry')).toBe(expected);
  });
});

test('files come in order of path, with the mark of their owner, and one object each', () => {
  const { files, problems } = layout([cluster(manifest('Service', 'b'), manifest('Service', 'a'))]);
  expect(problems).toEqual([]);
  expect(files.map(({ path }) => path)).toEqual(['homelab/registry/service-a.yaml', 'homelab/registry/service-b.yaml']);
  expect(files[0]?.content).toBe(
    '# Generated from homelab/registry/1; edit src/ and run "npm run synth".\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: a\n',
  );
});

describe('two objects that would share a file are an error, never an overwrite', () => {
  test.each([
    [
      'kinds of one name in two groups',
      manifest('Service', 'a', 'registry'),
      manifest('Service', 'a', 'registry', 'serving.knative.dev/v1'),
    ],
    ['the same object twice', manifest('ConfigMap', 'a', 'registry'), manifest('ConfigMap', 'a', 'registry')],
    ['names that differ in case', manifest('ClusterRole', 'Reader'), manifest('ClusterRole', 'reader')],
    ['names that differ in a character no file has', manifest('ClusterRole', 'a:b'), manifest('ClusterRole', 'a/b')],
    ['a namespace that looks like a name', manifest('ConfigMap', 'x', 'a'), manifest('A.ConfigMap', 'x')],
  ])('%s', (_name, one, other) => {
    const { files, problems } = layout([cluster(one, other)]);
    expect(files).toHaveLength(1);
    expect(problems).toMatchObject([
      { where: 'homelab/registry/1', what: 'would be written to the file of homelab/registry/0' },
    ]);
  });

  test('one name in two namespaces is two files', () => {
    const { files, problems } = layout([cluster(manifest('ConfigMap', 'a', 'one'), manifest('ConfigMap', 'a', 'two'))]);
    expect([files.length, problems]).toEqual([2, []]);
  });
});

test('a name that no file can have is an error that says so', () => {
  const { files, problems } = layout([cluster(manifest('PersistentVolumeClaim', 'a'.repeat(253)))]);
  expect(files).toEqual([]);
  expect(problems).toMatchObject([
    {
      what: 'its file would have a name of 280 characters, and 255 is the limit',
      fix: 'give the object a shorter name',
    },
  ]);
});
