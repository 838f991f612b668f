import type { ContainerProps, Mount } from '../constructs/container';
import { Secret } from '../constructs/secret';
import { temporaryVolume } from '../constructs/volumes/mountable';
import { credentialKeys, MODEL_REMOTE_KEYS, type ModelPin, type ModelRemote } from '../core/cluster';
import { ClusterScope, type Component } from '../core/component';
import type { Pods } from '../core/connections';
import { type Resources, resourceProfiles } from '../core/resources';
import { versioningOptions } from '../pipelines/git-access';
import { gitServers, serverOf } from './git-server';
import type { Storage } from './storage';

/** Where the folder of model versions is mounted. */
export const MODELS = '/models';

/** As DVC needs them, but the scheduler keeps what is asked for as long as the pod lives, and pulling takes a moment. */
const PULLING: Resources = {
  ...resourceProfiles.medium,
  requests: { ...resourceProfiles.medium.requests, cpu: resourceProfiles.small.requests.cpu },
};

/** Where the pods of a component find the version that they serve. */
export interface ModelFolder {
  /** What the serving container mounts at {@link MODELS}. */
  readonly mount: Mount;
  /** What must have run before it starts. */
  readonly initContainers?: readonly ContainerProps[];
  /** Lets the pods reach what they bring it from. */
  connect(pods: Pods): void;
}

/** The folder that all pods share and a promotion fills. */
export function sharedModels(component: Component, storage: Storage): ModelFolder {
  const volume = storage.claim(component, 'models', { readOnly: true });
  return { mount: { volume, path: MODELS, readOnly: true }, connect: () => undefined };
}

/**
 * A folder of each pod's own, filled before it serves: the version's commit from the model repository, its contents from
 * the DVC remote. Another digest than the pinned one is refused, and then the pod does not start.
 */
export function pulledModel(component: Component, model: string, pin: ModelPin, remote: ModelRemote): ModelFolder {
  const { cluster, connections } = ClusterScope.of(component);
  const repository = cluster.repositories.model;
  const volume = temporaryVolume('models', '1Gi');
  const remoteSecret = new Secret(component, 'ModelRemote', {
    name: 'model-remote-credentials',
    purpose: `lets the inference API read ${remote.url}`,
    keys: MODEL_REMOTE_KEYS,
    source: remote.credentials,
    command: 'kubectl create secret generic model-remote-credentials --from-file=credentials',
  });
  const git = gitAccess(component);
  return {
    mount: { volume, path: MODELS, readOnly: true },
    initContainers: [
      {
        name: 'pull',
        image: cluster.images.dvc,
        args: [
          'pull',
          ...git.options,
          ...['--remote', remote.url],
          ...(remote.endpoint ? ['--remote-endpoint', remote.endpoint] : []),
          ...['--name', model, '--version', pin.version, '--digest', pin.digest],
          ...['--output', `${MODELS}/${model}/${pin.version}`],
        ],
        environment: { AWS_SHARED_CREDENTIALS_FILE: '/secrets/remote/credentials' },
        resources: PULLING,
        mounts: [
          { volume, path: MODELS },
          { volume: temporaryVolume('tmp', '1Gi'), path: '/tmp' },
          { volume: remoteSecret.files('model-remote'), path: '/secrets/remote', readOnly: true },
          ...git.mounts,
        ],
      },
    ],
    connect(pods) {
      const read = { url: repository.url, networks: repository.networks };
      const store = serverOf(remote.endpoint ?? 'https://s3.amazonaws.com', remote.networks);
      for (const { port, addresses } of [...gitServers(read), store]) {
        for (const to of addresses) {
          connections.add({ from: pods, to, ports: [{ port }], description: 'brings the pinned version of the model' });
        }
      }
    },
  };
}

/** How the model repository is read: with the pipelines' credentials only when it is pushed to where it is read. */
function gitAccess(component: Component): { readonly options: readonly string[]; readonly mounts: readonly Mount[] } {
  const repository = ClusterScope.of(component).cluster.repositories.model;
  const { url, pushUrl = url, credentials } = repository;
  if (!credentials || pushUrl !== url) return { options: versioningOptions({ url }), mounts: [] };
  const keys = credentialKeys(repository);
  const name = 'model-repository-credentials';
  const files = new Secret(component, 'ModelRepository', {
    name,
    purpose: `lets the inference API read ${url}`,
    keys,
    source: credentials,
    command: `kubectl create secret generic ${name} ${keys.map((key) => `--from-file=${key}`).join(' ')}`,
  }).files(name);
  const type = keys.includes('token') ? 'token' : 'ssh';
  // Host keys stand where SSH looks for those of its user, whose home is /tmp.
  const hosts = { volume: files, path: '/tmp/.ssh', readOnly: true };
  return {
    options: versioningOptions({ url, credentials: { type } }),
    mounts: [{ volume: files, path: '/secrets/git', readOnly: true }, ...(type === 'ssh' ? [hosts] : [])],
  };
}
