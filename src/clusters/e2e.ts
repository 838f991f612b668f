import type { ClusterData, ModelPin } from '../core/cluster';
import { laptop } from './laptop';

/** What a cluster for tests is like; `npm run test:e2e` reads it from the cluster that it is given. */
export interface E2eSettings {
  /** The real node, as `kubectl get nodes` shows it. */
  readonly node: {
    readonly name: string;
    readonly address: string;
    readonly capacity: { readonly cpu: string; readonly memory: string; readonly ephemeralStorage: string };
  };
  readonly network: ClusterData['network'];
  /** Network of the pods, among them the Git server. */
  readonly podNetwork: string;
  /** Both repositories, as the repository server of Argo CD and pods reach them. */
  readonly repositories: { readonly platform: string; readonly model: string };
  readonly gatewayPorts: { readonly http: number; readonly https: number };
}

/** Everything that changes while the tests run: the lock files. */
export interface E2eLocks {
  readonly images: ClusterData['images'];
  readonly models: Readonly<Record<string, ModelPin>>;
}

const directory = '/var/lib/mlops-e2e';

/**
 * A cluster for `npm run test:e2e`, which brings its own operators and has no other storage than folders of its node.
 * What is not said here is as on `laptop`. It is in no list of clusters: the tests put it into the repository that they
 * make.
 */
export function e2e(settings: E2eSettings, { images, models }: E2eLocks): ClusterData {
  const { node } = settings;
  const folder = (name: string, size: string) =>
    ({ type: 'local', node: node.name, path: `${directory}/${name}`, size }) as const;
  const repository = (url: string) => ({
    url,
    revision: 'main',
    credentials: { from: 'existing' } as const,
    networks: [settings.podNetwork],
  });
  return {
    ...laptop,
    name: 'e2e',
    nodes: { [node.name]: { role: 'all', address: node.address, capacity: node.capacity } },
    network: settings.network,
    placements: { compute: { nodeSelector: { 'kubernetes.io/hostname': node.name } } },
    domain: 'e2e.internal',
    repositories: {
      platform: repository(settings.repositories.platform),
      model: repository(settings.repositories.model),
    },
    // Images that no registry serves here are put on the node itself.
    imagePullPolicy: 'IfNotPresent',
    imageRegistry: { ...laptop.imageRegistry, host: 'registry.e2e.internal' },
    gateway: {
      type: 'gateway',
      className: 'traefik',
      ports: settings.gatewayPorts,
      certificate: { from: 'existing' },
    },
    storage: {
      registry: folder('registry', '5Gi'),
      training: folder('training', '5Gi'),
      dvc: folder('dvc', '5Gi'),
      models: folder('models', '2Gi'),
    },
    dataset: { from: 'volume', volume: folder('reviews', '1Gi'), file: 'reviews.jsonl' },
    // Synthetic reviews say nothing about real ones: the bounds only tell a model from a coin.
    pipelines: {
      ...laptop.pipelines,
      gate: { metric: 'accuracy', op: '>=', value: -0.2, compareWith: 'served' },
      inferenceTest: { accuracy: 0.7, latencyMilliseconds: 1000 },
    },
    // The cluster has them already; the tests apply what this platform sets in Argo CD's and Argo Workflows' own.
    operators: {},
    images,
    models,
  };
}
