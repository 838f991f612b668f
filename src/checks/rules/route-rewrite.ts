import type { RenderedObject } from '../../render/model';
import type { Check, Finding } from '../check';
import { at, items, text } from '../read';

const REWRITE_TARGET = 'nginx.ingress.kubernetes.io/rewrite-target';
const USE_REGEX = 'nginx.ingress.kubernetes.io/use-regex';

/** A rewrite that sends every path below a prefix to one and the same place. */
export const routeRewrite: Check = {
  id: 'route-rewrite',
  severity: 'error',
  why: 'A rewrite that captures nothing turns every path into one: the page loads and its form cannot post.',
  *run(context) {
    for (const object of context.ofKind('Ingress')) yield* ingress(object);
    for (const object of context.ofKind('HTTPRoute')) yield* httpRoute(object);
    for (const object of context.ofKind('Middleware')) {
      const { regex, replacement } = {
        regex: undefined,
        replacement: undefined,
        ...(at(object.manifest, 'spec', 'replacePathRegex') as object),
      };
      const path = 'spec.replacePathRegex';
      const wanted = highestGroup(text(replacement) ?? '');
      if (regex !== undefined && wanted > groups(text(regex) ?? ''))
        yield missingGroup(object, `${path}.regex`, regex, wanted);
    }
  },
};

function* ingress(object: RenderedObject): Generator<Finding> {
  const annotations = object.manifest.metadata.annotations ?? {};
  const target = text(annotations[REWRITE_TARGET]);
  if (!target) return;
  const wanted = highestGroup(target);
  for (const rule of items(at(object.manifest, 'spec', 'rules'), 'spec.rules')) {
    for (const { value, path } of items(at(rule.value, 'http', 'paths'), `${rule.path}.http.paths`)) {
      const from = text(value.path) ?? '/';
      if (wanted > groups(from)) {
        yield missingGroup(object, `${path}.path`, from, wanted);
      } else if (wanted === 0 && value.pathType !== 'Exact' && from !== target) {
        yield {
          object,
          field: `${path}.path`,
          what: `every path below it becomes ${target}`,
          got: from,
          fix: 'route on a host of its own without a rewrite, or capture the rest as in /api(/|$)(.*) and rewrite to /$2',
        };
      } else if (wanted > 0 && (value.pathType !== 'ImplementationSpecific' || annotations[USE_REGEX] !== 'true')) {
        yield {
          object,
          field: `${path}.pathType`,
          what: 'holds a regular expression that is not read as one',
          got: value.pathType,
          fix: `set pathType ImplementationSpecific and the annotation ${USE_REGEX}: "true"`,
        };
      }
    }
  }
}

function* httpRoute(object: RenderedObject): Generator<Finding> {
  for (const rule of items(at(object.manifest, 'spec', 'rules'), 'spec.rules')) {
    const prefixes = items(rule.value.matches, '').filter(
      ({ value }) => (at(value, 'path', 'type') ?? 'PathPrefix') === 'PathPrefix',
    );
    const all = items(rule.value.matches, '').length;
    for (const { value, path } of items(rule.value.filters, `${rule.path}.filters`)) {
      const rewrite = at(value, 'urlRewrite', 'path');
      const full = text(at(rewrite, 'replaceFullPath'));
      const prefix = text(at(rewrite, 'replacePrefixMatch'));
      if (full !== undefined && (prefixes.length > 0 || all === 0)) {
        yield {
          object,
          field: `${path}.urlRewrite.path.replaceFullPath`,
          what: `every path below the matched prefix becomes ${full}`,
          got: full,
          fix: 'use replacePrefixMatch, which keeps the rest of the path, or match the path with type Exact',
        };
      }
      if (prefix !== undefined && prefixes.length < all) {
        yield {
          object,
          field: `${path}.urlRewrite.path.replacePrefixMatch`,
          what: 'replaces a prefix, but the rule matches no prefix',
          got: prefix,
          fix: 'match the path with type PathPrefix',
        };
      }
      if (highestGroup(full ?? prefix ?? '') > 0) {
        yield {
          object,
          field: `${path}.urlRewrite.path`,
          what: 'names a capture group, which Gateway API does not have',
          got: full ?? prefix,
          fix: 'write the path itself',
        };
      }
    }
  }
}

function missingGroup(object: RenderedObject, field: string, got: unknown, wanted: number): Finding {
  return {
    object,
    field,
    what: `has no capture group ${wanted}, which the rewrite uses`,
    got,
    fix: 'capture the rest of the path, as in /api(/|$)(.*) with /$2, or route on a host of its own without a rewrite',
  };
}

/** Number of capture groups of a regular expression: opening brackets that are neither escaped nor special. */
function groups(regex: string): number {
  return (regex.replace(/\\./g, '').match(/\((?!\?)/g) ?? []).length;
}

/** The highest `$N` of a replacement. */
function highestGroup(replacement: string): number {
  return Math.max(0, ...[...replacement.matchAll(/\$\{?(\d)/g)].map(([, digit]) => Number(digit)));
}
