import { resolve } from 'node:path';
import { parseYaml } from '../../src/core/yaml';
import type { FileSpec } from '../../src/render/layout';
import type { Manifest } from '../../src/render/model';
import { readTree } from '../../src/render/tree';
import { get, kubectl, type LiveObject, listOf, say, waitFor } from './kubectl';

/** Namespace of what helps these tests; a cluster that has it may be filled and emptied. */
export const MARK = 'mlops-e2e';

/** Pods, and what is kept as long as they are. */
const CONTENT = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Rollout', 'PersistentVolumeClaim']);

/** Every object in rendered files, but for what a person applies to bring a cluster up: that is there twice. */
export function objectsIn(files: readonly FileSpec[]): Manifest[] {
  return files
    .filter(({ path }) => path.endsWith('.yaml') && path.split('/')[1] !== 'bootstrap')
    .map(({ content }) => parseYaml(content) as Manifest);
}

/** The objects of `dist/<cluster>/`. */
export function distObjects(cluster: string): Manifest[] {
  const files = [...readTree(resolve('dist'))].map(([path, content]) => ({ path, content }));
  const objects = objectsIn(files.filter(({ path }) => path.startsWith(`${cluster}/`)));
  if (objects.length === 0) throw new Error(`dist/${cluster} holds no objects`);
  return objects;
}

export function isNamespace({ kind }: { readonly kind: string }): boolean {
  return kind === 'Namespace';
}

/** Kind, namespace and name, for messages. */
export function nameOf({ kind, metadata }: Manifest | LiveObject): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

/** Removes all objects from the cluster, and waits until they are gone. */
export async function removePlatform(objects: readonly Manifest[]): Promise<void> {
  say('removing the platform from the cluster');
  const names = (kind: string) => objects.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);
  await removeApplications(names('Application'));
  const own = ownNamespaces(objects);
  const remove = async (kind: string, ...args: readonly string[]) => {
    if (args.length > 0) await kubectl(['delete', kind, '--ignore-not-found', '--timeout', '180s', ...args]);
  };
  const projects = names('AppProject');
  if (projects.length > 0) await remove('appprojects.argoproj.io', '--namespace', 'argocd', ...projects);
  await removeContent(objects);
  const { ours } = await namespacesBySide(names('Namespace'));
  await remove('namespace', ...new Set([...own, ...ours]));
  for (const kind of ['PersistentVolume', 'StorageClass', 'PriorityClass']) await remove(kind, ...names(kind));
  // What a sync that was under way brought back meanwhile.
  await removeApplications(names('Application'));
  const { ours: back, others } = await namespacesBySide(names('Namespace'));
  await remove('namespace', ...back);
  // Argo CD syncs no object that bears the mark of another Application.
  if (others.length > 0) await kubectl(['annotate', 'namespace', ...others, 'argocd.argoproj.io/tracking-id-']);
}

/** What a namespace that is deleted waits for begins to end before, all at once: each looks only every few seconds. */
async function removeContent(objects: readonly Manifest[]): Promise<void> {
  const present = new Set((await get('namespace', ...ownNamespaces(objects))).map(({ metadata }) => metadata.name));
  const content = objects.filter(({ kind, metadata }) => CONTENT.has(kind) && present.has(metadata.namespace ?? ''));
  if (content.length > 0)
    await kubectl(['delete', '--ignore-not-found', '--wait=false', '--filename', '-'], listOf(content));
}

/** Namespaces that came with the platform, and those that were there before; both only as far as they are there. */
async function namespacesBySide(names: readonly string[]) {
  const [mark] = await get('namespace', MARK);
  const left = await get('namespace', ...names);
  const since = (one: LiveObject | undefined) => Date.parse(one?.metadata.creationTimestamp ?? '');
  const side = (newer: boolean) =>
    left.filter((one) => since(one) > since(mark) === newer).map(({ metadata }) => metadata.name);
  return { ours: side(true), others: side(false) };
}

/** Removes Applications without what they hold, until none of them comes back. */
async function removeApplications(names: readonly string[]): Promise<void> {
  await waitFor('no Application of the platform is left', 120, async () => {
    const left = await get('applications.argoproj.io', '--namespace', 'argocd');
    const mine = left.map(({ metadata }) => metadata.name).filter((name) => names.includes(name));
    if (mine.length === 0) return true;
    const patch = '{"metadata":{"finalizers":null},"operation":null,"spec":{"syncPolicy":null}}';
    const target = ['applications.argoproj.io', ...mine, '--namespace', 'argocd'];
    await kubectl(['patch', ...target, '--type', 'merge', '--patch', patch]);
    await kubectl(['delete', ...target, '--ignore-not-found']);
    return undefined;
  });
}

/** Namespaces that hold the platform's own objects; those of operators may have been there before. */
export function ownNamespaces(objects: readonly Manifest[]): string[] {
  const used = new Set(objects.map(({ metadata }) => metadata.namespace));
  return objects
    .filter(isNamespace)
    .map(({ metadata }) => metadata.name)
    .filter((name) => used.has(name) && name !== 'argocd');
}
