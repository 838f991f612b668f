import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Prediction, RequestError } from '../src/page/api.js';
import { type Outcome, predictAll } from '../src/page/batches.js';

function predictionOf(text: string): Prediction {
  return { text, sentiment: 'positive', confidence: 0.9, processing_time_ms: 0, model_version: 'v1.0.0' };
}

/** Refuses like the API: too many characters at once, or the first text that it cannot take. */
function strictApi(maxCharacters: number): (texts: readonly string[]) => Promise<readonly Prediction[]> {
  return async (texts) => {
    if (texts.join('').length > maxCharacters) throw new RequestError('the body is too large', 'body_too_large');
    const bad = texts.findIndex((text) => text.includes('\0'));
    if (bad >= 0) throw new RequestError(`texts[${bad}] must not contain U+0000`, 'invalid_text', `texts[${bad}]`);
    return texts.map(predictionOf);
  };
}

async function run(
  texts: readonly string[],
  send: (texts: readonly string[]) => Promise<readonly Prediction[]>,
): Promise<{ readonly outcomes: ReadonlyMap<number, Outcome>; readonly waits: readonly number[] }> {
  const outcomes = new Map<number, Outcome>();
  const waits: number[] = [];
  await predictAll(texts, {
    send,
    pause: async (milliseconds) => {
      waits.push(milliseconds);
    },
    waiting: () => undefined,
    finished: (index, outcome) => {
      assert.ok(!outcomes.has(index), `text ${index} finished twice`);
      outcomes.set(index, outcome);
    },
  });
  return { outcomes, waits };
}

describe('judging many texts', () => {
  test('finishes each text exactly once: with its own prediction, or with why there is none', async () => {
    const text = fc.oneof(fc.string(), fc.constant('bad\0'), fc.constant('x'.repeat(99)), fc.constant(' '));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 200 }), async (texts) => {
        const { outcomes } = await run(texts, strictApi(90));
        assert.equal(outcomes.size, texts.length);
        for (const [index, outcome] of outcomes) {
          const sent = texts[index] ?? '';
          const isFine = sent.trim() !== '' && !sent.includes('\0') && sent.length <= 90;
          assert.equal('prediction' in outcome && outcome.prediction.text, isFine && sent);
        }
      }),
    );
  });

  test('sends no more than the API takes at once', async () => {
    const sizes: number[] = [];
    await run(
      Array.from({ length: 150 }, () => 'text'),
      async (texts) => {
        sizes.push(texts.length);
        return texts.map(predictionOf);
      },
    );
    assert.deepEqual(sizes, [64, 64, 22]);
  });

  test('says which text was refused and why', async () => {
    const { outcomes } = await run(['fine', 'bad\0', ''], strictApi(1000));
    assert.deepEqual(outcomes.get(1), { error: 'it must not contain U+0000' });
    assert.deepEqual(outcomes.get(2), { error: 'it is blank' });
  });

  test('waits for an API that is away, and goes on where it was', async () => {
    let failures = 3;
    const { outcomes, waits } = await run(['a', 'b'], async (texts) => {
      failures -= 1;
      if (failures >= 0) throw new RequestError('the API cannot be reached', 'unreachable');
      return texts.map(predictionOf);
    });
    assert.equal(outcomes.size, 2);
    assert.deepEqual(waits, [1000, 2000, 4000]);
  });

  test('gives up when the API stays away', async () => {
    const away = async () => {
      throw new RequestError('the model is still being loaded', 'model_not_loaded');
    };
    await assert.rejects(run(['a'], away), RequestError);
  });
});
