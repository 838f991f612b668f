import { toYaml } from '../core/yaml';

/** Folders of the registry's container. */
export const registryPaths = {
  blobs: '/var/lib/registry',
  certificate: '/etc/registry/certificate',
  configuration: '/etc/registry/configuration',
  htpasswd: '/etc/registry/htpasswd',
} as const;

export const registryPorts = { https: 5000, debug: 5001 } as const;

/**
 * The registry's own configuration file: TLS, passwords, deletion.
 * @see https://distribution.github.io/distribution/about/configuration/
 */
export function registryConfiguration(): string {
  return toYaml({
    version: 0.1,
    log: { formatter: 'json', level: 'info' },
    storage: {
      filesystem: { rootdirectory: registryPaths.blobs },
      delete: { enabled: true },
      cache: { blobdescriptor: 'inmemory' },
    },
    http: {
      addr: `:${registryPorts.https}`,
      // Locations of uploads stay valid behind any host name or port.
      relativeurls: true,
      headers: { 'X-Content-Type-Options': ['nosniff'] },
      tls: { certificate: `${registryPaths.certificate}/tls.crt`, key: `${registryPaths.certificate}/tls.key` },
      debug: { addr: `:${registryPorts.debug}`, prometheus: { enabled: true, path: '/metrics' } },
    },
    auth: { htpasswd: { realm: 'registry', path: `${registryPaths.htpasswd}/htpasswd` } },
    health: { storagedriver: { enabled: true, interval: '10s', threshold: 3 } },
  });
}
