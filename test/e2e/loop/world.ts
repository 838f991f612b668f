import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { render } from '../../../src/cli/render';
import { e2e } from '../../../src/clusters/e2e';
import type { ImageLock } from '../../../src/core/cluster';
import type { Manifest } from '../../../src/render/model';
import { claimCluster, releaseCluster } from '../claim';
import { get, kubectl, say } from '../kubectl';
import { MARK, objectsIn } from '../platform';
import { type Credentials, makeCredentials } from './credentials';
import { type GitServer, startGitServer } from './git-server';
import type { Front } from './http';
import { buildImage, localName, programs, withEachImage } from './images';
import { removeNodeFolders } from './node-folders';
import { PlatformRepository } from './platform-repository';
import { Report, timed } from './report';
import { type RealNode, realNode, settingsOf } from './settings';
import { buildStandIn, STAND_IN } from './stand-in';

/** Everything that the chapters of the loop share. */
export interface World {
  /** Where what helps the tests runs. */
  readonly namespace: string;
  readonly node: RealNode;
  readonly credentials: Credentials;
  readonly server: GitServer;
  readonly repository: PlatformRepository;
  readonly report: Report;
  readonly front: Front;
  /** What the cluster's data renders without a pinned model. */
  readonly objects: readonly Manifest[];
  readonly externals: ReturnType<typeof render>['clusters'][number]['externals'];
  /** Names of its Applications, the root among them. */
  readonly applications: readonly string[];
  /** Puts everything back as it was. */
  readonly close: () => Promise<void>;
}

export const hosts = {
  api: 'api.e2e.internal',
  apiPreview: 'preview-api.e2e.internal',
  ui: 'ui.e2e.internal',
  uiPreview: 'preview-ui.e2e.internal',
  unprotected: 'unprotected.e2e.internal',
} as const;

/** The image registry, as nodes and people call it. */
export const REGISTRY = 'registry.e2e.internal:30500';
export const DIRECTORY = '/var/lib/mlops-e2e';

/** Images as they are before the image registry is there: by tag. */
export function imageLocks(): Record<string, ImageLock> {
  const [standIn = '', tag = ''] = STAND_IN.split(/:(?=[^:]+$)/);
  const own = Object.keys(programs).map((name) => [name, { repository: name, tag }]);
  return { ...Object.fromEntries(own), registry: { repository: standIn, tag }, kubectl: { repository: standIn, tag } };
}

/** Builds the images, and makes what is outside of the platform meanwhile. */
export async function makeWorld(): Promise<World> {
  const report = new Report();
  const node = await realNode();
  const [seconds, surroundings] = await Promise.all([timed(buildImages), makeSurroundings(node, report)]);
  report.seconds('images built', seconds);
  return surroundings;
}

/** What is outside of the platform: keys, the Git server, the first commit. */
async function makeSurroundings(node: RealNode, report: Report): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-e2e-credentials-'));
  const credentials = await makeCredentials(folder, {
    hosts: ['*.e2e.internal'],
    addresses: [node.address],
  });
  const nobody: GitServer = {
    namespace: MARK,
    url: (name) => `ssh://git@127.0.0.1/${name}.git`,
    remote: String,
    podAddress: node.address,
  };
  // Names do not depend on addresses, which are known only when something runs.
  await Promise.all([
    claimCluster(objectsIn(render([e2e(await settingsOf(node, nobody), locks())]).files)),
    buildStandIn(),
  ]);
  await kubectl(['delete', 'pod,service,secret', '--all', '--namespace', MARK]);
  const server = await startGitServer(MARK, credentials, ['platform', 'models']);
  const settings = await settingsOf(node, server);
  const rendering = render([e2e(settings, locks())]);
  const objects = objectsIn(rendering.files);
  const repository = new PlatformRepository(server);
  await repository.create(settings, imageLocks());
  return {
    namespace: MARK,
    node,
    credentials,
    server,
    repository,
    report,
    // Listeners may have other ports where a Service or the node leads to them.
    front: { address: node.address, port: 443, authority: credentials.authority },
    objects,
    externals: rendering.clusters[0]?.externals ?? [],
    applications: objects.filter(({ kind }) => kind === 'Application').map(({ metadata }) => metadata.name),
    close: async () => {
      await releaseCluster();
      await removeNodeFolders(MARK, node.name, DIRECTORY);
      await kubectl(['delete', 'namespace', MARK, '--timeout', '120s']);
      repository.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const locks = () => ({ images: imageLocks() as never, models: {} });

async function buildImages(): Promise<void> {
  await withEachImage(async (name) => {
    const [context, dockerfile] = programs[name];
    const seconds = await timed(() => buildImage(localName(name), context, dockerfile));
    say(`  built ${name} in ${seconds.toFixed(0)} s`);
  });
}

/** Pods of a namespace that are not on their way out. */
export async function livePods(namespace: string, selector: string) {
  const pods = await get('pods', '--namespace', namespace, '--selector', selector);
  return pods.filter(({ metadata }) => !('deletionTimestamp' in metadata));
}
