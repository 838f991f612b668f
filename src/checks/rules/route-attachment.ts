import type { RenderedObject } from '../../render/model';
import type { Check, CheckContext, Finding } from '../check';
import { at, type Fields, fields, items, list, strings, text } from '../read';
import { selects } from '../selectors';

/** A route takes hold only where its Gateway lets it, and reaches only what lets itself be reached. */
export const routeAttachment: Check = {
  id: 'route-attachment',
  severity: 'error',
  why: 'A Gateway ignores a route from a namespace or for a host that its listeners do not allow, and the route merely never answers.',
  *run(context) {
    for (const kind of ['HTTPRoute', 'GRPCRoute']) {
      for (const route of context.ofKind(kind)) {
        yield* parents(context, route);
        yield* backends(context, route);
      }
    }
  },
};

function* parents(context: CheckContext, route: RenderedObject): Generator<Finding> {
  const namespace = route.manifest.metadata.namespace ?? '';
  const hosts = list(at(route.manifest, 'spec', 'hostnames')).filter(
    (host): host is string => typeof host === 'string',
  );
  for (const { value, path } of items(at(route.manifest, 'spec', 'parentRefs'), 'spec.parentRefs')) {
    const gateway = context.find('Gateway', text(value.name) ?? '', text(value.namespace) ?? namespace);
    // A Gateway that is not there is an unresolved reference; one that is not rendered cannot be judged.
    if (!gateway || (value.kind ?? 'Gateway') !== 'Gateway') continue;
    const listeners = items(at(gateway.manifest, 'spec', 'listeners'), '').map((item) => item.value);
    const named = listeners.filter(
      ({ name, port }) => (value.sectionName ?? name) === name && (value.port ?? port) === port,
    );
    if (named.length === 0) {
      const known = listeners.flatMap(({ name }) => text(name) ?? []).join(', ');
      yield {
        object: route,
        field: `${path}.sectionName`,
        what: `Gateway ${gateway.manifest.metadata.name} has no such listener`,
        got: value.sectionName ?? value.port,
        fix: `name one of its listeners: ${known}`,
      };
      continue;
    }
    const open = named.filter((listener) => allows(context, listener, gateway, namespace));
    if (open.length === 0) {
      yield {
        object: route,
        field: path,
        what: `Gateway ${gateway.manifest.metadata.name} takes no routes from namespace ${namespace}`,
        got: namespace,
        fix: 'set allowedRoutes.namespaces of the listener, which without it takes those of its own namespace only',
      };
    } else if (hosts.length > 0 && !open.some(({ hostname }) => hosts.some((host) => overlaps(text(hostname), host)))) {
      yield {
        object: route,
        field: 'spec.hostnames',
        what: 'no listener of the Gateway is for these hosts',
        got: hosts,
        fix: `use a host below ${open.flatMap(({ hostname }) => text(hostname) ?? []).join(', ')}`,
      };
    }
  }
}

function allows(context: CheckContext, listener: Fields, gateway: RenderedObject, namespace: string): boolean {
  const { from = 'Same', selector } = fields(at(listener, 'allowedRoutes', 'namespaces'));
  if (from === 'All') return true;
  if (from !== 'Selector') return gateway.manifest.metadata.namespace === namespace;
  const rendered = context.find('Namespace', namespace);
  // The API server adds this label to each; those of a namespace that is not rendered are not known.
  const labels = { ...strings(rendered?.manifest.metadata.labels), 'kubernetes.io/metadata.name': namespace };
  const unknown = rendered
    ? []
    : Object.keys(fields(at(selector, 'matchLabels'))).filter((key) => !Object.hasOwn(labels, key));
  return selects(selector, { labels, dynamicLabels: new Set(unknown) });
}

/** `*.example.org` takes every host below it; no host takes all. */
function overlaps(one: string | undefined, other: string): boolean {
  if (one === undefined || one === other) return true;
  const below = (wild: string, host: string) => wild.startsWith('*.') && host.endsWith(wild.slice(1));
  return below(one, other) || below(other, one);
}

function* backends(context: CheckContext, route: RenderedObject): Generator<Finding> {
  const namespace = route.manifest.metadata.namespace ?? '';
  for (const rule of items(at(route.manifest, 'spec', 'rules'), 'spec.rules')) {
    for (const { value, path } of items(rule.value.backendRefs, `${rule.path}.backendRefs`)) {
      const other = text(value.namespace) ?? namespace;
      if (other === namespace || isGranted(context, route, other)) continue;
      yield {
        object: route,
        field: `${path}.namespace`,
        what: `namespace ${other} does not let itself be reached from here`,
        got: other,
        fix: `add a ReferenceGrant for ${route.manifest.kind} of ${namespace} there, or move the route`,
      };
    }
  }
}

function isGranted(context: CheckContext, { manifest }: RenderedObject, namespace: string): boolean {
  return context.ofKind('ReferenceGrant').some((grant) => {
    if (grant.manifest.metadata.namespace !== namespace) return false;
    const from = items(at(grant.manifest, 'spec', 'from'), '').some(
      ({ value }) => value.kind === manifest.kind && value.namespace === manifest.metadata.namespace,
    );
    return from && items(at(grant.manifest, 'spec', 'to'), '').some(({ value }) => value.kind === 'Service');
  });
}
