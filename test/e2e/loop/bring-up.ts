import { render } from '../../../src/cli/render';
import { e2e } from '../../../src/clusters/e2e';
import type { ClusterData } from '../../../src/core/cluster';
import { argoCdPatches } from '../../../src/platform/operators/argo-cd';
import { workflowControllerSettings } from '../../../src/platform/operators/argo-workflows';
import { apply, get, kubectl, say, waitFor } from '../kubectl';
import { isNamespace } from '../platform';
import { run } from '../run';
import { refresh, waitUntilSynced } from './argo-cd';
import type { Credentials } from './credentials';
import { localName, type ProgramName, pushImage, trustRegistry, withEachImage } from './images';
import { makeNodeFolders } from './node-folders';
import { timed } from './report';
import { DIRECTORY, REGISTRY, type World } from './world';

/** What a person does for a new cluster, as `dist/<cluster>/bootstrap/README.md` says it. */
export async function bootstrap(world: World): Promise<void> {
  const { namespace, node, objects, repository } = world;
  say('bootstrap: folders, namespaces, Secrets, settings of the operators, the root Application');
  const folders = ['registry', 'training', 'dvc', 'models', 'reviews'].map((name) => `${DIRECTORY}/${name}`);
  await makeNodeFolders(namespace, node.name, folders, `${DIRECTORY}/reviews`);
  await apply(objects.filter(isNamespace));
  await createExternals(world.externals, world.credentials);
  // The repository server of the test cluster is no pod, so the ConfigMap with host keys does not reach it.
  const patch = ['--type', 'merge', '--patch', '{"stringData":{"insecure":"true"}}'];
  await kubectl(['patch', 'secret', 'platform-repository', '--namespace', 'argocd', ...patch]);
  // The cluster has its operators already, so their Applications are not rendered; this is what those would set.
  await apply(argoCdPatches.map((patch) => inNamespace(patch, 'argocd')));
  await apply(workflowControllerSettings.map((patch) => inNamespace(patch, 'argo')));
  const root = `${repository.folder}/dist/e2e/bootstrap/root`;
  await kubectl(['apply', '--server-side', '--force-conflicts', '--filename', root]);
}

function inNamespace<T extends { readonly metadata: object }>(object: T, namespace: string): T {
  return { ...object, metadata: { ...object.metadata, namespace } };
}

/** Runs the commands that the page lists, in a folder that has the files that they name. */
async function createExternals(externals: World['externals'], credentials: Credentials): Promise<void> {
  const { user, password } = credentials.registry;
  for (const { command, namespace } of externals) {
    if (!command) continue;
    const line = `${command.replace('--docker-username=USER', `--docker-username=${user}`)} --namespace ${namespace}`;
    await run('sh', ['-ec', line], { cwd: credentials.folder, env: { PASSWORD: password } });
  }
}

/** Creates what the cluster asks for beside what it has when its data changes. */
export async function createMissing(world: World, changes: Partial<ClusterData>): Promise<void> {
  const { externals, credentials, repository } = world;
  const settings = JSON.parse(repository.read('src/clusters/e2e.settings.json'));
  const images = repository.images();
  const [cluster] = render([{ ...e2e(settings, { images, models: repository.models() }), ...changes }]).clusters;
  const key = ({ namespace, name }: World['externals'][number]) => `${namespace}/${name}`;
  const known = new Set(externals.map(key));
  await createExternals(cluster?.externals.filter((one) => !known.has(key(one))) ?? [], credentials);
}

/** Pushes the images of this repository into the registry that the platform brought up. @returns their digests */
export async function pushImages({ credentials, node }: World): Promise<Record<ProgramName, string>> {
  await waitFor('the image registry is ready', 300, async () => {
    const [live] = await get('statefulset', 'registry', '--namespace', 'registry');
    return live?.status?.readyReplicas === 1 ? true : undefined;
  });
  await trustRegistry(REGISTRY, credentials, `https://${node.address}:30500`);
  const digests: [string, string][] = [];
  await withEachImage(async (name) => {
    digests.push([name, await pushImage(localName(name), `${REGISTRY}/${name}:e2e`, credentials)]);
    say(`  pushed ${name}`);
  });
  return Object.fromEntries(digests) as Record<ProgramName, string>;
}

/** From nothing but bootstrap to a platform that is Synced and Healthy, and its images pinned. */
export async function bringUp(world: World): Promise<void> {
  const { repository, report, applications } = world;
  let digests: Record<ProgramName, string> | undefined;
  const seconds = await timed(async () => {
    await bootstrap(world);
    digests = await pushImages(world);
    await waitUntilSynced(applications, await repository.head(), 480);
  });
  report.seconds('whole platform from nothing, images built before', seconds, 360);

  say('images are pinned by digest: a change is shipped');
  repository.pinImages(digests ?? {});
  const commit = await repository.commit('Pin the images by digest');
  report.seconds(
    'commit → Synced and Healthy',
    await timed(async () => {
      await refresh(...applications);
      await waitUntilSynced(applications, commit, 300);
    }),
  );
}

/** The reason for which the kubelet does not start a pod that has no credentials for the image registry. */
export async function pullWithoutSecret({ repository }: World): Promise<string> {
  const { ui } = repository.images();
  const namespace = 'inference-ui';
  const name = 'without-pull-secret';
  await apply([
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec: {
        automountServiceAccountToken: false,
        restartPolicy: 'Never',
        securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'main',
            image: `${REGISTRY}/ui@${ui.digest}`,
            imagePullPolicy: 'Always',
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          },
        ],
      },
    },
  ]);
  try {
    return await waitFor('the pull is refused', 60, async () => {
      const { stdout } = await kubectl([
        ...['get', 'events', '--namespace', namespace, '--output', 'json'],
        ...['--field-selector', `involvedObject.name=${name},reason=Failed`],
      ]);
      const messages: string[] = JSON.parse(stdout).items.map(({ message }: { message: string }) => message);
      return messages.find((message) => message.includes(REGISTRY));
    });
  } finally {
    await kubectl(['delete', 'pod', name, '--namespace', namespace, '--wait=false']);
  }
}
