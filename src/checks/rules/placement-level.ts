import type { RenderedObject } from '../../render/model';
import { workflowSpec } from '../argo-pods';
import type { Check, Finding } from '../check';
import { isWorkload, podsOf } from '../pods';
import { fields, list } from '../read';

/** What the scheduler reads, and only in a pod's specification. */
const PLACEMENT = new Set(['nodeSelector', 'tolerations', 'affinity', 'topologySpreadConstraints', 'nodeName']);
/** Below these, keys are names that people choose. */
const FREE = new Set(['metadata', 'labels', 'annotations', 'matchLabels', 'data', 'parameters', 'env', 'affinity']);

/** Placement where nothing reads it. */
export const placementLevel: Check = {
  id: 'placement-level',
  severity: 'error',
  why: 'A nodeSelector beside the pod or within a container is dropped without a word, and the pod runs anywhere.',
  *run({ objects }) {
    for (const object of objects) {
      const workflow = workflowSpec(object);
      if (workflow) {
        const templates = list(workflow.spec.templates).map((_, index) => `${workflow.path}.templates[${index}]`);
        const right = new Set([workflow.path, `${workflow.path}.templateDefaults`, ...templates]);
        yield* misplaced(object, workflow.spec, workflow.path, right, 'the template, beside its container');
      } else if (isWorkload(object)) {
        const right = new Set(podsOf(object).map(({ path }) => path));
        yield* misplaced(object, object.manifest.spec, 'spec', right, [...right][0] ?? 'spec.template.spec');
      }
    }
  },
};

function* misplaced(
  object: RenderedObject,
  value: unknown,
  path: string,
  right: ReadonlySet<string>,
  place: string,
): Generator<Finding> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* misplaced(object, item, `${path}[${index}]`, right, place);
    return;
  }
  for (const [key, child] of Object.entries(fields(value))) {
    const field = `${path}.${key}`;
    if (PLACEMENT.has(key) && !right.has(path)) {
      yield {
        object,
        field,
        what: 'stands where nothing reads it',
        got: child,
        fix: `pass it as \`placement\`, or move it to ${place}`,
      };
    } else if (typeof child === 'object' && child !== null && !FREE.has(key)) {
      yield* misplaced(object, child, field, right, place);
    }
  }
}
