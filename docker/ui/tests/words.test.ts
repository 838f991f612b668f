import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { weighWords } from '../src/page/words.js';

describe('weighing words', () => {
  test('gives a word its own weight and half of its pairs', () => {
    const contributions = [
      { text: 'not good', weight: -3 },
      { text: 'good', weight: 1 },
      { text: 'été', weight: 0.5 },
    ];
    assert.deepEqual(weighWords('It’s NOT good… été_été', contributions), [
      { text: 'It', weight: 0 },
      { text: '’', weight: 0 },
      { text: 's', weight: 0 },
      { text: ' ', weight: 0 },
      { text: 'NOT', weight: -1.5 },
      { text: ' ', weight: 0 },
      { text: 'good', weight: -0.5 },
      { text: '… ', weight: 0 },
      { text: 'été', weight: 0.5 },
      { text: '_', weight: 0 },
      { text: 'été', weight: 0.5 },
    ]);
  });

  test('never changes the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const pieces = weighWords(text, [{ text: 'a', weight: 1 }]);
        assert.equal(pieces.map((piece) => piece.text).join(''), text);
      }),
    );
  });
});
