import { describe, expect, test } from '@jest/globals';
import { render } from '../../src/cli/render';
import { homelab } from '../../src/clusters/homelab';
import type { ClusterData } from '../../src/core/cluster';
import { type Manifest, objectsOf } from '../../src/render/model';

const digest = `sha256:${'0'.repeat(64)}`;
const remote = {
  url: 's3://models/dvc',
  endpoint: 'https://s3.example.org',
  credentials: { from: 'existing' },
} as const;
const pulling: ClusterData = {
  ...homelab,
  models: { sentiment: { version: 'v1.0.0', digest } },
  inference: { ...homelab.inference, modelRemote: remote },
  // The step that pulls takes more than the server that follows it.
  quotas: { ...homelab.quotas, inference: { cpu: '16', memory: '8Gi', ephemeralStorage: '8Gi', pods: 12 } },
};

function objects(data: ClusterData): Manifest[] {
  return render([data])
    .clusters.flatMap(objectsOf)
    .map(({ manifest }) => manifest);
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into objects of every kind
function inferencePod(data: ClusterData): any {
  const found = objects(data).find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'inference');
  if (!found) throw new Error('nothing is served');
  return (found.spec as { template: { spec: unknown } }).template.spec;
}

describe('a cluster that the folder of served models does not reach', () => {
  test('brings the pinned version into a folder of the pod, by its digest, before it serves', () => {
    const { initContainers, containers, volumes } = inferencePod(pulling);
    expect(initContainers).toHaveLength(1);
    const [{ args }] = initContainers;
    expect(args.join(' ')).toBe(
      `pull --repository ${homelab.repositories.model.url} --remote s3://models/dvc ` +
        '--remote-endpoint https://s3.example.org --name sentiment --version v1.0.0 ' +
        `--digest ${digest} --output /models/sentiment/v1.0.0`,
    );
    expect(volumes).toContainEqual({ name: 'models', emptyDir: { sizeLimit: '1Gi' } });
    const mount = { name: 'models', mountPath: '/models' };
    expect(initContainers[0].volumeMounts).toContainEqual(mount);
    expect(containers[0].volumeMounts).toEqual([{ ...mount, readOnly: true }]);
    expect(JSON.stringify(objects(pulling).filter(({ metadata }) => metadata.namespace === 'inference'))).not.toContain(
      'PersistentVolumeClaim',
    );
  });

  test('may reach the model repository and the remote, and names the Secret that it wants', () => {
    const policies = objects(pulling).filter(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.namespace === 'inference',
    );
    expect(JSON.stringify(policies)).toContain('"port":443');
    expect(JSON.stringify(inferencePod(pulling).volumes)).toContain('model-remote-credentials');
  });

  test('reads a repository that it is pushed to with the credentials of the pipelines', () => {
    const url = 'ssh://git@git.example.org/models.git';
    const model = { url, revision: 'main', credentials: { from: 'existing' } } as const;
    const [{ args, volumeMounts }] = inferencePod({
      ...pulling,
      repositories: { ...homelab.repositories, model },
    }).initContainers;
    expect(args.join(' ')).toContain(`--repository ${url} --ssh-key /secrets/git/ssh-privatekey`);
    expect(volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath)).toContain('/tmp/.ssh');
  });

  test('needs no credentials for a repository that anybody may read', () => {
    expect(JSON.stringify(inferencePod(pulling))).not.toContain('model-repository-credentials');
  });
});

test('a cluster with the folder mounts it and brings nothing', () => {
  const pod = inferencePod({ ...pulling, inference: homelab.inference });
  expect(pod.initContainers).toBeUndefined();
  expect(pod.volumes).toEqual([{ name: 'models', persistentVolumeClaim: { claimName: 'models', readOnly: true } }]);
});

test('a remote that is no bucket, and a sealed Secret without its key, are mistakes', () => {
  const wrong = (modelRemote: typeof remote | Record<string, unknown>) => () =>
    render([{ ...pulling, inference: { ...homelab.inference, modelRemote } } as ClusterData]);
  expect(wrong({ ...remote, url: '/srv/dvc' })).toThrow(/inference\.modelRemote\.url: is not a bucket with a path/);
  expect(wrong({ ...remote, credentials: { from: 'sealed', encryptedData: { other: 'x' } } })).toThrow(
    /inference\.modelRemote\.credentials\.encryptedData: lacks the key credentials/,
  );
});
