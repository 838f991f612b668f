import { describe, expect, test } from '@jest/globals';
import { type ApplicationSettings, application } from '../../../src/constructs/argocd/application';
import { component, written } from '../component';

const git = { repository: 'https://example.org/platform.git', revision: 'main', path: 'dist/homelab/api' };
const minimal: ApplicationSettings = {
  name: 'api',
  project: 'services',
  source: git,
  namespace: 'inference',
  wave: 4,
  cascadeDelete: false,
};
const all: Required<ApplicationSettings> = {
  ...minimal,
  cascadeDelete: true,
  ignore: [
    {
      reason: 'the autoscaler owns it',
      group: 'apps',
      kind: 'Deployment',
      name: 'api',
      jsonPointers: ['/spec/replicas'],
    },
  ],
};

function rendered(settings: ApplicationSettings) {
  const scope = component();
  application(scope, 'Application', settings);
  return written(scope, 'Application');
}

describe('Application', () => {
  test('minimal props: pruned, healed and never emptied; deleting it leaves what it brought', () => {
    const { metadata, spec } = rendered(minimal);
    expect(metadata).not.toHaveProperty('finalizers');
    expect(metadata.annotations).toEqual({
      'argocd.argoproj.io/compare-options': 'ServerSideDiff=true',
      'argocd.argoproj.io/manifest-generate-paths': '.',
      'argocd.argoproj.io/sync-wave': '4',
    });
    expect(spec.source).toEqual({
      repoURL: git.repository,
      targetRevision: 'main',
      path: git.path,
      directory: { include: '*.yaml' },
    });
    expect(spec.syncPolicy.automated).toEqual({ prune: true, selfHeal: true });
    expect(spec.syncPolicy.syncOptions).not.toContain('RespectIgnoreDifferences=true');
    expect(spec).not.toHaveProperty('ignoreDifferences');
  });

  test('holds nothing that Argo CD leaves out when it writes the object: each sync would make its parent OutOfSync', () => {
    for (const settings of [minimal, all]) expect(JSON.stringify(rendered(settings).spec)).not.toMatch(/:(false|0|"")/);
  });

  test('all props: deleted with what it brought, and its reasons stand beside what it ignores', () => {
    const { metadata, spec } = rendered(all);
    expect(metadata.finalizers).toEqual(['resources-finalizer.argocd.argoproj.io/foreground']);
    expect(metadata.annotations).toMatchObject({ 'mlops/ignored-differences': 'the autoscaler owns it' });
    expect(spec.syncPolicy.syncOptions).toContain('RespectIgnoreDifferences=true');
    expect(spec.ignoreDifferences).toEqual([
      { group: 'apps', kind: 'Deployment', name: 'api', jsonPointers: ['/spec/replicas'] },
    ]);
  });

  test('of a chart in a Helm repository, and of one in a Git repository', () => {
    const chart = {
      type: 'helm',
      repository: 'https://example.org/charts',
      version: '1.2.3',
      chart: 'traefik',
    } as const;
    expect(rendered({ ...minimal, source: { ...chart, values: { replicas: 2 } } }).spec.source).toEqual({
      repoURL: chart.repository,
      targetRevision: '1.2.3',
      chart: 'traefik',
      helm: { valuesObject: { replicas: 2 } },
    });
    const inGit = { ...chart, repository: 'https://example.org/charts.git', values: {} };
    expect(rendered({ ...minimal, source: inGit }).spec.source).toMatchObject({ path: 'traefik' });
  });

  test('of a kustomization: each patch is YAML of its own, and none leaves the field out', () => {
    const source = {
      type: 'kustomize',
      repository: 'https://example.org/argo-cd.git',
      version: 'v1.0.0',
      path: 'manifests',
      patches: [{ kind: 'ConfigMap', metadata: { name: 'argocd-cm' } }],
    } as const;
    expect(rendered({ ...minimal, source }).spec.source.kustomize).toEqual({
      patches: [{ patch: 'kind: ConfigMap\nmetadata:\n  name: argocd-cm\n' }],
    });
    expect(rendered({ ...minimal, source: { ...source, patches: [] } }).spec.source).not.toHaveProperty('kustomize');
  });
});
