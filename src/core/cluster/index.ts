import { type Problem, throwIfAny } from '../problem';
import { toProblems } from './messages';
import { clusterRules } from './rules';
import { type Cluster, clusterSchema } from './schema';

export type { Gate, GitRepository } from './pipelines';
export { credentialKeys, nodeLabels } from './rules';
export type { Cluster, ClusterData, ClusterNode, NamespaceName } from './schema';
export { namespaceNames } from './schema';
export type { CertificateSource, Dataset, LocalVolume, NfsVolume, SecretSource, VolumeSource } from './storage';
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
      clusters.push(parsed.data);
      problems.push(...clusterRules(parsed.data));
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
  throwIfAny(problems);
  return clusters;
}

function nameOf(data: unknown, index: number): string {
  const name = typeof data === 'object' && data !== null && 'name' in data ? data.name : undefined;
  return typeof name === 'string' && name !== '' ? name : `clusters[${index}]`;
}
