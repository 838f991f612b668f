import { parseQuantity } from '../../core/quantity';
import type { RenderedObject } from '../../render/model';
import type { Check, Finding } from '../check';
import { append, perContext } from '../per-context';
import { type PodContainer, type PodTemplate, podTemplates } from '../pods';
import { at, type Fields, fields, isExpression, items, scalar } from '../read';

/** Keys of a quota that every container must then state. */
const STATED = /^(requests|limits)\.(cpu|memory|ephemeral-storage)$/;

const byNamespace = (kind: string) =>
  perContext(({ ofKind }): ReadonlyMap<string, RenderedObject[]> => {
    const found = new Map<string, RenderedObject[]>();
    for (const object of ofKind(kind)) append(found, object.manifest.metadata.namespace ?? '', object);
    return found;
  });

const quotas = byNamespace('ResourceQuota');
const limitRanges = byNamespace('LimitRange');

/** Quota and limit range of a namespace admit each of its pods. */
export const namespaceBounds: Check = {
  id: 'namespace-bounds',
  severity: 'error',
  why: 'Under a quota the API server refuses pods that do not state what it counts, and under a limit range those that ask for too much.',
  *run(context) {
    for (const pod of podTemplates(context)) {
      const ranges = (limitRanges(context).get(pod.namespace) ?? []).flatMap(containerRanges);
      for (const quota of quotas(context).get(pod.namespace) ?? []) yield* unstated(pod, quota, ranges);
      for (const container of pod.containers) yield* outside(pod, container, ranges);
    }
  },
};

function containerRanges({ manifest }: RenderedObject): Fields[] {
  return items(at(manifest, 'spec', 'limits'), '').flatMap(({ value }) => (value.type === 'Container' ? [value] : []));
}

function* unstated(
  { object, containers }: PodTemplate,
  quota: RenderedObject,
  ranges: readonly Fields[],
): Generator<Finding> {
  for (const key of Object.keys(fields(at(quota.manifest, 'spec', 'hard')))) {
    const [, side, resource] = STATED.exec(key.includes('.') ? key : `requests.${key}`) ?? [];
    if (!side || !resource) continue;
    // A request that is left out is the limit; both may come from the limit range.
    const defaults = side === 'limits' ? ['default'] : ['defaultRequest', 'default'];
    if (ranges.some((range) => defaults.some((name) => at(range, name, resource) !== undefined))) continue;
    for (const { fields: container, path } of containers) {
      const stated =
        at(container, 'resources', side, resource) ??
        (side === 'requests' ? at(container, 'resources', 'limits', resource) : undefined);
      if (stated !== undefined) continue;
      const field = `${path}.resources.${side}.${resource}`;
      yield {
        object,
        field,
        what: `is not stated, but ResourceQuota ${quota.manifest.metadata.name} counts it`,
        fix: 'state it, or give the namespace a LimitRange with a default',
      };
    }
  }
}

function* outside({ object }: PodTemplate, container: PodContainer, ranges: readonly Fields[]): Generator<Finding> {
  for (const range of ranges) {
    for (const [bound, side] of [
      ['max', 'limits'],
      ['min', 'requests'],
    ] as const) {
      for (const [resource, value] of Object.entries(fields(range[bound]))) {
        const got = at(container.fields, 'resources', side, resource);
        const [amount, limit] = [parseQuantity(scalar(got)), parseQuantity(scalar(value))];
        if (isExpression(got) || amount === undefined || limit === undefined) continue;
        if (bound === 'max' ? amount <= limit : amount >= limit) continue;
        yield {
          object,
          field: `${container.path}.resources.${side}.${resource}`,
          what: `is ${bound === 'max' ? 'above the maximum' : 'below the minimum'} of the namespace's LimitRange (${scalar(value)})`,
          got,
          fix: 'change it, or the LimitRange of the namespace',
        };
      }
    }
  }
}
