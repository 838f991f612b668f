import { privateRegistryHost } from '../image';
import { dnsLabelProblem } from '../names';
import { type Problem, throwIfAny } from '../problem';
import { toProblems } from './messages';
import { clusterRules } from './rules';
import { type Cluster, type ClusterData, clusterSchema } from './schema';

export { type ServingProgram, servingEnvironment, type TrainingProgram } from './model-programs';
export type { Gate, GitRepository, OwnStep } from './pipelines';
export { ARTIFACT_STORE_KEYS, credentialKeys, MODEL_REMOTE_KEYS, nodeLabels } from './rules';
export type { Cluster, ClusterData, ClusterNode, NamespaceName } from './schema';
export { namespaceNames } from './schema';

/** What of a cluster's data belongs to its model. */
export interface ModelData {
  readonly pipelines: Pick<ClusterData['pipelines'], 'training' | 'gate' | 'inferenceTest'>;
  readonly inference: Pick<ClusterData['inference'], 'model' | 'program'> &
    Partial<Pick<ClusterData['inference'], 'resources' | 'autoscale'>>;
}

export type {
  ArtifactStore,
  CertificateSource,
  Dataset,
  LocalVolume,
  ModelRemote,
  NfsVolume,
  SecretSource,
  VolumeSource,
} from './storage';
export type { GatewaySettings, ImageLock, ModelPin, Operator, Quota, Strategy } from './workloads';

/**
 * Validates the data of clusters.
 *
 * @throws InvalidInput with every mistake in every cluster; each names the path of the value.
 */
export function loadClusters(data: readonly unknown[]): Cluster[] {
  const problems: Problem[] = [];
  const clusters: Cluster[] = [];
  for (const [index, one] of data.entries()) {
    const parsed = clusterSchema.safeParse(one, { reportInput: true });
    if (parsed.success) {
      const cluster = withRegistryHost(parsed.data);
      clusters.push(cluster);
      problems.push(...clusterRules(cluster));
    } else {
      problems.push(...parsed.error.issues.flatMap((issue) => toProblems(nameOf(one, index), issue)));
    }
  }
  for (const [index, cluster] of clusters.entries()) {
    if (clusters.findIndex(({ name }) => name === cluster.name) < index) {
      problems.push({
        where: `${cluster.name}.name`,
        what: 'another cluster has this name',
        got: cluster.name,
        fix: 'give each cluster a name of its own',
      });
    }
  }
  problems.push(...sharedAddresses(clusters));
  throwIfAny(problems);
  return clusters;
}

/** Images that are named by a path alone are in the cluster's own image registry. */
function withRegistryHost(cluster: Cluster): Cluster {
  const host = privateRegistryHost(cluster);
  const images = Object.entries(cluster.images).map(([name, image]) => [
    name,
    hasHost(image.repository) ? image : { ...image, repository: `${host}/${image.repository}` },
  ]);
  return { ...cluster, images: Object.fromEntries(images) };
}

/** Container tools tell a host by its dot or port. */
function hasHost(repository: string): boolean {
  const [first = '', rest] = repository.split('/', 2);
  return rest !== undefined && (/[.:]/.test(first) || first === 'localhost');
}

/** Two clusters made from one file differ in name only, unless somebody thinks of the rest. */
function sharedAddresses(clusters: readonly Cluster[]): Problem[] {
  const owners = new Map<string, string>();
  return clusters.flatMap((cluster) => {
    const places: [string, string][] = [
      ['imageRegistry.host', cluster.imageRegistry.host],
      ...Object.entries(cluster.nodes).map(([name, { address }]): [string, string] => [
        `nodes.${name}.address`,
        address,
      ]),
    ];
    return places.flatMap(([path, value]) => {
      const owner = owners.get(value);
      if (owner === undefined || owner === cluster.name) {
        owners.set(value, cluster.name);
        return [];
      }
      return [
        {
          where: `${cluster.name}.${path}`,
          what: `is that of the cluster ${owner} too`,
          got: value,
          fix: 'write its own',
        },
      ];
    });
  });
}

function nameOf(data: unknown, index: number): string {
  const name = typeof data === 'object' && data !== null && 'name' in data ? data.name : undefined;
  return typeof name === 'string' && dnsLabelProblem(name) === undefined ? name : `clusters[${index}]`;
}
