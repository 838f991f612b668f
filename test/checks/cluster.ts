import { homelab } from '../../src/clusters/homelab';
import { type Cluster, loadClusters } from '../../src/core/cluster';

/** Three nodes, of which ubuntu2 computes and has a GPU. What the fixtures rely on is stated here. */
function fixtureCluster(): Cluster {
  const [cluster] = loadClusters([
    {
      ...homelab,
      name: 'fixture',
      versions: { kubernetes: '1.34', argoCd: '3.2', argoWorkflows: '3.7' },
      nodes: {
        ubuntu1: {
          role: 'control',
          address: '192.168.10.101',
          capacity: { cpu: '4', memory: '8Gi', ephemeralStorage: '60Gi' },
        },
        ubuntu2: {
          role: 'compute',
          address: '192.168.10.102',
          capacity: { cpu: '8', memory: '32Gi', ephemeralStorage: '200Gi', accelerators: { 'nvidia.com/gpu': 1 } },
          labels: { disk: 'fast' },
        },
        ubuntu3: {
          role: 'storage',
          address: '192.168.10.103',
          capacity: { cpu: '4', memory: '8Gi', ephemeralStorage: '60Gi' },
        },
      },
      repositories: {
        ...homelab.repositories,
        platform: { url: 'https://git.example.org/platform.git', revision: 'main' },
      },
    },
  ]);
  if (!cluster) throw new Error('the fixture cluster is not valid');
  return cluster;
}

export const cluster = fixtureCluster();
