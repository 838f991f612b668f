import type { Mount } from '../argo-workflows/language';
import type { GitAccess } from './environment';

const SECRET = '/secrets/git';
const KEY = `${SECRET}/ssh-privatekey`;

/** Options of the versioning program: which repository, and what to get in with. */
export function versioningOptions({
  url,
  credentials,
}: {
  readonly url: string;
  readonly credentials?: { readonly type: 'ssh' | 'token' } | undefined;
}): readonly string[] {
  const option = { ssh: ['--ssh-key', KEY], token: ['--token-file', `${SECRET}/token`] };
  return ['--repository', url, ...(credentials ? option[credentials.type] : [])];
}

/** Options of the deployer, which knows SSH only. */
export function deployerOptions({ url, branch, credentials }: GitAccess & { readonly branch: string }) {
  const key = credentials ? ['--key-file', KEY, '--known-hosts-file', `${SECRET}/known_hosts`] : [];
  return ['--repository', url, '--branch', branch, ...key];
}

/** The files that those options name; host keys stand where every SSH client looks for them. */
export function gitMounts({ credentials }: GitAccess): readonly Mount<never>[] {
  if (!credentials) return [];
  const { files: volume, type } = credentials;
  const hosts = { volume, path: '/etc/ssh/ssh_known_hosts', subPath: 'known_hosts', readOnly: true };
  return [{ volume, path: SECRET, readOnly: true }, ...(type === 'ssh' ? [hosts] : [])];
}

/** The files of a second repository, and the environment with which Git itself reads it. */
export function readingAccess({ credentials, isPrivate }: GitAccess): {
  readonly mounts: readonly Mount<never>[];
  readonly env: Readonly<Record<string, string>>;
} {
  if (!isPrivate || credentials?.type !== 'ssh') return { mounts: [], env: {} };
  const path = '/secrets/model-repository';
  const ssh = `ssh -i ${path}/ssh-privatekey -o UserKnownHostsFile=${path}/known_hosts`;
  return {
    mounts: [{ volume: credentials.files, path, readOnly: true }],
    env: { GIT_SSH_COMMAND: `${ssh} -o IdentitiesOnly=yes -o BatchMode=yes` },
  };
}

/** Environment with which Git itself, started by another program, gets in. */
export function gitEnvironment({ credentials }: GitAccess): Readonly<Record<string, string>> {
  return credentials?.type === 'ssh' ? { GIT_SSH_COMMAND: `ssh -i ${KEY} -o IdentitiesOnly=yes -o BatchMode=yes` } : {};
}
