import { describe, expect, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { render } from '../../src/cli/render';
import { homelab } from '../../src/clusters/homelab';
import type { ClusterData } from '../../src/core/cluster';
import { artifactStore, objectsIn, ownSteps, templateOf } from './templates';

describe('an artifact store', () => {
  const all = objectsIn({ ...homelab, ...ownSteps, artifactStore });
  const training = templateOf('train-new-model-version', { ...ownSteps, artifactStore });
  const testing = templateOf('train-and-inference-testing', { ...ownSteps, artifactStore });

  test('replaces the folder of the run: no step mounts the training volume, and none removes anything', () => {
    for (const template of [training, testing]) {
      expect(dump(template)).not.toMatch(/claimName: training|runs\/\{\{workflow/);
      expect(template.spec).not.toHaveProperty('onExit');
      expect(template.spec).toMatchObject({
        artifactRepositoryRef: { configMap: 'artifact-repositories', key: 'runs' },
      });
    }
    expect(
      all.filter(({ kind, metadata }) => kind === 'PersistentVolumeClaim' && metadata.name === 'training'),
    ).toEqual([]);
  });

  test('is named to Argo in each namespace that trains, with credentials that are not in Git', () => {
    const maps = all.filter(({ metadata }) => metadata.name === 'artifact-repositories');
    expect(maps.map(({ metadata }) => metadata.namespace).sort()).toEqual([
      'train-and-inference-testing',
      'train-new-model-version',
    ]);
    const { runs } = (maps[0] as unknown as { readonly data: { readonly runs: string } }).data;
    expect(load(runs)).toMatchObject({
      s3: {
        endpoint: 's3.example.org:9000',
        bucket: 'runs',
        insecure: false,
        accessKeySecret: { name: 'artifact-store-credentials', key: 'accessKey' },
      },
    });
  });

  test('is what the pods may reach, and nothing else of its network', () => {
    const policy = all.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'artifact-store');
    const { egress, podSelector } = (policy as Readonly<Record<string, unknown>>).spec as Readonly<
      Record<string, unknown>
    >;
    const dns = expect.objectContaining({ to: [expect.objectContaining({ namespaceSelector: expect.anything() })] });
    const store = { ports: [{ port: 9000, protocol: 'TCP' }], to: [{ ipBlock: { cidr: '192.168.10.0/24' } }] };
    expect(podSelector).toEqual({});
    expect(egress).toEqual([store, dns]);
    expect(objectsIn(homelab).filter(({ metadata }) => metadata.name === 'artifact-store')).toEqual([]);
  });

  test('brings each step what it takes', () => {
    const artifacts = (name: string) => {
      const { templates } = training.spec as { readonly templates: readonly Readonly<Record<string, unknown>>[] };
      const { inputs, outputs } = (templates.find((each) => each.name === name) ?? {}) as Record<
        'inputs' | 'outputs',
        { readonly artifacts?: readonly { readonly path: string; readonly optional?: boolean }[] } | undefined
      >;
      const paths = (ports: typeof inputs) =>
        (ports?.artifacts ?? []).map(({ path, optional }) => (optional ? `${path}?` : path));
      return [paths(inputs), paths(outputs)];
    };
    expect(artifacts('fetch')).toEqual([[], ['/work/fetched']]);
    expect(artifacts('prepare')).toEqual([['/work/fetched'], ['/work/data']]);
    expect(artifacts('train')).toEqual([['/work/data'], ['/work/candidate/model']]);
    expect(artifacts('evaluate')).toEqual([['/work/data', '/work/candidate/model'], ['/work/candidate']]);
    expect(artifacts('gate')).toEqual([
      ['/work/candidates/standard?', '/work/candidates/compact?', '/work/candidates/smooth?'],
      ['/work/candidates'],
    ]);
    expect(artifacts('version')).toEqual([['/work/candidates'], []]);
  });

  test('needs both keys of its credentials', () => {
    const credentials = { from: 'sealed', encryptedData: { accessKey: 'AgB' } } as const;
    const wrong = { ...homelab, artifactStore: { ...artifactStore, credentials } } as ClusterData;
    expect(() => render([wrong])).toThrow(/artifactStore\.credentials\.encryptedData: lacks the key secretKey/);
  });
});
