import { describe, expect, test } from '@jest/globals';
import { render } from '../../src/cli/render';
import { homelab } from '../../src/clusters/homelab';
import { laptop } from '../../src/clusters/laptop';
import type { ClusterData } from '../../src/core/cluster';
import { InvalidInput } from '../../src/core/problem';
import { type Manifest, objectsOf } from '../../src/render/model';

const pin = { sentiment: { version: 'v1.0.0', digest: `sha256:${'0'.repeat(64)}` } };

function objects(data: ClusterData): Manifest[] {
  return render([data])
    .clusters.flatMap(objectsOf)
    .map(({ manifest }) => manifest);
}

function find(data: ClusterData, kind: string, name: string): Manifest | undefined {
  return objects(data).find((one) => one.kind === kind && one.metadata.name === name);
}

/** The value at a path such as `spec.template.spec.nodeSelector`. */
function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((one, key) => (one as Record<string, unknown> | undefined)?.[key], value);
}

describe('placement', () => {
  test('stands in the pod, where the scheduler reads it', () => {
    const deployment = find({ ...homelab, models: pin }, 'Deployment', 'inference');
    expect(at(deployment, 'spec.template.spec.nodeSelector')).toEqual({ 'kubernetes.io/hostname': 'ubuntu2' });
  });

  test('is gone everywhere when the prop is left out', () => {
    const everything = JSON.stringify(objects({ ...homelab, models: pin, placements: {} }));
    expect(everything).not.toContain('nodeSelector"');
  });

  test('on a node that the cluster does not have is an error that names the path', () => {
    const wrong = { ...homelab, placements: { compute: { nodeSelector: { 'kubernetes.io/hostname': 'ubuntu02' } } } };
    expect(() => render([wrong])).toThrow(/homelab\.placements\.compute\.nodeSelector: no node carries these labels/);
  });
});

describe('inference', () => {
  test('renders no workload while no version is pinned, and everything else', () => {
    const kinds = objects({ ...homelab, models: {} }).filter(({ metadata }) => metadata.namespace === 'inference');
    expect(kinds.map(({ kind }) => kind)).not.toContain('Deployment');
    expect(kinds.map(({ kind }) => kind)).toContain('PersistentVolumeClaim');
    expect(render([{ ...homelab, models: {} }]).warnings.map(({ where }) => where)).toContain(
      'homelab.models.sentiment',
    );
  });

  test('puts the digest into the pod template, so that a change of the pin is a rollout', () => {
    const deployment = find({ ...homelab, models: pin }, 'Deployment', 'inference');
    expect(at(deployment, 'spec.template.metadata.annotations')).toMatchObject({
      'mlops/model-digest': pin.sentiment.digest,
    });
  });

  test('leaves replicas to the autoscaler, and tells self-heal to do so', () => {
    const data = { ...homelab, models: pin };
    expect(at(find(data, 'Deployment', 'inference'), 'spec.replicas')).toBeUndefined();
    expect(at(find(data, 'Application', 'homelab-inference'), 'spec.ignoreDifferences')).toEqual([
      { group: 'apps', kind: 'Deployment', name: 'inference', jsonPointers: ['/spec/replicas'] },
    ]);
  });

  test('is an Argo Rollout with a preview host when its strategy is blue-green', () => {
    const data: ClusterData = {
      ...homelab,
      models: pin,
      inference: { ...homelab.inference, strategy: { type: 'blueGreen' } },
    };
    expect(at(find(data, 'Rollout', 'inference'), 'spec.strategy.blueGreen')).toMatchObject({
      activeService: 'inference',
      previewService: 'inference-preview',
      autoPromotionEnabled: false,
    });
    expect(at(find(data, 'HTTPRoute', 'inference-preview'), 'spec.hostnames')).toEqual([
      'preview-api.homelab.internal',
    ]);
    expect(at(find(data, 'HorizontalPodAutoscaler', 'inference'), 'spec.scaleTargetRef.kind')).toBe('Rollout');
    expect(find(data, 'Deployment', 'inference')).toBeUndefined();
  });

  test('mounts the folder of models read-only, by the pod and by the node', () => {
    const data = { ...homelab, models: pin };
    expect(JSON.stringify(find(data, 'Deployment', 'inference'))).toContain(
      '{"mountPath":"/models","name":"models","readOnly":true}',
    );
    expect(at(find(data, 'PersistentVolume', 'inference-models'), 'spec.nfs.readOnly')).toBe(true);
  });
});

