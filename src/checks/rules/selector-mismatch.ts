import type { RenderedObject } from '../../render/model';
import type { Check, CheckContext, Finding } from '../check';
import { upstreamNamespaces } from '../known';
import { podTemplates } from '../pods';
import { at, fields, items } from '../read';
import { selectedPods, selects, servicePods } from '../selectors';

/** Kinds whose selector must select their own pods. */
const OWNERS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Rollout']);

/** A selector that selects nothing, or not the pods that it is beside. */
export const selectorMismatch: Check = {
  id: 'selector-mismatch',
  severity: 'error',
  why: 'A Service that selects no pods has no endpoints, a budget or policy that selects none protects nothing, and all of them look healthy.',
  *run(context) {
    yield* owners(context);
    for (const object of context.ofKind('Service')) {
      const selector = at(object.manifest, 'spec', 'selector');
      if (isEmpty(selector) || isUpstream(context, object)) continue;
      if (servicePods(context, namespaceOf(object), selector).length === 0)
        yield noPods(object, 'spec.selector', selector);
    }
    for (const [kind, field] of [
      ['PodDisruptionBudget', 'selector'],
      ['NetworkPolicy', 'podSelector'],
    ] as const) {
      for (const object of context.ofKind(kind)) {
        const selector = at(object.manifest, 'spec', field);
        // An empty selector means all pods of the namespace, now and later.
        if (isEmpty(selector) || isUpstream(context, object)) continue;
        if (selectedPods(context, namespaceOf(object), selector).length === 0)
          yield noPods(object, `spec.${field}`, selector);
      }
    }
  },
};

function* owners(context: CheckContext): Generator<Finding> {
  for (const pod of podTemplates(context)) {
    const { object, labels, spec, path } = pod;
    if (OWNERS.has(object.manifest.kind)) {
      const selector = at(object.manifest, 'spec', 'selector');
      if (isEmpty(selector) || !selects(selector, { labels, dynamicLabels: new Set() })) {
        yield {
          object,
          field: 'spec.selector',
          what: 'does not select the pods of its own template',
          got: selector ?? 'nothing',
          fix: `select labels of the template: ${JSON.stringify(labels)}`,
        };
      }
    }
    for (const { value, path: field } of items(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`)) {
      if (selects(value.labelSelector, pod) && !isEmpty(value.labelSelector)) continue;
      yield {
        object,
        field: `${field}.labelSelector`,
        what: 'does not select the pods that it is to spread',
        got: value.labelSelector ?? 'nothing',
        fix: `select labels of the template: ${JSON.stringify(labels)}`,
      };
    }
  }
}

function noPods(object: RenderedObject, field: string, selector: unknown): Finding {
  return {
    object,
    field,
    what: `selects no pods in namespace ${namespaceOf(object)}`,
    got: selector,
    fix: 'select the labels of a workload in the same namespace, or remove the object',
  };
}

function isEmpty(selector: unknown): boolean {
  return Object.keys(fields(selector)).length === 0;
}

function namespaceOf({ manifest }: RenderedObject): string {
  return manifest.metadata.namespace ?? '';
}

/** Pods of upstream manifests are not rendered here. */
function isUpstream(context: CheckContext, object: RenderedObject): boolean {
  return upstreamNamespaces(context).has(namespaceOf(object));
}
