import { ApiObject } from 'cdk8s';
import type { ClusterScope, Component } from '../core/component';
import { allowedFor } from '../core/exceptions';
import { Existing } from '../core/existing';
import type { Scopes } from '../core/scopes';
import { sourceOf } from '../core/source-location';
import { waves } from '../core/waves';
import type { ExternalObject, Manifest, RenderedCluster, RenderedObject } from './model';

/** Reads the constructs of a cluster once and returns plain objects; from here on nothing knows of constructs. */
export function walk(scope: ClusterScope, scopes: Scopes): RenderedCluster {
  const externals: ExternalObject[] = [];
  const components = scope.components.map((component) => {
    const objects: RenderedObject[] = [];
    for (const construct of component.node.findAll()) {
      if (construct instanceof Existing) {
        const { keys = [], purpose, command, preparation, afterSync = false } = construct.props;
        const { kind, name, namespace } = construct;
        externals.push({
          kind,
          name,
          namespace,
          purpose,
          keys,
          ...(command && { command }),
          ...(preparation && { preparation }),
          afterSync,
          path: construct.node.path,
        });
      }
      if (!ApiObject.isApiObject(construct)) continue;
      objects.push({
        manifest: canonical(construct.toJson(), component, scopes),
        cluster: scope.cluster.name,
        component: component.name,
        wave: waves[component.wave],
        path: construct.node.path,
        source: () => sourceOf(construct),
        allowed: allowedFor(construct),
      });
    }
    return {
      cluster: scope.cluster.name,
      name: component.name,
      namespace: component.defaultNamespace,
      wave: waves[component.wave],
      project: component.project,
      upstream: component.upstream !== undefined,
      provides: component.provides,
      objects: objects.sort((a, b) => compare(sortKey(a.manifest), sortKey(b.manifest))),
    };
  });
  components.sort((a, b) => compare(a.name, b.name));
  externals.sort((a, b) => compare(externalKey(a), externalKey(b)));
  return { name: scope.cluster.name, components, externals };
}

/** Compares by code unit: the same everywhere, whatever the locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function canonical(manifest: Manifest, component: Component, scopes: Scopes): Manifest {
  const { metadata } = manifest;
  if (metadata.namespace !== undefined || scopes(manifest.apiVersion, manifest.kind) !== 'Namespaced') return manifest;
  const namespaced = { ...metadata, namespace: component.defaultNamespace };
  return { ...manifest, metadata: sortKeys(namespaced) };
}

/** cdk8s has sorted all keys; this puts the one that was added in its place. */
function sortKeys<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => compare(a, b))) as T;
}

function sortKey({ kind, apiVersion, metadata }: Manifest): string {
  return [kind, metadata.name, metadata.namespace ?? '', apiVersion].join('\0');
}

function externalKey({ kind, namespace, name, path }: ExternalObject): string {
  return [kind, namespace, name, path].join('\0');
}
