import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ImageLock } from '../core/cluster';
import { InvalidInput } from '../core/problem';

/** What an image can be: for several platforms first, whose digest is the same on every node. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** User and password for a registry, as `docker login` keeps them; undefined when there are none. */
export type Credentials = (host: string) => string | undefined;

/**
 * Asks an image's registry for the digest that its tag stands for now.
 *
 * @see https://distribution.github.io/distribution/spec/api/#pulling-an-image-manifest
 * @throws InvalidInput when the registry cannot be reached, refuses, or has no such image
 */
export async function readImageDigest(
  { repository, tag }: ImageLock,
  credentials: Credentials = dockerCredentials,
): Promise<string> {
  const slash = repository.indexOf('/');
  const [host, name] = [repository.slice(0, slash), repository.slice(slash + 1)];
  const url = `https://${host === 'docker.io' ? 'registry-1.docker.io' : host}/v2/${name}/manifests/${tag}`;
  const refuse = (what: string, fix: string) => new InvalidInput([{ where: `${repository}:${tag}`, what, fix }]);

  const ask = async (authorization?: string) => {
    try {
      return await fetch(url, { headers: { accept: MANIFESTS.join(', '), ...(authorization && { authorization }) } });
    } catch (error) {
      const reason = (error as { cause?: { code?: string; message?: string } }).cause;
      throw refuse(
        `its registry does not answer (${reason?.code ?? reason?.message ?? 'no connection'})`,
        'check its name, the network, and NODE_EXTRA_CA_CERTS for a private authority',
      );
    }
  };
  let response = await ask();
  if (response.status === 401) {
    const authorization = await authorize(response.headers.get('www-authenticate') ?? '', credentials(host));
    if (authorization) response = await ask(authorization);
  }
  if (response.status === 401 || response.status === 403)
    throw refuse('its registry refuses the credentials', `run "docker login ${host}"`);
  if (response.status === 404) throw refuse('its registry has no such image', 'push it, or correct the lock file');
  if (!response.ok) throw refuse(`its registry answered ${response.status}`, 'try again later');
  return `sha256:${createHash('sha256')
    .update(new Uint8Array(await response.arrayBuffer()))
    .digest('hex')}`;
}

/** Answers a challenge: with a token of the server that it names, or with the password itself. */
async function authorize(challenge: string, login: string | undefined): Promise<string | undefined> {
  const basic = login && `Basic ${login}`;
  if (!/^bearer /i.test(challenge)) return basic;
  const fields = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  if (!fields.realm) return undefined;
  const url = new URL(fields.realm);
  for (const key of ['service', 'scope'] as const) if (fields[key]) url.searchParams.set(key, fields[key]);
  const response = await fetch(url, { headers: basic ? { authorization: basic } : {} });
  if (!response.ok) return undefined;
  const { token, access_token } = (await response.json()) as { token?: string; access_token?: string };
  return (token ?? access_token) && `Bearer ${token ?? access_token}`;
}

/** What `docker login` has written down; a credential helper is a program, which is not run. */
function dockerCredentials(host: string): string | undefined {
  const file = join(process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'config.json');
  try {
    const { auths = {} } = JSON.parse(readFileSync(file, 'utf8')) as { auths?: Record<string, { auth?: string }> };
    return auths[host === 'docker.io' ? 'https://index.docker.io/v1/' : host]?.auth;
  } catch {
    return undefined;
  }
}
