import { render } from '../../src/cli/render';
import { clusters } from '../../src/clusters';
import { type Cluster, loadClusters, nodeLabels } from '../../src/core/cluster';
import { readManifest } from '../../src/render/manifest';
import type { Manifest, RenderedCluster } from '../../src/render/model';
import type { Expected } from '../../src/verify';
import { fakeCluster } from './fake-cluster';

const rendering = render(clusters);
const dist = new Map(rendering.files.map(({ path, content }) => [path, content]));

/** A shipped cluster as `verify` expects it. */
export function expectedOf(name: string): Expected {
  const cluster = loadClusters(clusters).find((one) => one.name === name);
  const rendered = rendering.clusters.find((one) => one.name === name);
  if (!cluster || !rendered) throw new Error(`there is no cluster ${name}`);
  return { cluster, rendered, dist };
}

/** A fake of a shipped cluster on which everything is as it should be. */
export function healthy({ cluster, rendered }: Expected) {
  const files = [...dist].filter(([path]) => path.startsWith(`${cluster.name}/`) && !path.includes('/bootstrap/'));
  const synced = files.flatMap(([, content]) => readManifest(content) ?? []).map(asStored);
  return fakeCluster([...synced, ...nodes(cluster), ...programs(cluster), ...outside(rendered), storageClass]);
}

/** What the API server adds, and Argo CD's mark. */
function asStored(manifest: Manifest): Manifest {
  return {
    ...manifest,
    metadata: { ...manifest.metadata, uid: 'a', resourceVersion: '7', managedFields: [{}] } as Manifest['metadata'],
    status: { phase: 'fine' },
  };
}

function nodes(cluster: Cluster): Manifest[] {
  return Object.entries(cluster.nodes).map(([name, { address, capacity }]) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: nodeLabels(cluster, name) },
    spec: {},
    status: {
      addresses: [{ type: 'InternalIP', address }],
      allocatable: { cpu: capacity.cpu, memory: capacity.memory, 'ephemeral-storage': capacity.ephemeralStorage },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  }));
}

function programs({ versions }: Cluster): Manifest[] {
  const workload = (kind: string, namespace: string, name: string, image: string): Manifest => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace },
    spec: { template: { spec: { containers: [{ image }] } } },
  });
  return [
    workload('StatefulSet', 'argocd', 'argocd-application-controller', `quay.io/argoproj/argocd:v${versions.argoCd}.1`),
    workload('Deployment', 'argo', 'workflow-controller', `quay.io/argoproj/controller:v${versions.argoWorkflows}.2`),
  ];
}

function outside({ externals }: RenderedCluster): Manifest[] {
  return externals
    .filter(({ kind }) => kind === 'Secret' || kind === 'ConfigMap')
    .map(({ kind, name, namespace, keys }) => ({
      apiVersion: 'v1',
      kind,
      metadata: { name, namespace },
      data: Object.fromEntries(keys.map((key) => [key, 'hidden'])),
    }));
}

const storageClass: Manifest = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard' },
  provisioner: 'example.org/fake',
};
