import type { Problem } from '../problem';
import { modelProgramRules } from './model-program-rules';
import { networkRules } from './network-rules';
import type { GitRepository } from './pipelines';
import type { Cluster } from './schema';
import type { CertificateSource, SecretSource, VolumeSource } from './storage';

/** A problem whose `where` is the path of the value below the cluster's name. */
export type At = (path: string, what: string, got: unknown, fix: string) => Problem;

/** What a schema cannot say: values that must fit each other. */
export function clusterRules(cluster: Cluster): Problem[] {
  const at: At = (path, what, got, fix) => ({ where: `${cluster.name}.${path}`, what, got, fix });
  return [
    ...nodeRules(cluster, at),
    ...networkRules(cluster),
    ...placementRules(cluster, at),
    ...volumeRules(cluster, at),
    ...repositoryRules(cluster, at),
    ...scalingRules(cluster, at),
    ...modelRules(cluster, at),
    ...modelProgramRules(cluster, at),
    ...gatewayRules(cluster, at),
    ...secretRules(cluster, at),
  ];
}

/** Labels of a node, with the one that Kubernetes adds. */
export function nodeLabels(cluster: Pick<Cluster, 'nodes'>, name: string): Record<string, string> {
  return { 'kubernetes.io/hostname': name, ...cluster.nodes[name]?.labels };
}

function nodeRules({ nodes }: Cluster, at: At): Problem[] {
  if (Object.keys(nodes).length === 0) return [at('nodes', 'there is none', undefined, 'describe at least one node')];
  const owners = new Map<string, string>();
  return Object.entries(nodes).flatMap(([name, { address }]) => {
    const owner = owners.get(address);
    owners.set(address, name);
    if (owner === undefined) return [];
    return [at(`nodes.${name}.address`, `is the address of ${owner} too`, address, 'give each node its own')];
  });
}

function placementRules(cluster: Cluster, at: At): Problem[] {
  return Object.entries(cluster.placements).flatMap(([name, placement]) => {
    const selector = Object.entries(placement?.nodeSelector ?? {});
    if (selector.length === 0) return [];
    const path = `placements.${name}.nodeSelector`;
    const fits = Object.keys(cluster.nodes).some((node) => {
      const labels = nodeLabels(cluster, node);
      return selector.every(([key, value]) => labels[key] === value);
    });
    if (fits) return [];
    const known = Object.keys(cluster.nodes).join(', ');
    return [
      at(
        path,
        'no node carries these labels',
        placement?.nodeSelector,
        `select a label of one of the nodes ${known}, or add it to nodes.NAME.labels`,
      ),
    ];
  });
}

function volumeRules(cluster: Cluster, at: At): Problem[] {
  const volumes: [string, VolumeSource][] = Object.entries(cluster.storage).map(([name, volume]) => [
    `storage.${name}`,
    volume,
  ]);
  if (cluster.dataset.from === 'volume') volumes.push(['dataset.volume', cluster.dataset.volume]);
  const known = Object.keys(cluster.nodes).join(', ');
  const problems = volumes.flatMap(([path, volume]) => {
    const [key, node] =
      volume.type === 'local' ? ['node', volume.node] : volume.type === 'nfs' ? ['server', volume.server] : [];
    if (node === undefined || cluster.nodes[node]) return [];
    return [at(`${path}.${key}`, 'there is no such node', node, `name one of ${known}`)];
  });
  const owners = new Map<string, string>();
  for (const [path, volume] of volumes) {
    if (volume.type === 'class') continue;
    const place = `${volume.type === 'local' ? volume.node : volume.server}:${volume.path}`;
    const owner = owners.get(place);
    if (owner)
      problems.push(
        at(`${path}.path`, `is the folder of ${owner} too`, volume.path, 'give each volume a folder of its own'),
      );
    owners.set(place, path);
  }
  return problems;
}

function repositoryRules(cluster: Cluster, at: At): Problem[] {
  const { platform, model } = cluster.repositories;
  const problems = credentialProblems(cluster, at);
  if (platform.url !== model.url) return problems;
  return [
    ...problems,
    at(
      'repositories.model.url',
      'is the platform repository',
      model.url,
      'keep model versions in a repository of their own: their tags and commits must not trigger syncs',
    ),
  ];
}

/** The deployer pushes with a key; only SSH and https know credentials at all. */
function credentialProblems({ repositories }: Cluster, at: At): Problem[] {
  return Object.entries(repositories).flatMap(([name, { url, pushUrl = url, credentials }]) => {
    if (!credentials) return [];
    const ssh = pushUrl.startsWith('ssh://') || /^[\w.-]+@/.test(pushUrl);
    if (ssh || (name === 'model' && pushUrl.startsWith('https://'))) return [];
    return [
      at(
        `repositories.${name}.pushUrl`,
        'is no URL for which there are credentials',
        pushUrl,
        'write a URL such as ssh://git@git.example.org/you/repository.git',
      ),
    ];
  });
}

