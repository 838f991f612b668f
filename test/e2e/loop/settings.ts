import type { E2eSettings } from '../../../src/clusters/e2e';
import { get } from '../kubectl';
import type { GitServer } from './git-server';

/** What the tests must know of the cluster before anything is in it. */
export interface RealNode {
  readonly name: string;
  readonly address: string;
  readonly capacity: { readonly cpu: string; readonly memory: string; readonly ephemeralStorage: string };
}

/** The node on which pods really run; nodes that a simulator answers for say so by a taint. */
export async function realNode(): Promise<RealNode> {
  const nodes = await get('nodes');
  const node = nodes.find(({ spec, status }) => {
    const taints: { key: string; effect: string }[] = spec.taints ?? [];
    const ready = status.conditions.some(
      (one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True',
    );
    return ready && !taints.some(({ key }) => key === 'test-cluster/fake');
  });
  if (!node) throw new Error('the cluster has no node that is ready and real');
  const { cpu, memory, 'ephemeral-storage': ephemeralStorage } = node.status.allocatable;
  const address = node.status.addresses.find(({ type }: { type: string }) => type === 'InternalIP')?.address;
  return { name: node.metadata.name, address, capacity: { cpu, memory, ephemeralStorage } };
}

/** Describes a cluster for `src/clusters/e2e.ts`. */
export async function settingsOf(node: RealNode, server: GitServer): Promise<E2eSettings> {
  const [slice] = await get(
    'endpointslices',
    '--namespace',
    'default',
    '--selector',
    'kubernetes.io/service-name=kubernetes',
  );
  const apiServer: string = slice?.endpoints[0].addresses[0];
  const [http = 80, https = 443] = (process.env.E2E_GATEWAY_PORTS ?? '80,443').split(',').map(Number);
  return {
    node,
    network: { nodes: networkOf(node.address), apiServer: { cidr: `${apiServer}/32`, port: slice?.ports[0].port } },
    podNetwork: networkOf(server.podAddress),
    repositories: { platform: server.url('platform'), model: server.url('models') },
    gatewayPorts: { http, https },
  };
}

/** The 256 addresses around one: clusters for tests have no larger networks. */
function networkOf(address: string): string {
  return `${address.split('.').slice(0, 3).join('.')}.0/24`;
}
