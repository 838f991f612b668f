import type { Check } from '../check';
import { at, items, number } from '../read';

/** Shares of a route are read as percent by people, by alerts and by Argo Rollouts. */
export const routeWeights: Check = {
  id: 'route-weights',
  severity: 'error',
  why: 'Weights that do not add up to 100 send other shares than the numbers say, and with a sum of 0 every request fails.',
  *run(context) {
    for (const kind of ['HTTPRoute', 'GRPCRoute']) {
      for (const object of context.ofKind(kind)) {
        for (const rule of items(at(object.manifest, 'spec', 'rules'), 'spec.rules')) {
          const weights = items(rule.value.backendRefs, '').map(({ value }) => value.weight);
          const stated = weights.filter((weight) => weight !== undefined);
          // One backend, or none that states a weight, gets everything in equal parts.
          if (stated.length === 0 || (weights.length === 1 && (number(stated[0]) ?? 0) > 0)) continue;
          const sum = weights.reduce<number>(
            (total, weight) => total + (weight === undefined ? 1 : (number(weight) ?? 0)),
            0,
          );
          if (sum === 100 && stated.length === weights.length && stated.every((weight) => (number(weight) ?? -1) >= 0))
            continue;
          yield {
            object,
            field: `${rule.path}.backendRefs`,
            what: 'has weights that do not add up to 100',
            got: weights.map((weight) => weight ?? 'none'),
            fix: 'give every backend a weight of 0 or more, in percent, so that they add up to 100',
          };
        }
      }
    }
  },
};
