import type { z } from 'zod';
import { type Problem, throwIfAny } from '../problem';
import { clusterRules } from './rules';
import { type Cluster, clusterSchema } from './schema';

export { nodeLabels } from './rules';
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

function toProblems(cluster: string, issue: z.core.$ZodIssue): Problem[] {
  const where = [cluster, ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      where: `${where}.${key}`,
      what: 'there is no such setting',
      fix: 'remove it or correct its name',
    }));
  }
  const got = showable(issue.input);
  if (issue.code === 'custom')
    return [{ where, what: issue.message, got, fix: String(issue.params?.fix ?? 'correct the value') }];
  return [{ where, what: lowerFirst(issue.message), got, fix: fixFor(issue) }];
}

function fixFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `write one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return issue.input === undefined ? `add it (${issue.expected})` : `write a value of type ${issue.expected}`;
    case 'too_small':
      return `write at least ${issue.minimum}`;
    case 'too_big':
      return `write at most ${issue.maximum}`;
    default:
      return 'correct the value';
  }
}

/** Whole objects would bury the message. */
function showable(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? undefined : value;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
