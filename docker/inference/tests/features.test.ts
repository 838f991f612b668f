import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createFeatureHasher } from '../src/model/features';
import { createModel } from '../src/model/model';
import { syntheticModel } from './support/model-folder';
import { referenceBuckets, referenceTokens, vectorWeight } from './support/reference-hashing';

interface Case {
  readonly name: string;
  readonly text?: string;
  readonly repeat?: string;
  readonly times?: number;
  readonly buckets20: readonly number[];
  readonly buckets12: readonly number[];
  readonly margin20: number;
}

// From build/tests, the compiled place of this file.
const vectorsPath = join(__dirname, '../../../trainer/tests/vectors/feature-hashing.json');
const noVectors = existsSync(vectorsPath) ? false : 'docker/trainer/tests/vectors/feature-hashing.json is missing';

/** Text in the alphabet where mistakes hide: separators of every width, case, long tokens, lone surrogates. */
const nastyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        'Z',
        '9',
        '_',
        "'",
        ' ',
        '\n',
        '\0',
        'é',
        'İ',
        'ß',
        '。',
        '　',
        '—',
        '\u2080',
        '\u00bf',
        '\u00c0',
      ),
      fc.constantFrom('\ud83c', '\udfac', '🎬', '\ufeff', '\u0301', '\u2000', '\u207f', '\u3000', '\u303f', '\u3040'),
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.string({ minLength: 60, maxLength: 70, unit: fc.constantFrom('x', 'Y', 'é', '界') }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

const ascending = (a: number, b: number) => a - b;

function sortedBuckets(text: string, bits: number): readonly number[] {
  return [...createFeatureHasher(bits).buckets(text)].sort(ascending);
}

describe('feature hashing', () => {
  test('gives the buckets of the vectors that the trainer is held to', { skip: noVectors }, () => {
    const { cases } = JSON.parse(readFileSync(vectorsPath, 'utf8')) as { readonly cases: readonly Case[] };
    assert.ok(cases.length > 20, 'the vectors hold many cases');
    for (const { name, text, repeat, times, buckets20, buckets12 } of cases) {
      const whole = text ?? (repeat ?? '').repeat(times ?? 0);
      assert.deepEqual(sortedBuckets(whole, 20), buckets20, name);
      assert.deepEqual(sortedBuckets(whole, 12), buckets12, name);
    }
  });

  test('gives the margins of the vectors, to the last bit', { skip: noVectors }, () => {
    const { cases } = JSON.parse(readFileSync(vectorsPath, 'utf8')) as { readonly cases: readonly Case[] };
    const weights = new Float32Array(2 ** 20);
    for (const { buckets20 } of cases) for (const bucket of buckets20) weights[bucket] = vectorWeight(bucket);
    const model = createModel(syntheticModel('v1.0.0', 0.25, 20).metadata, weights, '');
    for (const { name, text, repeat, times, margin20 } of cases) {
      assert.equal(model.margin(text ?? (repeat ?? '').repeat(times ?? 0)), margin20, name);
    }
  });

  test('gives the buckets of an implementation that shares no code with it', () => {
    fc.assert(
      fc.property(nastyText, fc.integer({ min: 8, max: 24 }), (text, bits) => {
        assert.deepEqual(sortedBuckets(text, bits), referenceBuckets(text, bits));
      }),
      { numRuns: 500 },
    );
  });

  test('does not remember earlier texts', () => {
    fc.assert(
      fc.property(fc.array(nastyText, { maxLength: 5 }), nastyText, (earlier, text) => {
        const hasher = createFeatureHasher(12);
        for (const one of earlier) hasher.buckets(one);
        assert.deepEqual([...hasher.buckets(text)].sort(ascending), referenceBuckets(text, 12));
      }),
    );
  });

  test('hashes texts that have no room in its buffers as any other', () => {
    fc.assert(
      fc.property(
        fc.array(nastyText, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 64 }),
        (texts, room) => {
          const hasher = createFeatureHasher(12, room);
          for (const text of texts) {
            assert.deepEqual([...hasher.buckets(text)].sort(ascending), referenceBuckets(text, 12));
            const distinct = new Set(hasher.ngrams(text).map(({ bucket }) => bucket));
            assert.deepEqual([...distinct].sort(ascending), referenceBuckets(text, 12));
          }
        },
      ),
    );
  });

  test('adds up the weights of the buckets, each once', () => {
    const weights = Float32Array.from({ length: 2 ** 12 }, (_, bucket) => vectorWeight(bucket));
    fc.assert(
      fc.property(nastyText, fc.integer({ min: 1, max: 3 }), (text, times) => {
        const repeated = text.repeat(times);
        const expected = referenceBuckets(repeated, 12).reduce((sum, bucket) => sum + vectorWeight(bucket), 0);
        assert.equal(createFeatureHasher(12).sum(repeated, weights), expected);
      }),
    );
  });

  test('finds the same buckets for explanations, spelled as tokens and neighbours', () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        const ngrams = createFeatureHasher(20).ngrams(text);
        const distinct = [...new Set(ngrams.map(({ bucket }) => bucket))].sort(ascending);
        assert.deepEqual(distinct, referenceBuckets(text, 20));
        const words = referenceTokens(text).filter((token) => Buffer.byteLength(token) <= 64);
        for (const word of words) assert.ok(ngrams.some((ngram) => ngram.text === word));
      }),
    );
  });

  test('spells what people wrote, folded', () => {
    const spelled = createFeatureHasher(20)
      .ngrams("It's NOT\u00a0good…")
      .map(({ text }) => text);
    assert.deepEqual(spelled, ['it', 'it s', 's', 's not', 'not', 'not good', 'good']);
  });

  test('takes a text of a million characters', () => {
    const text = 'good bad '.repeat(111_112);
    assert.deepEqual(sortedBuckets(text, 20), referenceBuckets('good bad good', 20));
  });

  test('cares about order, and so can fail', () => {
    assert.notDeepEqual(sortedBuckets('not good', 20), sortedBuckets('good not', 20));
  });
});
