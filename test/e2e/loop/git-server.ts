import { apply, get, kubectl, waitFor } from '../kubectl';
import { run } from '../run';
import { type Credentials, writeKnownHosts } from './credentials';
import { STAND_IN } from './stand-in';

const NAME = 'git-server';
const PORT = 2222;

/** A Git server in the cluster: one address for Argo CD, for pods, and, through kubectl, for the tests. */
export interface GitServer {
  readonly namespace: string;
  /** URL of a repository by SSH. */
  readonly url: (name: string) => string;
  /** URL of the same repository for Git on this machine, through the API server. */
  readonly remote: (name: string) => string;
  /** Address of its pod. */
  readonly podAddress: string;
}

export async function startGitServer(
  namespace: string,
  credentials: Credentials,
  repositories: readonly string[],
): Promise<GitServer> {
  const labels = { 'app.kubernetes.io/name': NAME };
  const metadata = { name: NAME, namespace };
  await apply([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      stringData: {
        'host-key': credentials.read('host-key'),
        'authorized-keys': credentials.read('ssh-privatekey.pub'),
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, labels },
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001, runAsNonRoot: true },
        containers: [
          {
            name: 'sshd',
            image: STAND_IN,
            imagePullPolicy: 'IfNotPresent',
            readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
            volumeMounts: [
              { name: 'repositories', mountPath: '/srv/git' },
              { name: 'secrets', mountPath: '/secrets', readOnly: true },
            ],
          },
        ],
        volumes: [
          { name: 'repositories', emptyDir: {} },
          { name: 'secrets', secret: { secretName: NAME, defaultMode: 0o440 } },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ port: PORT, targetPort: PORT }] },
    },
  ]);
  const pod = await waitFor('the Git server is ready', 120, async () => {
    const [live] = await get('pod', NAME, '--namespace', namespace);
    return live?.status?.containerStatuses?.[0]?.ready ? live : undefined;
  });
  for (const name of repositories) {
    const init = ['git', 'init', '--quiet', '--bare', '--initial-branch=main', `/srv/git/${name}.git`];
    await kubectl(['exec', '--namespace', namespace, NAME, '--', ...init]);
  }
  const [service] = await get('service', NAME, '--namespace', namespace);
  const address: string = service?.spec.clusterIP;
  writeKnownHosts(credentials, address, PORT);
  return {
    namespace,
    url: (name) => `ssh://git@${address}:${PORT}/srv/git/${name}.git`,
    remote: (name) => `ext::kubectl exec --stdin --namespace ${namespace} ${NAME} -- %S /srv/git/${name}.git`,
    podAddress: pod.status.podIP,
  };
}

/** Git on this machine, which may reach the server through the API server. */
export function git(folder: string, ...args: readonly string[]): Promise<string> {
  const person = ['-c', 'user.name=e2e', '-c', 'user.email=e2e@localhost'];
  return run('git', ['-c', 'protocol.ext.allow=always', ...person, ...args], { cwd: folder });
}
