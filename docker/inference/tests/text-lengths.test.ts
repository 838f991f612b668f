import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isAtLeast } from '../src/text-lengths';

describe('lengths of texts', () => {
  test('are those of their code points', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.array(fc.constantFrom('a', '🎬', '\ud83c', '\udfac'), { maxLength: 20 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 25 }), (one, limit) => {
        assert.equal(isAtLeast(one, limit), [...one].length >= limit);
      }),
      { numRuns: 1000 },
    );
  });
});
