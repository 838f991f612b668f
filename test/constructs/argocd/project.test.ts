import { describe, expect, test } from '@jest/globals';
import { type ProjectSettings, project } from '../../../src/constructs/argocd/project';
import { component, written } from '../component';

const all: Required<ProjectSettings> = {
  name: 'api',
  description: 'What serves',
  repositories: ['https://example.org/platform.git'],
  namespaces: ['inference', 'inference-ui'],
  clusterKinds: [{ group: '', kind: 'PersistentVolume' }],
  namespacedKinds: [{ group: 'apps', kind: 'Deployment' }],
  wave: 3,
};

describe('AppProject', () => {
  test('permits what it is given, in this cluster', () => {
    const scope = component();
    project(scope, 'Project', all);
    const { metadata, spec } = written(scope, 'AppProject');
    expect(metadata).toMatchObject({ namespace: 'argocd', annotations: { 'argocd.argoproj.io/sync-wave': '3' } });
    expect(spec).toEqual({
      description: 'What serves',
      sourceRepos: all.repositories,
      destinations: ['inference', 'inference-ui'].map((namespace) => ({
        name: 'in-cluster',
        server: 'https://kubernetes.default.svc',
        namespace,
      })),
      clusterResourceWhitelist: all.clusterKinds,
      namespaceResourceWhitelist: all.namespacedKinds,
    });
  });

  test('that is given nothing permits nothing: an absent list would permit every namespaced kind', () => {
    const scope = component();
    project(scope, 'Project', { ...all, repositories: [], namespaces: [], clusterKinds: [], namespacedKinds: [] });
    expect(written(scope, 'AppProject').spec).toMatchObject({
      sourceRepos: [],
      destinations: [],
      clusterResourceWhitelist: [],
      namespaceResourceWhitelist: [],
    });
  });
});
