import type { Cluster } from '../core/cluster';
import { type ExternalObject, objectsOf, type RenderedCluster, type RenderedObject } from '../render/model';

/** An error stops synth; a finding of lower weight is listed. */
export type Severity = 'error' | 'warning';

/** What one check found in one object. */
export interface Finding {
  readonly object: RenderedObject;
  /** Path of the field within the object, such as `spec.template.spec.containers[0].image`. */
  readonly field?: string;
  /** What is wrong, lower case, without a trailing period. */
  readonly what: string;
  readonly got?: unknown;
  /** What to do about it, in the imperative. */
  readonly fix: string;
}

/** One rule over rendered objects. It sees no constructs, so it also judges objects that were written by hand. */
export interface Check {
  /** Stable, in kebab case; what `allow(construct, id, reason)` names. */
  readonly id: string;
  readonly severity: Severity;
  /** Why it matters, in one sentence. */
  readonly why: string;
  readonly run: (context: CheckContext) => Iterable<Finding>;
}

/** What a check may look at. */
export interface CheckContext {
  readonly cluster: Cluster;
  readonly rendered: RenderedCluster;
  readonly objects: readonly RenderedObject[];
  /** What is in the cluster without being rendered here. */
  readonly externals: readonly ExternalObject[];
  /** Objects by kind. */
  readonly ofKind: (kind: string) => readonly RenderedObject[];
  /** The object of this kind and name, in this namespace where its kind has one. */
  readonly find: (kind: string, name: string, namespace?: string) => RenderedObject | undefined;
  /** Whether it is rendered, listed as existing, or brought by an operator. */
  readonly exists: (kind: string, name: string, namespace?: string) => boolean;
}

export function checkContext(cluster: Cluster, rendered: RenderedCluster): CheckContext {
  const objects = objectsOf(rendered);
  const byKind = new Map<string, RenderedObject[]>();
  for (const object of objects) {
    const list = byKind.get(object.manifest.kind);
    if (list) list.push(object);
    else byKind.set(object.manifest.kind, [object]);
  }
  const key = (kind: string, name: string, namespace = '') => `${kind}/${namespace}/${name}`;
  const byName = new Map(
    objects.map((object) => [
      key(object.manifest.kind, object.manifest.metadata.name, object.manifest.metadata.namespace),
      object,
    ]),
  );
  const others = new Set(
    rendered.externals.flatMap(({ kind, name, namespace }) => [key(kind, name, namespace), key(kind, name)]),
  );
  for (const { provides } of rendered.components) {
    for (const service of provides.services ?? []) others.add(`Service/${service}`);
    for (const namespace of provides.namespaces ?? []) others.add(key('Namespace', namespace));
  }
  const find: CheckContext['find'] = (kind, name, namespace) => byName.get(key(kind, name, namespace));
  return {
    cluster,
    rendered,
    objects,
    externals: rendered.externals,
    ofKind: (kind) => byKind.get(kind) ?? [],
    find,
    exists: (kind, name, namespace) =>
      find(kind, name, namespace) !== undefined || others.has(key(kind, name, namespace)),
  };
}