function scalingRules(cluster: Cluster, at: At): Problem[] {
  const { minReplicas, maxReplicas } = cluster.inference.autoscale;
  const problems: Problem[] = [];
  if (minReplicas > maxReplicas) {
    problems.push(
      at(
        'inference.autoscale.maxReplicas',
        `is below minReplicas (${minReplicas})`,
        maxReplicas,
        `set at least ${minReplicas}`,
      ),
    );
  }
  return problems;
}

function modelRules(cluster: Cluster, at: At): Problem[] {
  return Object.keys(cluster.models)
    .filter((name) => name !== cluster.inference.model)
    .map((name) =>
      at(
        `models.${name}`,
        'nothing serves this model',
        name,
        `remove the pin, or set inference.model to it (it is ${cluster.inference.model})`,
      ),
    );
}

function gatewayRules({ gateway, imageRegistry, privateCertificateAuthority, operators }: Cluster, at: At): Problem[] {
  const problems: Problem[] = [];
  if (gateway.type === 'gateway' && gateway.ports.http === gateway.ports.https) {
    problems.push(at('gateway.ports.https', 'is the port of http too', gateway.ports.https, 'give each its own port'));
  }
  const taken = gateway.type === 'gateway' ? Object.values(gateway.nodePorts ?? {}) : [];
  if (new Set([...taken, imageRegistry.nodePort]).size <= taken.length) {
    const fix = 'give the listeners and the image registry ports of their own';
    problems.push(at('gateway.nodePorts', 'a port is used twice', [...taken, imageRegistry.nodePort], fix));
  }
  if (privateCertificateAuthority && !operators.certManager) {
    problems.push(
      at(
        'privateCertificateAuthority',
        'takes cert-manager, which this cluster does not install',
        true,
        'add operators.certManager, or leave it out and name another issuer',
      ),
    );
  }
  return problems;
}

/** Keys of the Secret with which pipelines get into a repository. */
export function credentialKeys({ url, pushUrl = url }: GitRepository): readonly [string, ...string[]] {
  return pushUrl.startsWith('https://') ? ['token'] : ['ssh-privatekey', 'known_hosts'];
}

/** Keys of the Secret with which pods reach the artifact store. */
export const ARTIFACT_STORE_KEYS = ['accessKey', 'secretKey'] as const;

/** Key of the Secret with which pods read the DVC remote. */
export const MODEL_REMOTE_KEYS = ['credentials'] as const;

/** A Secret that lacks a key starts no pod, and says so only there. */
function secretRules(
  { imageRegistry, gateway, repositories, artifactStore, inference, pipelines }: Cluster,
  at: At,
): Problem[] {
  const certificate = ['tls.crt', 'tls.key'];
  const sources: [string, SecretSource | CertificateSource, readonly string[]][] = [
    ['imageRegistry.htpasswd', imageRegistry.htpasswd, ['htpasswd']],
    ['imageRegistry.pullSecret', imageRegistry.pullSecret, ['.dockerconfigjson']],
    ['imageRegistry.certificate', imageRegistry.certificate, certificate],
    ['gateway.certificate', gateway.certificate, certificate],
    ...(pipelines.pullRequest?.token
      ? [['pipelines.pullRequest.token', pipelines.pullRequest.token, ['token']] as (typeof sources)[number]]
      : []),
    ...(artifactStore
      ? [['artifactStore.credentials', artifactStore.credentials, ARTIFACT_STORE_KEYS] as (typeof sources)[number]]
      : []),
    ...(inference.modelRemote
      ? [
          [
            'inference.modelRemote.credentials',
            inference.modelRemote.credentials,
            MODEL_REMOTE_KEYS,
          ] as (typeof sources)[number],
        ]
      : []),
    ...Object.entries(repositories).flatMap(([name, repository]): typeof sources =>
      repository.credentials
        ? [[`repositories.${name}.credentials`, repository.credentials, credentialKeys(repository)]]
        : [],
    ),
  ];
  return sources.flatMap(([path, source, keys]) => {
    if (source.from !== 'sealed' && source.from !== 'external') return [];
    const [field, values] =
      source.from === 'sealed' ? ['encryptedData', source.encryptedData] : ['paths', source.paths];
    return keys
      .filter((key) => !Object.hasOwn(values, key))
      .map((key) => at(`${path}.${field}`, `lacks the key ${key}`, undefined, `add ${key}`));
  });
}
