import { parseQuantity } from '../../core/quantity';
import type { Check, Finding } from '../check';
import { type PodContainer, type PodTemplate, podTemplates } from '../pods';
import { at, fields, isExpression, scalar } from '../read';

/** The processor limit is left to choice: it throttles even when the node is idle. */
const REQUIRED = [
  ['requests', 'cpu', '100m'],
  ['requests', 'memory', '128Mi'],
  ['requests', 'ephemeral-storage', '64Mi'],
  ['limits', 'memory', '256Mi'],
  ['limits', 'ephemeral-storage', '256Mi'],
] as const;

const NATIVE = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** Every container states what it needs and what it may use at most. */
export const containerResources: Check = {
  id: 'container-resources',
  severity: 'error',
  why: 'Without requests the scheduler overloads a node, without limits one container takes the memory or disk of all others.',
  *run(context) {
    for (const pod of podTemplates(context)) {
      for (const container of pod.containers) {
        yield* missing(pod, container);
        yield* amounts(pod, container);
      }
    }
  },
};

function* missing({ object }: PodTemplate, container: PodContainer): Generator<Finding> {
  const lacking = REQUIRED.filter(([side, resource]) => at(container.fields.resources, side, resource) === undefined);
  if (lacking.length === 0) return;
  yield {
    object,
    field: `${container.path}.resources`,
    what: `lacks ${lacking.map(([side, resource]) => `${side}.${resource}`).join(', ')}`,
    fix: `state them, for example ${lacking.map(([side, resource, value]) => `${side}.${resource}: ${value}`).join(', ')}`,
  };
}

function* amounts({ object }: PodTemplate, container: PodContainer): Generator<Finding> {
  const { requests, limits } = fields(container.fields.resources);
  const parsed = (side: 'requests' | 'limits', resource: string) =>
    amount(at(side === 'requests' ? requests : limits, resource));
  for (const [side, amountsOf] of [
    ['requests', fields(requests)],
    ['limits', fields(limits)],
  ] as const) {
    for (const [resource, got] of Object.entries(amountsOf)) {
      const field = `${container.path}.resources.${side}.${resource}`;
      const value = amount(got);
      const request = parsed('requests', resource);
      if (isExpression(got)) continue;
      if (value === undefined || value < 0) {
        yield { object, field, what: 'is not an amount', got, fix: 'write a quantity such as 500m, 2 or 512Mi' };
      } else if (side === 'limits' && request !== undefined && request > value) {
        yield {
          object,
          field,
          what: `is below the request (${scalar(at(requests, resource))})`,
          got,
          fix: 'raise the limit or lower the request',
        };
      } else if (
        !NATIVE.has(resource) &&
        parsed('requests', resource) !== parsed('limits', resource) &&
        parsed('requests', resource) !== undefined
      ) {
        yield {
          object,
          field,
          what: 'differs between request and limit',
          got,
          fix: `state the same number of ${resource} in both: devices are not shared`,
        };
      }
    }
  }
}

function amount(value: unknown): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
}
