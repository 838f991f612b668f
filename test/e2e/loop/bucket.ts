import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, BlockList, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import type { ClusterData } from '../../../src/core/cluster';
import { startChild } from '../../../src/local/child';
import { waitFor } from '../kubectl';
import { localName } from './images';
import { runOnNode } from './node-folders';
import { DIRECTORY, type World } from './world';

/** The S3 server that the tests of the versioning image use; `npm test` installs it. */
const PROGRAM = resolve(__dirname, '../../../docker/dvc/.venv/bin/moto_server');

/** An S3 server on this machine that holds what the platform's DVC remote holds. */
export interface Bucket {
  readonly modelRemote: NonNullable<ClusterData['inference']['modelRemote']>;
  stop(): Promise<void>;
}

/** Copies the DVC remote into a bucket, and writes the file of its credentials beside the others. */
export async function startBucket({ namespace, node, credentials }: World): Promise<Bucket> {
  const address = ownAddressNear(node.address);
  const port = await freePort(address);
  const endpoint = `http://${address}:${port}`;
  const stopping = new AbortController();
  const server = startChild(PROGRAM, ['--host', address, '--port', String(port)], {
    cwd: credentials.folder,
    env: process.env,
    signal: stopping.signal,
    log: join(credentials.folder, 's3.log'),
  });
  await waitFor('the S3 server answers', 60, async () =>
    (await fetch(endpoint).catch(() => undefined)) ? true : undefined,
  );
  // It takes any key.
  const keys = ['aws_access_key_id', 'aws_secret_access_key'].map((name) => `${name} = testing\n`);
  writeFileSync(join(credentials.folder, 'credentials'), `[default]\n${keys.join('')}`);
  const copy = [
    'import s3fs',
    `store = s3fs.S3FileSystem(key="testing", secret="testing", endpoint_url="${endpoint}")`,
    'store.mkdir("models")',
    'store.put("/host/", "models/dvc/", recursive=True)',
  ];
  const python = ['python', '-c', copy.join('\n')];
  await runOnNode(namespace, node.name, `${DIRECTORY}/dvc`, 'fill-bucket', localName('dvc'), 10001, python);
  return {
    modelRemote: {
      url: 's3://models/dvc',
      endpoint,
      credentials: { from: 'existing' },
      networks: [`${address}/32`],
    },
    async stop() {
      stopping.abort();
      await server.ended;
    },
  };
}

/** The address of this machine by which nodes reach it: the one in their own network. */
function ownAddressNear(node: string): string {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const near = own.find(({ cidr, family }) => {
    const [network = '', bits] = cidr?.split('/') ?? [];
    if (family !== 'IPv4') return false;
    const list = new BlockList();
    list.addSubnet(network, Number(bits));
    return list.check(node);
  });
  if (!near) throw new Error(`no address of this machine is in the network of ${node}`);
  return near.address;
}

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
