import { describe, expect, test } from '@jest/globals';
import { difference } from '../../../src/render/diff';
import type { FileSpec } from '../../../src/render/layout';
import { application, manifest, object, tree } from './trees';

const policy = (component: string, port: number, peer: string): FileSpec =>
  object(
    component,
    manifest('networking.k8s.io/v1', 'NetworkPolicy', 'pods', {
      metadata: { namespace: component },
      spec: {
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': peer } }, podSelector: {} }],
            ports: [{ port, protocol: 'TCP' }],
          },
        ],
      },
    }),
  );

const map = (component: string, value: string, name = 'settings'): FileSpec =>
  object(component, manifest('v1', 'ConfigMap', name, { metadata: { namespace: component }, data: { value } }));

const applications = ['api', 'ui', 'other'].map((component) => application(component));

/** Why each file changed: `component/kind: causes`. */
function causes(before: readonly FileSpec[], after: readonly FileSpec[]): Record<string, readonly string[]> {
  return Object.fromEntries(
    difference(tree(...applications, ...before), [...applications, ...after]).flatMap(({ component, objects }) =>
      objects.map(({ before: old, after: now, derivedFrom }) => [`${component}/${(now ?? old)?.kind}`, derivedFrom]),
    ),
  );
}

describe('a policy', () => {
  test('that changed with its peer follows from it', () => {
    expect(causes([map('api', 'a'), policy('ui', 1, 'api')], [map('api', 'b'), policy('ui', 2, 'api')])).toEqual({
      'api/ConfigMap': [],
      'ui/NetworkPolicy': ['api'],
    });
  });

  test('that changed with its own component follows from nothing', () => {
    expect(causes([map('ui', 'a'), policy('ui', 1, 'api')], [map('ui', 'b'), policy('ui', 2, 'api')])).toEqual({
      'ui/ConfigMap': [],
      'ui/NetworkPolicy': [],
    });
  });

  test('is not said to follow from a component that it has no rule for', () => {
    expect(causes([map('other', 'a'), policy('ui', 1, 'api')], [map('other', 'b'), policy('ui', 2, 'api')])).toEqual({
      'other/ConfigMap': [],
      'ui/NetworkPolicy': [],
    });
  });

  test('that changed with the policy of its peer, and nothing else, follows from it', () => {
    expect(
      causes([policy('api', 1, 'ui'), policy('ui', 1, 'api')], [policy('api', 2, 'ui'), policy('ui', 2, 'api')]),
    ).toEqual({
      'api/NetworkPolicy': ['ui'],
      'ui/NetworkPolicy': ['api'],
    });
  });
});

test('an Application that is new follows from the component that it brings', () => {
  const changes = difference(tree(), [application('api'), map('api', 'a')]);
  expect(changes.map(({ component, derived }) => [component, derived])).toEqual([
    ['api', false],
    ['applications', true],
  ]);
});

test('an AppProject follows from components of its Applications that gained or lost objects', () => {
  const project = (kinds: readonly string[]) =>
    object('applications', manifest('argoproj.io/v1alpha1', 'AppProject', 'c-all', { spec: { kinds } }));
  expect(causes([project([])], [project(['ConfigMap']), map('api', 'a')])).toEqual({
    'api/ConfigMap': [],
    'applications/AppProject': ['api'],
  });
});

test('a static volume follows from the claim that it is for', () => {
  const claim = (size: string) =>
    object(
      'api',
      manifest('v1', 'PersistentVolumeClaim', 'models', { metadata: { namespace: 'api' }, spec: { size } }),
    );
  const volume = (size: string) =>
    object(
      'storage',
      manifest('v1', 'PersistentVolume', 'v', { spec: { size, claimRef: { name: 'models', namespace: 'api' } } }),
    );
  expect(causes([claim('1'), volume('1')], [claim('2'), volume('2')])).toEqual({
    'api/PersistentVolumeClaim': [],
    'storage/PersistentVolume': ['api'],
  });
});
