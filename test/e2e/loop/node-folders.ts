import { dirname } from 'node:path';
import { get, kubectl, waitFor } from '../kubectl';
import { localName } from './images';
import { STAND_IN } from './stand-in';

const HOST = '/host';

/** Makes the folders that volumes stand on, as `bootstrap/` tells people to, and fills the one of the reviews. */
export async function makeNodeFolders(
  namespace: string,
  node: string,
  paths: readonly string[],
  reviews: string,
): Promise<void> {
  const parent = dirname(reviews);
  const inside = (path: string) => `${HOST}${path.slice(parent.length)}`;
  const make = paths.map(inside).join(' ');
  await runOnNode(namespace, node, parent, 'node-folders', STAND_IN, 0, [
    ...['sh', '-c'],
    `rm -rf ${HOST}/* && mkdir -p ${make} && chown 10001:10001 ${HOST} ${make} && chmod 2775 ${make}`,
  ]);
  // Synthetic: labelled reviews that a seeded generator wrote.
  await runOnNode(namespace, node, parent, 'synthetic-reviews', localName('trainer'), 10001, [
    ...['sh', '-c'],
    [
      'python -m trainer generate --size 3000 --words 60 --seed 1 --output /tmp/reviews',
      `cat /tmp/reviews/train.jsonl /tmp/reviews/test.jsonl > ${inside(reviews)}/reviews.jsonl`,
    ].join(' && '),
  ]);
}

/** Removes what the tests put on the node. */
export async function removeNodeFolders(namespace: string, node: string, parent: string): Promise<void> {
  await runOnNode(namespace, node, parent, 'remove-folders', STAND_IN, 0, ['sh', '-c', `rm -rf ${HOST}/*`]);
}

/** Runs a command on a node with one of its folders at `/host`; it must succeed. */
export async function runOnNode(
  namespace: string,
  node: string,
  path: string,
  name: string,
  image: string,
  user: number,
  command: readonly string[],
): Promise<void> {
  const spec = {
    nodeName: node,
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    securityContext: { runAsUser: user, runAsGroup: user },
    containers: [
      {
        name,
        image,
        imagePullPolicy: 'IfNotPresent',
        command,
        volumeMounts: [{ name: 'host', mountPath: HOST }],
      },
    ],
    volumes: [{ name: 'host', hostPath: { path, type: 'DirectoryOrCreate' } }],
  };
  await kubectl(['delete', 'pod', name, '--namespace', namespace, '--ignore-not-found']);
  await kubectl(['create', '--filename', '-'], { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec });
  await waitFor(`${name} is done`, 180, async () => {
    const [pod] = await get('pod', name, '--namespace', namespace);
    const phase = pod?.status?.phase;
    if (phase === 'Failed') {
      const { stdout } = await kubectl(['logs', name, '--namespace', namespace]);
      throw new Error(`${name} failed:\n${stdout}`);
    }
    return phase === 'Succeeded' ? true : undefined;
  });
}
