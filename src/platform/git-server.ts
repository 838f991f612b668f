import type { GitRepository } from '../core/cluster';
import type { Addresses } from '../core/connections';

/** Networks that are nobody's on the internet; a step that may reach the internet may not reach these by it. */
const PRIVATE_NETWORKS = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ssh:': 22, 'git:': 9418 };

/** Where a server outside the cluster is. */
export interface Server {
  readonly port: number;
  readonly addresses: readonly Addresses[];
}

/**
 * The server of a URL: at its address when the URL names one, else in the given networks or on the internet, because
 * network policies know no names.
 */
export function serverOf(url: string, networks?: readonly string[]): Server {
  const { protocol, hostname, port } = new URL(url);
  const named = networks ?? (/^\d+(\.\d+){3}$/.test(hostname) ? [`${hostname}/32`] : ['0.0.0.0/0']);
  return {
    port: port ? Number(port) : (PORTS[protocol] ?? 443),
    addresses: named.map((cidr) => ({ cidr, ...(cidr === '0.0.0.0/0' && { except: PRIVATE_NETWORKS }) })),
  };
}

/** The servers of a repository, where it is read and where it is pushed; none for a folder. */
export function gitServers({
  url,
  pushUrl = url,
  networks,
}: Pick<GitRepository, 'url' | 'pushUrl' | 'networks'>): readonly Server[] {
  return [...new Set([url, pushUrl])]
    .filter((each) => !each.startsWith('file://'))
    .map((each) => {
      // git@host:path is SSH in another form.
      const scp = /^([\w.-]+@[\w.-]+):/.exec(each);
      return serverOf(scp && !each.includes('://') ? `ssh://${scp[1]}` : each, networks);
    });
}
