import { describe, expect, test } from '@jest/globals';
import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { homelab } from '../../src/clusters/homelab';
import { loadClusters } from '../../src/core/cluster';
import { ClusterScope, Component, type ComponentProps } from '../../src/core/component';
import { allow, allowedFor } from '../../src/core/exceptions';
import { Existing } from '../../src/core/existing';
import { imageReference, isPrivateImage, privateRegistryHost } from '../../src/core/image';
import { kubernetesObject } from '../../src/core/kubernetes-object';
import { quantity } from '../../src/core/quantity';
import { resolveResources, resourceProfiles } from '../../src/core/resources';
import { sourceOf } from '../../src/core/source-location';
import { waves } from '../../src/core/waves';

const minimal: ComponentProps = { name: 'registry', namespace: 'images', wave: 'services', project: 'services' };
const all: Required<ComponentProps> = {
  ...minimal,
  cascadeDelete: false,
  upstream: { type: 'helm', repository: 'https://example.org', version: '1.0.0', chart: 'a', values: {} },
  provides: { namespaces: ['other'] },
  mayHold: ['apps/Deployment'],
};

function cluster() {
  const [one] = loadClusters([homelab]);
  if (!one) throw new Error('the shipped cluster is not valid');
  return one;
}
const clusterScope = () => new ClusterScope(new App(), cluster());

describe('Component', () => {
  test('minimal props: rendered here, deleted with its Application', () => {
    const component = new Component(clusterScope(), minimal);
    expect(component).toMatchObject({
      name: 'registry',
      defaultNamespace: 'images',
      cascadeDelete: true,
      provides: {},
    });
    expect(component.upstream).toBeUndefined();
  });

  test('all props', () => {
    const { namespace: defaultNamespace, ...rest } = all;
    expect(new Component(clusterScope(), all)).toMatchObject({ ...rest, defaultNamespace });
  });

  test('does not give its namespace to objects: it would end up on cluster-scoped kinds', () => {
    const component = new Component(clusterScope(), minimal);
    const volume = kubernetesObject(component, 'a', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'a' },
    });
    expect(volume.toJson().metadata).toEqual({ name: 'a' });
  });

  test('is told from other charts, and found from what is in it', () => {
    const scope = clusterScope();
    const component = new Component(scope, minimal);
    const inside = new Construct(component, 'inside');
    expect(Component.isComponent(new Chart(scope, 'chart'))).toBe(false);
    expect(Component.ofConstruct(inside)).toBe(component);
    expect(ClusterScope.of(inside)).toBe(scope);
    expect(() => Component.ofConstruct(scope)).toThrow('homelab is in no component');
    expect(() => ClusterScope.of(new App())).toThrow('is in no cluster');
  });
});

describe('kubernetesObject', () => {
  test.each([
    { kind: 'ConfigMap', metadata: { name: 'a' } },
    { apiVersion: 'v1', metadata: { name: 'a' } },
    { apiVersion: 'v1', kind: 'ConfigMap' },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '' } },
  ])('refuses an object that is not named in full: %j', (object) => {
    const component = new Component(clusterScope(), minimal);
    expect(() => kubernetesObject(component, 'a', object)).toThrow(
      'homelab/registry/a: apiVersion, kind and metadata.name are required',
    );
  });

  test('writes fields as they are, quantities and unknown ones too', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { containers: [{ resources: { limits: { 'nvidia.com/gpu': '1' } } }] },
    };
    expect(kubernetesObject(new Component(clusterScope(), minimal), 'a', object).toJson()).toEqual(object);
  });

  test('remembers the line that made it', () => {
    const object = kubernetesObject(new Component(clusterScope(), minimal), 'a', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
    });
    expect(sourceOf(object)).toMatch(/\.ts:\d+$/);
    expect(sourceOf(new ApiObject(new Component(clusterScope(), minimal), 'b', { apiVersion: 'v1', kind: 'A' }))).toBe(
      undefined,
    );
  });
});

test('an exception counts for a construct and all below it, the nearest reason first', () => {
  const component = new Component(clusterScope(), minimal);
  const inside = new Construct(component, 'inside');
  allow(component, 'a', 'outer');
  allow(inside, 'a', 'inner');
  allow(inside, 'b', 'own');
  expect([...allowedFor(inside)]).toEqual([
    ['a', 'inner'],
    ['b', 'own'],
  ]);
  expect([...allowedFor(component)]).toEqual([['a', 'outer']]);
  expect([...allowedFor(new Component(clusterScope(), minimal))]).toEqual([]);
});

test('something existing is in the namespace of its component unless it says otherwise', () => {
  const component = new Component(clusterScope(), minimal);
  const props = { kind: 'Secret', name: 'a', purpose: 'test' } as const;
  expect(new Existing(component, 'one', props)).toMatchObject({ kind: 'Secret', name: 'a', namespace: 'images' });
  expect(new Existing(component, 'two', { ...props, namespace: 'other' }).namespace).toBe('other');
});

describe('images', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  test('are named by tag, and by digest once it is known', () => {
    const image = { repository: 'docker.io/library/registry', tag: '2.8.3' };
    expect(imageReference(image)).toBe('docker.io/library/registry:2.8.3');
    expect(imageReference({ ...image, digest })).toBe(`docker.io/library/registry:2.8.3@${digest}`);
  });

  test('are private when they come from the registry of the cluster, port included', () => {
    expect(privateRegistryHost(cluster())).toBe('registry.homelab.internal:30500');
    const of = (repository: string) => isPrivateImage(cluster(), { repository, tag: '1' });
    expect(of('registry.homelab.internal:30500/ui')).toBe(true);
    expect(of('registry.homelab.internal:305001/ui')).toBe(false);
    expect(of('registry.homelab.internal/ui')).toBe(false);
  });
});

test.each(Object.entries(resourceProfiles))('the profile %s asks for no more than it may use', (name, profile) => {
  expect(resolveResources(name as keyof typeof resourceProfiles)).toBe(profile);
  for (const key of ['cpu', 'memory', 'ephemeralStorage'] as const) {
    expect(quantity(profile.requests[key])).toBeLessThanOrEqual(quantity(profile.limits[key]));
  }
  expect(resolveResources(profile)).toBe(profile);
});

test('waves come in the order in which they are written down, each of its own', () => {
  const numbers = Object.values(waves);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
});
