import type { Problem } from '../problem';
import type { Cluster } from './schema';

/** Addresses and hosts that must fit each other; policies, routes and certificates are made from them. */
export function networkRules({ name, nodes, network, domain, imageRegistry, gateway }: Cluster): Problem[] {
  const at = (path: string, what: string, got: unknown, fix: string): Problem => ({
    where: `${name}.${path}`,
    what,
    got,
    fix,
  });
  const problems: Problem[] = [];
  const { first, last } = range(network.nodes);
  if (numberOf(network.nodes) !== first) {
    const fix = `write the first address of the network: ${textOf(first)}/${network.nodes.split('/')[1]}`;
    problems.push(at('network.nodes', 'is an address within a network', network.nodes, fix));
  }
  for (const [node, { address }] of Object.entries(nodes)) {
    const number = numberOf(address);
    if (number >= first && number <= last) continue;
    const fix = 'widen network.nodes or correct the address: nodes outside could not pull images';
    problems.push(at(`nodes.${node}.address`, `is not in network.nodes (${network.nodes})`, address, fix));
  }
  if (gateway.type === 'gateway' && !isBelow(imageRegistry.host, domain)) {
    const fix = `write registry.${domain}: the Gateway has one certificate, for *.${domain}`;
    problems.push(at('imageRegistry.host', 'is no host directly below the domain', imageRegistry.host, fix));
  }
  return problems;
}

/** A wildcard certificate is for one more label, not for several. */
function isBelow(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`) && !host.slice(0, -domain.length - 1).includes('.');
}

function range(cidr: string): { first: number; last: number } {
  const size = 2 ** (32 - Number(cidr.split('/')[1]));
  const first = Math.floor(numberOf(cidr) / size) * size;
  return { first, last: first + size - 1 };
}

function numberOf(address: string): number {
  const [host = ''] = address.split('/');
  return host.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');
}
