import { type ArgumentPlace, renderField } from './arguments';
import { type Expr, nodeOf } from './expr';
import { literals } from './node';
import { checkQuantity, type Duration } from './quantities';
import type { Wire } from './template';

/**
 * Take the outputs of an earlier run with the same key. The ConfigMap holds at most 1 MB for all keys, and the
 * controller must be allowed to change it.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/memoization/
 */
export interface Memoize<Scope extends string> {
  /** All that the outputs depend on, versions of the program included. */
  readonly key: string | Expr<string, Scope>;
  /** The oldest outputs to take. @default - any age */
  readonly maxAge?: Duration;
  /** It must have the label `workflows.argoproj.io/configmap-type: Cache`. */
  readonly configMap: { readonly name: string };
}

/** The label of a ConfigMap that keeps outputs. */
export const CACHE_LABEL = { 'workflows.argoproj.io/configmap-type': 'Cache' } as const;

/** The `memoize` of a template. */
export function renderMemoize(memoize: Memoize<string> | undefined, template: string, place: ArgumentPlace): Wire {
  if (memoize === undefined) return {};
  checkQuantity('duration', memoize.maxAge, { ...place, where: `${place.where}, memoize` });
  const parts = literals(nodeOf(memoize.key));
  if (parts.some((part) => typeof part === 'string' && !/^[-a-zA-Z0-9]*$/.test(part)) || memoize.key === '') {
    const fix = 'use letters, digits and "-", beginning with a letter or digit';
    place.report({ where: place.where, what: 'a key that the cache refuses', value: parts.join(''), fix });
  }
  return {
    memoize: {
      key: renderField(nodeOf(memoize.key), 'string', memoize.key, place),
      // The schema asks for it; empty is any age.
      maxAge: memoize.maxAge ?? '',
      cache: { configMap: { name: memoize.configMap.name, key: template } },
    },
  };
}
