import type { RenderedObject } from '../render/model';
import type { CheckContext } from './check';
import { perContext } from './per-context';
import { at, fields, items, text } from './read';

/** What every cluster has from the beginning. */
const BUILT_IN = new Set([
  'Namespace/default',
  'Namespace/kube-node-lease',
  'Namespace/kube-public',
  'Namespace/kube-system',
  'PriorityClass/system-cluster-critical',
  'PriorityClass/system-node-critical',
  'ClusterRole/admin',
  'ClusterRole/cluster-admin',
  'ClusterRole/edit',
  'ClusterRole/view',
  'Service/default/kubernetes',
]);

/** Namespaces whose objects come from upstream manifests that are not rendered here, besides what is rendered. */
export const upstreamNamespaces = perContext(({ rendered }: CheckContext): ReadonlySet<string> => {
  const found = new Set(['kube-system']);
  for (const { namespace, provides } of rendered.components) {
    if (Object.keys(provides).length === 0) continue;
    found.add(namespace);
    for (const other of provides.namespaces ?? []) found.add(other);
  }
  return found;
});

/** Secrets that a controller makes from an object that is rendered here, with that object, by `namespace/name`. */
export const producedSecrets = perContext(({ ofKind }: CheckContext): ReadonlyMap<string, RenderedObject> => {
  const found = new Map<string, RenderedObject>();
  const add = (object: RenderedObject, name: unknown) => {
    found.set(`${object.manifest.metadata.namespace ?? ''}/${text(name) ?? object.manifest.metadata.name}`, object);
  };
  for (const object of ofKind('SealedSecret')) add(object, at(object.manifest, 'spec', 'template', 'metadata', 'name'));
  for (const object of ofKind('ExternalSecret')) add(object, at(object.manifest, 'spec', 'target', 'name'));
  for (const object of ofKind('Certificate')) add(object, at(object.manifest, 'spec', 'secretName'));
  return found;
});

/** Objects that the cluster's data says it comes with. */
const stated = perContext(({ cluster }: CheckContext): ReadonlySet<string> => {
  const found = new Set([`GatewayClass/${cluster.gateway.className}`, `IngressClass/${cluster.gateway.className}`]);
  for (const volume of Object.values(cluster.storage)) {
    if (volume.type === 'class') found.add(`StorageClass/${volume.storageClass}`);
  }
  return found;
});

/** Whether an object is rendered, made by a controller from one that is, stated in cluster data, or built in. */
export function isKnown(context: CheckContext, kind: string, name: string, namespace?: string): boolean {
  if (context.exists(kind, name, namespace)) return true;
  const key = namespace ? `${kind}/${namespace}/${name}` : `${kind}/${name}`;
  if (BUILT_IN.has(key) || stated(context).has(key)) return true;
  // Every namespace has an account of this name, and every Argo CD such a project.
  if ((kind === 'ServiceAccount' || kind === 'AppProject') && name === 'default') return true;
  if (kind === 'ClusterRole' && name.startsWith('system:')) return true;
  if (kind === 'Secret') return producedSecrets(context).has(`${namespace}/${name}`);
  // Upstream manifests list their Services only; what else they bring cannot be judged here.
  return kind !== 'Service' && namespace !== undefined && upstreamNamespaces(context).has(namespace);
}

/** The rendered object that must be there for a reference to work: itself, or what a controller makes it from. */
export function providerOf(
  context: CheckContext,
  kind: string,
  name: string,
  namespace?: string,
): RenderedObject | undefined {
  const found = context.find(kind, name, namespace);
  return found ?? (kind === 'Secret' ? producedSecrets(context).get(`${namespace}/${name}`) : undefined);
}

const externalKeys = perContext(({ externals }: CheckContext): ReadonlyMap<string, readonly string[]> => {
  const entries = externals.filter(({ keys }) => keys.length > 0);
  return new Map(entries.map(({ kind, name, namespace, keys }) => [`${kind}/${namespace}/${name}`, keys]));
});

/** Keys of a Secret or ConfigMap; undefined when only the cluster knows them. */
export function keysOf(
  context: CheckContext,
  kind: string,
  name: string,
  namespace = '',
): readonly string[] | undefined {
  const stated = externalKeys(context).get(`${kind}/${namespace}/${name}`);
  if (stated) return stated;
  const rendered = context.find(kind, name, namespace);
  if (rendered)
    return [rendered.manifest.data, rendered.manifest.binaryData].flatMap((part) => Object.keys(fields(part)));
  const source = kind === 'Secret' ? producedSecrets(context).get(`${namespace}/${name}`) : undefined;
  const spec = fields(source?.manifest.spec);
  switch (source?.manifest.kind) {
    case 'SealedSecret':
      return Object.keys(fields(spec.encryptedData));
    case 'Certificate':
      return ['ca.crt', 'tls.crt', 'tls.key'];
    case 'ExternalSecret':
      // `dataFrom` and a template make keys that only the store knows.
      if (spec.dataFrom !== undefined || at(spec, 'target', 'template', 'data') !== undefined) return undefined;
      return items(spec.data, '').flatMap(({ value }) => text(value.secretKey) ?? []);
    default:
      return undefined;
  }
}
