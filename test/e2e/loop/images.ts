import { resolve } from 'node:path';
import { run } from '../run';
import type { Credentials } from './credentials';

/** Images of this repository, and where each is built from: first what takes long, and bases by turns. */
export const programs = {
  trainer: ['docker/trainer'],
  // It is this repository's own renderer.
  deployer: ['.', 'docker/deployer/Dockerfile'],
  dvc: ['docker/dvc'],
  inference: ['docker/inference'],
  ui: ['docker/ui'],
} as const;

export type ProgramName = keyof typeof programs;

/** Names of the images on the node, before they are pushed. */
export const localName = (name: ProgramName) => `localhost/${name}:e2e`;

/** Does something with each image, two at a time: building and pushing are often one thread that waits. */
export async function withEachImage(work: (name: ProgramName) => Promise<void>): Promise<void> {
  const left = Object.keys(programs) as ProgramName[];
  const next = async () => {
    for (let name = left.shift(); name; name = left.shift()) await work(name);
  };
  await Promise.all([next(), next()]);
}

/**
 * The program that builds and pushes images; `test/e2e/tools/` has those that there are. It has the commands
 * `build REF FOLDER [DOCKERFILE]`, `trust HOST CA.crt URL` and `push REF HOST/NAME:TAG`.
 */
function tool(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const path = process.env.E2E_IMAGES;
  if (!path) throw new Error('E2E_IMAGES names no program that builds images: take one of test/e2e/tools/');
  return run(resolve(path), args, { env, timeout: 1200 });
}

export async function buildImage(reference: string, folder: string, dockerfile?: string): Promise<void> {
  await tool(['build', reference, folder, ...(dockerfile ? [dockerfile] : [])]);
}

/** Lets the nodes pull from the image registry. */
export async function trustRegistry(host: string, { folder }: Credentials, url: string): Promise<void> {
  await tool(['trust', host, `${folder}/ca.crt`, url]);
}

/** Pushes an image of the node. @returns its digest */
export async function pushImage(reference: string, target: string, { registry }: Credentials): Promise<string> {
  const printed = await tool(['push', reference, target], {
    E2E_REGISTRY_LOGIN: `${registry.user}:${registry.password}`,
  });
  const digest = /@(sha256:[0-9a-f]{64})\s*$/.exec(printed)?.[1];
  if (!digest) throw new Error(`the push of ${target} printed no digest: ${printed}`);
  return digest;
}
