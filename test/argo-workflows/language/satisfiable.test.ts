import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { evaluateDepends, parseDepends } from '../../../src/argo-workflows/expressions/depends';
import { dependsText, type Formula, RESULTS, satisfiable } from '../../../src/argo-workflows/language/depends';

const tasks = ['a', 'b', 'c'] as const;
const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 4 },
    fc.record({
      kind: fc.constant('token' as const),
      task: fc.constantFrom(...tasks),
      result: fc.constantFrom(...RESULTS, 'Ran' as const),
    }),
    fc.record({ kind: fc.constant('not' as const), of: tie('formula') }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('formula'), right: tie('formula') }),
  ),
}));

/** Whether one of all ends of the tasks makes the text hold, as the linter and the runner read it. */
function holdsSomewhere(text: string): boolean {
  const depends = parseDepends(text);
  const all = RESULTS.flatMap((a) => RESULTS.flatMap((b) => RESULTS.map((c) => ({ a, b, c }))));
  return all.some((ends) =>
    evaluateDepends(depends, ({ name, result }) => {
      const end = ends[name as 'a'];
      return result === undefined ? ['Succeeded', 'Skipped', 'Daemoned'].includes(end) : end === result;
    }),
  );
}

test('a condition can hold when it does so for some ends of its tasks', () => {
  const seen = { can: 0, never: 0 };
  fc.assert(
    fc.property(formula, (given) => {
      const can = holdsSomewhere(dependsText(given));
      seen[can ? 'can' : 'never'] += 1;
      expect(satisfiable(given)).toBe(can);
    }),
    { numRuns: 500 },
  );
  expect(seen.never).toBeGreaterThan(0);
});
