import { describe, expect, test } from '@jest/globals';
import { homelab } from '../../../src/clusters/homelab';
import { laptop } from '../../../src/clusters/laptop';
import { type ClusterData, loadClusters } from '../../../src/core/cluster';

const problems = (...data: ClusterData[]): string => {
  try {
    loadClusters(data);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('addresses and hosts', () => {
  test('that fit each other are taken', () => {
    expect(problems(homelab, laptop)).toBe('');
  });

  test.each<[string, Partial<ClusterData>, string]>([
    [
      'a node outside the network of the nodes, which could not pull images',
      { network: { ...homelab.network, nodes: '10.0.0.0/24' } },
      'homelab.nodes.ubuntu1.address: is not in network.nodes (10.0.0.0/24)',
    ],
    [
      'an address in place of a network',
      { network: { ...homelab.network, nodes: '192.168.10.7/24' } },
      'write the first address of the network: 192.168.10.0/24',
    ],
    [
      'a domain that the image registry is not in, whose certificate would not fit',
      { domain: 'ml.example.org' },
      'homelab.imageRegistry.host: is no host directly below the domain',
    ],
    [
      'a NodePort of the Gateway that the image registry has',
      { imageRegistry: { ...homelab.imageRegistry, nodePort: 30443 } },
      'homelab.gateway.nodePorts: a port is used twice',
    ],
    [
      'a schedule with an hour that no day has',
      { imageRegistry: { ...homelab.imageRegistry, garbageCollection: '30 25 * * 0' } },
      'names the hour as something that is not * or from 0 to 23',
    ],
  ])('are refused: %s', (_, change, message) => {
    expect(problems({ ...homelab, ...change })).toContain(message);
  });

  test('that another cluster has are refused: a copy of a cluster needs its own', () => {
    const copy = { ...laptop, name: 'edge' };
    expect(problems(laptop, copy)).toContain('edge.imageRegistry.host: is that of the cluster laptop too');
    expect(problems(laptop, copy)).toContain(
      'edge.nodes.kind-control-plane.address: is that of the cluster laptop too',
    );
  });
});

test("an image that is named by a path alone is in the cluster's own registry", () => {
  const repositories = loadClusters([homelab, laptop]).map(({ images }) => [
    images.trainer.repository,
    images.kubectl.repository,
  ]);
  expect(repositories).toEqual([
    ['registry.homelab.internal:30500/trainer', 'registry.k8s.io/kubectl'],
    ['registry.laptop.internal:30500/trainer', 'registry.k8s.io/kubectl'],
  ]);
});
