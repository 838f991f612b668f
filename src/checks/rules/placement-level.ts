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

function misplaced(
  object: RenderedObject,
  value: unknown,
  path: string,
  right: ReadonlySet<string>,
  place: string,
): Finding[] {
  const found: Finding[] = [];
  // Not a generator: one for each value of each object is most of this rule's time.
  const visit = (one: unknown, at: string): void => {
    if (Array.isArray(one)) {
      for (const [index, item] of one.entries()) visit(item, `${at}[${index}]`);
      return;
    }
    for (const [key, child] of Object.entries(fields(one))) {
      if (PLACEMENT.has(key) && !right.has(at)) {
        found.push({
          object,
          field: `${at}.${key}`,
          what: 'stands where nothing reads it',
          got: child,
          fix: `pass it as \`placement\`, or move it to ${place}`,
        });
      } else if (typeof child === 'object' && child !== null && !FREE.has(key)) {
        visit(child, `${at}.${key}`);
      }
    }
  };
  visit(value, path);
  return found;
}
