import type { Application } from '../applications';
import { apiGroup, type Manifest } from '../model';
import { compare } from '../walk';
import { manifestOf, type ObjectChange } from './objects';
import type { FieldChange } from './values';

/**
 * Components because of which an object changed although nothing was edited in its own: policies follow their peers,
 * Applications and AppProjects follow the components that they stand for, static volumes follow their claims.
 *
 * @returns names of components, sorted, by change; one without an entry was made in its own component
 */
export function derivations(
  changes: readonly ObjectChange[],
  applications: readonly Application[],
): Map<ObjectChange, readonly string[]> {
  const found = new Map<ObjectChange, readonly string[]>();
  for (const cluster of new Set(changes.map((change) => change.cluster))) {
    const own = changes.filter((change) => change.cluster === cluster && change.type !== 'source');
    const scope: Scope = {
      changes: own,
      direct: own.filter((change) => !(keyOf(change) in causes)),
      applications: applications.filter((one) => one.cluster === cluster),
    };
    for (const change of own) {
      const names = (causes[keyOf(change)]?.(change, scope) ?? []).filter((name) => name !== change.component);
      if (names.length > 0) found.set(change, [...new Set(names)].sort(compare));
    }
  }
  return found;
}

interface Scope {
  readonly changes: readonly ObjectChange[];
  /** Changes that follow from no other. */
  readonly direct: readonly ObjectChange[];
  readonly applications: readonly Application[];
}

/** Kinds that can be derived, and how to find what they follow from. */
const causes: Readonly<Record<string, (change: ObjectChange, scope: Scope) => string[]>> = {
  'networking.k8s.io/NetworkPolicy': peersOf,
  'argoproj.io/Application': (change, { applications }) => {
    const { name } = manifestOf(change).metadata;
    const { component } = applications.find((one) => one.name === name) ?? {};
    return component === undefined ? [] : [component];
  },
  'argoproj.io/AppProject': (change, scope) => {
    const { name } = manifestOf(change).metadata;
    const members = scope.applications.filter(({ project }) => project === name);
    const folders = new Set(members.map(({ component }) => component));
    const upstream = new Set(members.filter(({ component }) => component === undefined).map((one) => one.name));
    return [
      ...scope.direct
        .filter(({ type, component }) => type !== 'changed' && folders.has(component))
        .map(({ component }) => component),
      ...scope.changes
        .filter((other) => keyOf(other) === 'argoproj.io/Application' && upstream.has(manifestOf(other).metadata.name))
        .map((other) => manifestOf(other).metadata.name),
    ];
  },
  '/PersistentVolume': (change, { direct }) => {
    const { claimRef } = (manifestOf(change).spec ?? {}) as {
      readonly claimRef?: { readonly name?: string; readonly namespace?: string };
    };
    return direct
      .filter((other) => {
        const { kind, metadata } = manifestOf(other);
        return (
          kind === 'PersistentVolumeClaim' &&
          metadata.name === claimRef?.name &&
          metadata.namespace === claimRef?.namespace
        );
      })
      .map(({ component }) => component);
  },
};

/** Peers in the rules that differ: those that changed themselves, or whose policies did when nothing else did. */
function peersOf(change: ObjectChange, { changes, direct }: Scope): string[] {
  const namespaces = new Set(changedRules(change).flatMap((rule) => peerNamespaces(rule, manifestOf(change))));
  const peers = (candidates: readonly ObjectChange[]) =>
    candidates
      .filter((other) => other.component !== change.component)
      .filter((other) => namespaces.has(manifestOf(other).metadata.namespace ?? ''))
      .map(({ component }) => component);
  const changed = peers(direct);
  if (changed.length > 0 || direct.some(({ component }) => component === change.component)) return changed;
  return peers(changes.filter((other) => keyOf(other) === keyOf(change)));
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
}

interface Peer {
  readonly podSelector?: unknown;
  readonly namespaceSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
}

function changedRules({ before, after, fields, type }: ObjectChange): Rule[] {
  if (type !== 'changed') return [...rulesOf(after ?? before, 'ingress'), ...rulesOf(after ?? before, 'egress')];
  return fields.flatMap((field): Rule[] => {
    const [top, direction, position] = field.path;
    if (top !== 'spec' || (direction !== 'ingress' && direction !== 'egress')) return [];
    if (typeof position !== 'number') return [...rulesOf(before, direction), ...rulesOf(after, direction)];
    const rule = rulesOf(isRemovedRule(field) ? before : after, direction)[position];
    return rule ? [rule] : [];
  });
}

function isRemovedRule({ type, path }: FieldChange): boolean {
  return type === 'removed' && path.length === 3;
}

function rulesOf(manifest: Manifest | undefined, direction: 'ingress' | 'egress'): readonly Rule[] {
  const { [direction]: rules = [] } = (manifest?.spec ?? {}) as { readonly [key: string]: readonly Rule[] | undefined };
  return rules;
}

function peerNamespaces({ from = [], to = [] }: Rule, { metadata }: Manifest): string[] {
  return [...from, ...to].flatMap(({ podSelector, namespaceSelector }) => {
    const namespace = namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'];
    if (namespace !== undefined) return [namespace];
    return podSelector !== undefined && namespaceSelector === undefined ? [metadata.namespace ?? ''] : [];
  });
}

function keyOf(change: ObjectChange): string {
  const { apiVersion, kind } = manifestOf(change);
  return `${apiGroup(apiVersion)}/${kind}`;
}
