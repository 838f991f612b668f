import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run';

/** What a person brings to a new cluster, made for one run of the tests: files by the names that `bootstrap/` expects. */
export interface Credentials {
  readonly folder: string;
  /** Who may push to and pull from the image registry. */
  readonly registry: { readonly user: string; readonly password: string };
  /** Certificate of the authority that signed the certificates, as PEM. */
  readonly authority: string;
  readonly read: (name: string) => string;
}

/** Makes keys and certificates in a folder, for these host names and addresses. */
export async function makeCredentials(
  folder: string,
  names: { readonly hosts: readonly string[]; readonly addresses: readonly string[] },
): Promise<Credentials> {
  const openssl = (...args: readonly string[]) => run('openssl', args, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=mlops-e2e', '-keyout', 'ca.key', '-out', 'ca.crt');
  await openssl('req', '-new', ...key, '-subj', '/CN=platform', '-keyout', 'tls.key', '-out', 'tls.csr');
  const alternatives = [
    ...names.hosts.map((host) => `DNS:${host}`),
    ...names.addresses.map((address) => `IP:${address}`),
  ];
  writeFileSync(join(folder, 'extensions'), `subjectAltName=${alternatives.join(',')}\n`);
  const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'extensions'];
  await openssl('x509', '-req', '-in', 'tls.csr', ...signing, '-out', 'tls.crt');

  for (const name of ['ssh-privatekey', 'host-key']) {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'mlops-e2e', '-f', name], { cwd: folder });
  }
  const user = 'ada';
  const password = randomBytes(12).toString('hex');
  // The program takes the password from its standard input, so that no list of processes shows it.
  const hash = await run('htpasswd', ['-niB', user], { input: password });
  writeFileSync(join(folder, 'htpasswd'), hash);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { folder, registry: { user, password }, authority: read('ca.crt'), read };
}

/** Tells the keys of the Git server's host by the address that pods and Argo CD know it by. */
export function writeKnownHosts({ folder, read }: Credentials, address: string, port: number): void {
  const [type, key] = read('host-key.pub').split(' ');
  writeFileSync(join(folder, 'known_hosts'), `[${address}]:${port} ${type} ${key}\n`);
}
