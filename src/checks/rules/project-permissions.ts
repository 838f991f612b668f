import { apiGroup, type RenderedComponent, type RenderedObject } from '../../render/model';
import type { Check, CheckContext, Finding } from '../check';
import { at, type Fields, fields, items, list, scalar, text } from '../read';

/** What an Application brings into a cluster: its own objects, or those of an upstream source. */
interface Brought {
  readonly kinds: readonly { readonly kind: string; readonly name: string; readonly namespaced: boolean }[];
  readonly namespaces: readonly string[];
}

/** Each AppProject permits what the folders of its Applications hold: source, destination and kinds. */
export const projectPermissions: Check = {
  id: 'project-permissions',
  severity: 'error',
  why: 'Argo CD refuses to sync an object that the project of its Application does not permit.',
  *run(context) {
    const components = new Map(context.rendered.components.map((component) => [component.name, component]));
    for (const application of context.ofKind('Application')) {
      if (apiGroup(application.manifest.apiVersion) !== 'argoproj.io') continue;
      const name = text(at(application.manifest, 'spec', 'project')) ?? 'default';
      if (name === 'default') {
        yield {
          object: application,
          field: 'spec.project',
          what: 'is the project that permits everything',
          got: name,
          fix: 'name a project of its own',
        };
        continue;
      }
      const project = context.find('AppProject', name, application.manifest.metadata.namespace);
      // A project that does not exist is an unresolved reference.
      if (project) yield* permits(context, project, application, components);
    }
  },
};

function* permits(
  { cluster }: CheckContext,
  project: RenderedObject,
  application: RenderedObject,
  components: ReadonlyMap<string, RenderedComponent>,
): Generator<Finding> {
  const spec = fields(at(application.manifest, 'spec'));
  const grants = fields(at(project.manifest, 'spec'));
  const refused = (field: string, what: string, got: unknown): Finding => ({
    object: application,
    field,
    what: `AppProject ${project.manifest.metadata.name} does not permit ${what}`,
    got,
    fix: 'compute the project from the objects of its components, or add the grant to it',
  });

  const sources =
    spec.source === undefined
      ? items(spec.sources, 'spec.sources')
      : [{ value: fields(spec.source), path: 'spec.source' }];
  for (const { value, path } of sources) {
    const url = text(value.repoURL) ?? '';
    if (!anyMatches(list(grants.sourceRepos), withoutGit(url), '/'))
      yield refused(`${path}.repoURL`, 'this source', url);
  }

  const destination = fields(spec.destination);
  const brought = broughtBy(componentOf(cluster.name, application, sources, components));
  const namespaces = new Set([text(destination.namespace) ?? '', ...(brought?.namespaces ?? [])].filter(Boolean));
  for (const namespace of namespaces) {
    if (!permitsDestination(grants, destination, namespace))
      yield refused('spec.destination', `the destination ${namespace}`, destination);
  }
  const seen = new Set<string>();
  for (const one of brought?.kinds ?? []) {
    if (permitsKind(grants, one) || seen.has(one.kind)) continue;
    seen.add(one.kind);
    yield refused('spec.project', `${one.namespaced ? 'namespaced' : 'cluster-scoped'} objects of this kind`, one.kind);
  }
}

/** The component whose folder an Application syncs; for an upstream source the one of its name. */
function componentOf(
  cluster: string,
  { manifest }: RenderedObject,
  sources: readonly { readonly value: Fields }[],
  components: ReadonlyMap<string, RenderedComponent>,
): RenderedComponent | undefined {
  for (const { value } of sources) {
    const [, folder, component] = /(?:^|\/)([^/]+)\/([^/]+)\/?$/.exec(text(value.path) ?? '') ?? [];
    if (folder === cluster && component) return components.get(component);
  }
  return components.get(manifest.metadata.name.slice(cluster.length + 1));
}

function broughtBy(component: RenderedComponent | undefined): Brought | undefined {
  if (!component) return undefined;
  const { objects, provides } = component;
  const own = objects.map(({ manifest: { apiVersion, kind, metadata } }) => ({
    kind: `${apiGroup(apiVersion)}/${kind}`,
    name: metadata.name,
    namespaced: metadata.namespace !== undefined,
  }));
  const upstream = (kinds: readonly string[] | undefined, namespaced: boolean) =>
    (kinds ?? []).map((kind) => ({ kind, name: '*', namespaced }));
  return {
    kinds: [...own, ...upstream(provides.clusterKinds, false), ...upstream(provides.namespacedKinds, true)],
    namespaces: [
      ...objects.flatMap(({ manifest }) => manifest.metadata.namespace ?? []),
      ...(provides.namespaces ?? []),
    ],
  };
}

/** A destination is permitted by its server or its name, together with the namespace. */
function permitsDestination(grants: Fields, { server, name }: Fields, namespace: string): boolean {
  const local = server === 'https://kubernetes.default.svc' || name === 'in-cluster';
  const entries = items(grants.destinations, '').map(({ value }) => value);
  const matches = ({ server: ofServer, name: ofName, namespace: ofNamespace }: Fields, denied: boolean) => {
    const pattern = (value: unknown) => (text(value) ?? '').replace(/^!/, '');
    if (denied !== [ofServer, ofName, ofNamespace].some((value) => text(value)?.startsWith('!'))) return false;
    const byServer =
      ofServer !== undefined &&
      glob(pattern(ofServer), local ? 'https://kubernetes.default.svc' : (text(server) ?? ''));
    const byName = ofName !== undefined && glob(pattern(ofName), local ? 'in-cluster' : (text(name) ?? ''));
    return (byServer || byName) && glob(pattern(ofNamespace), namespace);
  };
  return entries.some((entry) => matches(entry, false)) && !entries.some((entry) => matches(entry, true));
}

/** An absent list of namespaced kinds permits all of them; an absent list of cluster-scoped kinds permits none. */
function permitsKind(grants: Fields, { kind, name, namespaced }: Brought['kinds'][number]): boolean {
  const [allow, deny] = namespaced
    ? [grants.namespaceResourceWhitelist, grants.namespaceResourceBlacklist]
    : [grants.clusterResourceWhitelist ?? [], grants.clusterResourceBlacklist];
  const within = (entries: unknown) =>
    items(entries, '').some(
      ({ value }) =>
        glob(`${scalar(value.group)}/${scalar(value.kind)}`, kind) &&
        (value.name === undefined || name === '*' || glob(scalar(value.name), name)),
    );
  return (allow === undefined || within(allow)) && !within(deny);
}

function anyMatches(patterns: readonly unknown[], value: string, separator: string): boolean {
  const known = patterns.filter((pattern) => typeof pattern === 'string').map(withoutGit);
  return (
    known.some((pattern) => !pattern.startsWith('!') && glob(pattern, value, separator)) &&
    !known.some((pattern) => pattern.startsWith('!') && glob(pattern.slice(1), value, separator))
  );
}

/** Argo CD compares repositories without their suffix. */
function withoutGit(url: string): string {
  return url.replace(/\.git$/, '');
}

/** Argo CD's patterns: `*` is anything up to a separator, if there is one; alone it is everything. */
function glob(pattern: string, value: string, separator = ''): boolean {
  if (pattern === '*' || pattern === value) return true;
  if (!/[*?]/.test(pattern)) return false;
  const one = separator ? `[^${separator}]` : '.';
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*?|\?/g, (wild) => (wild === '**' ? '.*' : wild === '*' ? `${one}*` : one));
  return new RegExp(`^${source}$`, 's').test(value);
}