describe('volumes', () => {
  const claims = (data: ClusterData) => objects(data).filter(({ kind }) => kind === 'PersistentVolumeClaim');

  test.each([homelab, laptop])('are bound in both directions and kept: $name', (data) => {
    for (const claim of claims(data)) {
      expect(claim.metadata.annotations).toEqual({ 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' });
      const name = at(claim, 'spec.volumeName');
      if (name === undefined) continue; // provisioned by a class of the cluster
      const volume = find(data, 'PersistentVolume', String(name));
      expect(at(volume, 'spec.claimRef')).toMatchObject({
        name: claim.metadata.name,
        namespace: claim.metadata.namespace,
      });
      expect(at(volume, 'spec.persistentVolumeReclaimPolicy')).toBe('Retain');
      expect(volume?.metadata.namespace).toBeUndefined();
    }
  });

  test('are folders of the one node, and none of NFS, on a laptop', () => {
    expect(JSON.stringify(objects(laptop))).not.toContain('"nfs"');
  });

  test('of the training need no volume of reviews when those come from a URL, but a way to it', () => {
    const data: ClusterData = { ...homelab, dataset: { from: 'url', url: 'https://example.org/reviews.csv' } };
    expect(claims(data).map(({ metadata }) => metadata.name)).not.toContain('dataset');
    const policy = objects(data).find(
      ({ kind, metadata }) =>
        kind === 'NetworkPolicy' &&
        metadata.namespace === 'train-new-model-version' &&
        metadata.name === 'reaches-dataset',
    );
    expect(JSON.stringify(policy)).toContain('{"cidr":"0.0.0.0/0","except":["10.0.0.0/8"');
  });
});

describe('Applications', () => {
  test('are one for each component, in projects that permit exactly what it holds', () => {
    const [cluster] = render([homelab]).clusters;
    const names = objects(homelab)
      .filter(({ kind }) => kind === 'Application')
      .map(({ metadata }) => metadata.name);
    const expected = cluster?.components
      .filter(({ name }) => name !== 'applications')
      .map(({ name }) => `homelab-${name}`);
    expect(names.sort()).toEqual([...(expected ?? []), 'homelab'].sort());
    const projects = objects(homelab).filter(({ kind }) => kind === 'AppProject');
    expect(JSON.stringify(projects.filter(({ metadata }) => metadata.name !== 'homelab-operators'))).not.toContain(
      '"*"',
    );
  });

  test('never delete what holds data or what others stand on', () => {
    for (const name of ['storage', 'namespaces', 'registry', 'argo-cd', 'cert-manager']) {
      expect(find(homelab, 'Application', `homelab-${name}`)?.metadata).not.toHaveProperty('finalizers');
    }
    expect(find(homelab, 'Application', 'homelab-inference-ui')?.metadata).toHaveProperty('finalizers');
  });

  test('leave out operators that the cluster does not want', () => {
    const { traefik: _, ...operators } = homelab.operators;
    expect(find({ ...homelab, operators }, 'Application', 'homelab-traefik')).toBeUndefined();
    expect(find({ ...homelab, operators }, 'GatewayClass', 'traefik')).toBeUndefined();
  });
});

describe('the image registry', () => {
  test('takes uploads of any size through ingress-nginx too', () => {
    const data: ClusterData = {
      ...laptop,
      gateway: { type: 'ingress-nginx', className: 'nginx', certificate: { from: 'existing' } },
    };
    expect(find(data, 'Ingress', 'registry')?.metadata.annotations).toMatchObject({
      'nginx.ingress.kubernetes.io/proxy-body-size': '0',
      'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
      'nginx.ingress.kubernetes.io/proxy-request-buffering': 'off',
      'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
    });
    expect(find(data, 'Gateway', 'public')).toBeUndefined();
  });

  test('reads its secrets from wherever the cluster keeps them, and none is in Git', () => {
    const data: ClusterData = {
      ...homelab,
      imageRegistry: {
        ...homelab.imageRegistry,
        htpasswd: { from: 'sealed', encryptedData: { htpasswd: 'AgBy3i4OJSWK' } },
        pullSecret: {
          from: 'external',
          store: { kind: 'ClusterSecretStore', name: 'vault' },
          paths: { '.dockerconfigjson': 'registry/pull' },
        },
      },
    };
    expect(find(data, 'SealedSecret', 'registry-htpasswd')).toBeDefined();
    expect(find(data, 'ExternalSecret', 'registry-pull')).toBeDefined();
    const secrets = objects(data).filter(({ kind }) => kind === 'Secret');
    for (const secret of secrets) expect(Object.keys(secret)).not.toEqual(expect.arrayContaining(['data']));
    for (const secret of secrets) expect(Object.keys(secret)).not.toEqual(expect.arrayContaining(['stringData']));
  });

  test('collects garbage only while nothing can be written: before it serves, in its own pod', () => {
    const registry = find(homelab, 'StatefulSet', 'registry');
    expect(JSON.stringify(at(registry, 'spec.template.spec.initContainers'))).toContain('garbage-collect');
    expect(JSON.stringify(find(homelab, 'CronJob', 'registry-garbage-collection'))).not.toContain('garbage-collect /');
    expect(at(find(homelab, 'Role', 'registry-garbage-collection'), 'rules')).toEqual([
      { apiGroups: [''], resources: ['pods'], resourceNames: ['registry-0'], verbs: ['get', 'delete'] },
    ]);
  });
});

test('mistakes in several clusters are reported together, each with its path', () => {
  let problems: readonly { where: string }[] = [];
  try {
    render([
      { ...homelab, domain: 'Home Lab' },
      { ...laptop, storage: { ...laptop.storage, dvc: { type: 'local', node: 'nowhere', path: '/srv', size: '1Gi' } } },
    ]);
  } catch (error) {
    problems = error instanceof InvalidInput ? error.problems : [];
  }
  expect(problems.map(({ where }) => where)).toEqual(['homelab.domain', 'laptop.storage.dvc.node']);
});
