import { describe, expect, test } from '@jest/globals';
import { difference } from '../../../src/render/diff';
import { immutableFields } from '../../../src/render/diff/immutable-fields';
import type { Manifest } from '../../../src/render/model';
import { application, manifest, object, tree } from './trees';

const KEEP = { annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' } };

/** Dangers of one object's change, as `field: what`. */
function dangers(before: Manifest | undefined, after: Manifest | undefined): string[] {
  const changes = difference(tree(...(before ? [object('a', before)] : [])), after ? [object('a', after)] : []);
  return changes.flatMap(({ objects }) =>
    objects.flatMap((change) => change.dangers.map(({ field, what }) => (field ? `${field}: ${what}` : what))),
  );
}

/** An object whose only field is the one at this path. */
function withField(group: string, kind: string, field: string, value: unknown): Manifest {
  const fields = field
    .split('.')
    .reverse()
    .reduce<unknown>((inner, key) => ({ [key]: inner }), value);
  return manifest(group === '' ? 'v1' : `${group}/v1`, kind, 'x', fields as Record<string, unknown>);
}

describe('fields that cannot change', () => {
  const cases = immutableFields.flatMap(({ group, kinds, fields }) =>
    kinds.flatMap((kind) => fields.map((field) => [kind, field, group] as const)),
  );

  test.each(cases)('%s %s', (kind, field, group) => {
    const change = dangers(withField(group, kind, field, { is: 'old' }), withField(group, kind, field, { is: 'new' }));
    expect(change).toEqual([expect.stringMatching(new RegExp(`^${field}\\.is: .*the sync fails$`))]);
  });

  test('others of the same object can', () => {
    const deployment = (image: string) =>
      manifest('apps/v1', 'Deployment', 'x', { spec: { template: { spec: { containers: [{ name: 'a', image }] } } } });
    expect(dangers(deployment('a:1'), deployment('a:2'))).toEqual([]);
  });

  test('a field whose name begins with that of one can', () => {
    const claim = (value: string) =>
      manifest('v1', 'PersistentVolumeClaim', 'x', { spec: { volumeAttributesClassName: value } });
    expect(dangers(claim('a'), claim('b'))).toEqual([]);
  });

  test('the same field of another group can', () => {
    const field = (value: string) => manifest('example.com/v1', 'StatefulSet', 'x', { spec: { serviceName: value } });
    expect(dangers(field('a'), field('b'))).toEqual([]);
  });

  test('a volume may get a node affinity but not another one', () => {
    const volume = (spec: object) => manifest('v1', 'PersistentVolume', 'x', { spec: { ...spec } });
    expect(dangers(volume({}), volume({ nodeAffinity: { a: 1 } }))).toEqual([]);
    expect(dangers(volume({ nodeAffinity: { a: 1 } }), volume({ nodeAffinity: { a: 2 } }))).toHaveLength(1);
  });

  test('data of a ConfigMap that is marked immutable', () => {
    const map = (value: string, immutable: boolean) => manifest('v1', 'ConfigMap', 'x', { immutable, data: { value } });
    expect(dangers(map('a', true), map('b', true))).toEqual([expect.stringContaining('marked immutable')]);
    expect(dangers(map('a', false), map('b', false))).toEqual([]);
  });
});

describe('size of a claim', () => {
  const claim = (storage: string) =>
    manifest('v1', 'PersistentVolumeClaim', 'x', { spec: { resources: { requests: { storage } } } });

  test('cannot shrink, in whatever unit', () => {
    expect(dangers(claim('1Gi'), claim('1000Mi'))).toEqual([expect.stringContaining('cannot shrink')]);
  });

  test('grows only where the class allows it', () => {
    expect(dangers(claim('1Gi'), claim('2Gi'))).toEqual([expect.stringContaining('allowVolumeExpansion')]);
  });

  test('is the same in another unit', () => {
    expect(dangers(claim('1Gi'), claim('1024Mi'))).toEqual([]);
  });
});

describe('deletion', () => {
  test.each([
    ['v1', 'Namespace'],
    ['v1', 'PersistentVolumeClaim'],
    ['v1', 'PersistentVolume'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ])('of a %s %s takes something along', (apiVersion, kind) => {
    expect(dangers(manifest(apiVersion, kind, 'x'), undefined)).toEqual([
      expect.stringMatching(/^Argo CD deletes it, and with it /),
    ]);
  });

  test('leaves what has Prune=false in the cluster', () => {
    expect(dangers(manifest('v1', 'Namespace', 'x', { metadata: KEEP }), undefined)).toEqual([
      expect.stringContaining('stays in the cluster'),
    ]);
  });

  test('of a ConfigMap is none', () => {
    expect(dangers(manifest('v1', 'ConfigMap', 'x'), undefined)).toEqual([]);
  });

  test('of an Application takes its objects along when it has the finalizer', () => {
    const dangersWith = (finalizer: boolean) =>
      difference(tree(application('a', { finalizer })), []).flatMap(({ objects }) => objects[0]?.dangers ?? []);
    expect(dangersWith(true)).toHaveLength(1);
    expect(dangersWith(false)).toEqual([]);
  });

  test('losing Prune=false is a danger of its own', () => {
    const claim = (metadata: object) => manifest('v1', 'PersistentVolumeClaim', 'x', { metadata });
    expect(dangers(claim(KEEP), claim({}))).toEqual([expect.stringContaining('may delete the object from now on')]);
    expect(dangers(claim({}), claim(KEEP))).toEqual([]);
  });

  test('a volume that is no longer retained loses its data with its claim', () => {
    const volume = (persistentVolumeReclaimPolicy: string) =>
      manifest('v1', 'PersistentVolume', 'x', { spec: { persistentVolumeReclaimPolicy } });
    expect(dangers(volume('Retain'), volume('Delete'))).toHaveLength(1);
    expect(dangers(volume('Delete'), volume('Retain'))).toEqual([]);
  });
});

test('an object that goes to another component is claimed by two Applications', () => {
  const map = manifest('v1', 'ConfigMap', 'x', { metadata: { namespace: 'n' } });
  const [moved] = difference(tree(object('a', map)), [object('b', map)]).flatMap(({ objects }) => objects);
  expect(moved).toMatchObject({ type: 'changed', component: 'b', movedFrom: 'a' });
  expect(moved?.dangers[0]?.what).toContain('from the Application of a to that of b');
});
