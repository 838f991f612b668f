import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import { SYNTHETIC_WEIGHTS, syntheticModel } from './support/model-folder';
import { series, type TestApp, testApp } from './support/test-app';

function post({ app }: TestApp, url: string, payload: unknown): Promise<LightMyRequestResponse> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return app.inject({ method: 'POST', url, headers: { 'content-type': 'application/json' }, payload: body });
}

/** A code unit as JSON may have it. */
function hexadecimal(codeUnit: number): string {
  return `\\u${codeUnit.toString(16).padStart(4, '0')}`;
}

/** Sends a request that must be refused; returns what its sender is told. */
async function refusal(server: TestApp, url: string, payload: unknown, status: number): Promise<unknown> {
  const response = await post(server, url, payload);
  assert.equal(response.statusCode, status, response.body);
  assert.match(String(response.headers['content-type']), /^application\/json/);
  return response.json().error;
}

describe('POST /predict', () => {
  test('answers with the fields that clients rely on', async () => {
    const response = await post(await testApp(), '/predict', { text: 'A wonderful film.' });
    assert.equal(response.statusCode, 200);
    const reply = response.json();
    assert.deepEqual(Object.keys(reply), [
      'text',
      'sentiment',
      'confidence',
      'processing_time_ms',
      'timestamp',
      'model_version',
    ]);
    assert.equal(reply.text, 'A wonderful film.');
    assert.equal(reply.sentiment, 'positive');
    assert.equal(reply.model_version, 'v1.0.0');
    assert.match(reply.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(reply.processing_time_ms >= 0);
    const { slope, intercept } = syntheticModel().metadata.calibration;
    const margin = SYNTHETIC_WEIGHTS.wonderful ?? 0;
    assert.equal(reply.confidence, 1 / (1 + Math.exp(-(slope * margin + intercept))));
  });

  test('is confident of the likelier sentiment', async () => {
    const reply = (await post(await testApp(), '/predict', { text: 'awful' })).json();
    assert.equal(reply.sentiment, 'negative');
    assert.ok(reply.confidence > 0.9);
  });

  test('calls a text within the margin neutral, and none without one', async () => {
    const undecided = { text: 'a film' };
    const reply = (await post(await testApp({ neutralMargin: 0.1 }), '/predict', undecided)).json();
    assert.equal(reply.sentiment, 'neutral');
    assert.ok(reply.confidence >= 0.5 && reply.confidence < 0.6);
    assert.equal((await post(await testApp(), '/predict', undecided)).json().sentiment, 'positive');
  });

  test('explains what pushed it, strongest first, adding up to the margin', async () => {
    const server = await testApp();
    const margins = syntheticModel().metadata;
    const words = fc.constantFrom(...Object.keys(SYNTHETIC_WEIGHTS), 'film', '.', 'the');
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 1, maxLength: 8 }), async (parts) => {
        const text = parts.join(' ');
        const reply = (await post(server, '/predict?explain=true', { text })).json();
        const weights: readonly number[] = reply.contributions.map(({ weight }: { readonly weight: number }) => weight);
        const strengths = weights.map(Math.abs);
        assert.deepEqual(
          strengths,
          [...strengths].sort((a, b) => b - a),
        );
        const margin = server.source.current()?.model.margin(text) ?? Number.NaN;
        assert.equal(
          weights.reduce((sum, weight) => sum + weight, margins.bias),
          margin,
        );
      }),
      { numRuns: 50 },
    );
    const reply = (await post(server, '/predict?explain=true', { text: 'Not GOOD' })).json();
    assert.deepEqual(reply.contributions, [
      { text: 'not good', weight: -2.75 },
      { text: 'good', weight: 1.25 },
    ]);
  });

  test('says a text back as it was sent, however it was escaped', async () => {
    const server = await testApp();
    const texts = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.constantFrom('', '"', '\\', '\n', '\u2028', '\u007f', 'é', '𝄞'),
        async (start, end) => {
          const text = `a${start.replaceAll('\0', '')}${end}`;
          const escaped = [...Array(text.length).keys()].map((index) => hexadecimal(text.charCodeAt(index))).join('');
          for (const body of [JSON.stringify({ text }), `{"text":"${escaped}"}`]) {
            const response = await post(server, '/predict', body);
            assert.equal(response.json().text, text);
            assert.equal(response.headers['content-type'], 'application/json; charset=utf-8');
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('says what is wrong with a request', async () => {
    const server = await testApp({ maxTextLength: 20 });
    const said = async (payload: unknown, url = '/predict') => refusal(server, url, payload, 400);
    assert.deepEqual(await said({}), { code: 'invalid_request', message: 'text is missing', field: 'text' });
    assert.deepEqual(await said({ text: 5 }), {
      code: 'invalid_request',
      message: 'text must be a string',
      field: 'text',
    });
    assert.deepEqual(await said([]), { code: 'invalid_request', message: 'the request body must be an object' });
    for (const blank of ['', ' \n\t']) {
      assert.deepEqual(await said({ text: blank }), {
        code: 'text_blank',
        message: 'text must not be blank',
        field: 'text',
      });
    }
    const tooLong = { code: 'text_too_long', message: 'text must not have more than 20 characters', field: 'text' };
    assert.deepEqual(await said({ text: 'x'.repeat(21) }), tooLong);
    assert.deepEqual(await said('{"text": '), { code: 'invalid_json', message: 'the request body is not valid JSON' });
    assert.deepEqual(await said(''), {
      code: 'invalid_json',
      message: 'the request body is empty; send a JSON object',
    });
    assert.deepEqual(await said({ text: 'a\0b' }), {
      code: 'invalid_text',
      message: 'text must not contain U+0000',
      field: 'text',
    });
    assert.deepEqual(await said('{"text": "\\ud800"}'), {
      code: 'invalid_text',
      message: 'text must not contain lone surrogates',
      field: 'text',
    });
    assert.deepEqual(await said({ text: 'x' }, '/predict?explain=yes'), {
      code: 'invalid_request',
      message: 'explain must be "true" or "false"',
      field: 'explain',
    });
    const polluting = '{"__proto__": {"text": "good"}, "constructor": {"prototype": {"text": "good"}}}';
    assert.deepEqual(await said(polluting), { code: 'invalid_request', message: 'text is missing', field: 'text' });
    assert.equal((await post(server, '/predict', { text: '🎬'.repeat(20) })).statusCode, 200);
  });

  test('refuses bodies that are too large or no JSON', async () => {
    const server = await testApp({ maxBodyBytes: 100 });
    assert.deepEqual(await refusal(server, '/predict', { text: 'x'.repeat(100) }, 413), {
      code: 'body_too_large',
      message: 'the request body must not be larger than 100 bytes',
    });
    const form = await server.app.inject({
      method: 'POST',
      url: '/predict',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'text=good',
    });
    assert.equal(form.statusCode, 415);
    assert.equal(form.json().error.code, 'unsupported_media_type');
  });

  test('answers every body with a prediction or a reason, never with a mistake of its own', async () => {
    const server = await testApp();
    const bodies = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.record({ text: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()) }).map((body) => JSON.stringify(body)),
      fc.record({ texts: fc.array(fc.oneof(fc.string(), fc.anything())) }).map((body) => JSON.stringify(body)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('/predict', '/predict/batch'), bodies, async (url, body) => {
        const response = await post(server, url, body ?? '');
        const { error } = response.json();
        assert.ok(response.statusCode === 200 ? error === undefined : response.statusCode === 400, response.body);
        assert.ok(response.statusCode === 200 || (error.code !== '' && error.message !== ''));
      }),
      { numRuns: 300 },
    );
  });

  test('cannot answer before a model is loaded', async () => {
    const server = await testApp({}, syntheticModel(), false);
    const response = await post(server, '/predict', { text: 'good' });
    assert.equal(response.statusCode, 503);
    assert.equal(response.json().error.code, 'model_not_loaded');
    assert.equal(response.headers['retry-after'], '1');
  });
});

describe('POST /predict/batch', () => {
  test('scores each text as on its own, in order', async () => {
    const server = await testApp();
    const texts = ['wonderful', 'awful', 'été', 'nothing'];
    const { predictions, total_processing_time_ms: total } = (await post(server, '/predict/batch', { texts })).json();
    assert.ok(total >= 0);
    assert.equal(predictions.length, texts.length);
    for (const [index, text] of texts.entries()) {
      const alone = (await post(server, '/predict', { text })).json();
      const { sentiment, confidence, model_version: version } = predictions[index];
      assert.equal(predictions[index].text, text);
      assert.deepEqual([sentiment, confidence, version], [alone.sentiment, alone.confidence, alone.model_version]);
    }
  });

  test('explains each text', async () => {
    const reply = (await post(await testApp(), '/predict/batch?explain=true', { texts: ['bad', 'film'] })).json();
    assert.deepEqual(reply.predictions[0].contributions, [{ text: 'bad', weight: -1.5 }]);
    assert.deepEqual(reply.predictions[1].contributions, []);
  });

  test('names the text at fault, and scores none then', async () => {
    const server = await testApp({ maxTextLength: 5, maxBatchSize: 3 });
    const said = async (texts: unknown) => refusal(server, '/predict/batch', { texts }, 400);
    assert.deepEqual(await said(['ok', 'too long']), {
      code: 'text_too_long',
      message: 'texts[1] must not have more than 5 characters',
      field: 'texts[1]',
    });
    assert.deepEqual(await said(['ok', 'a\0b']), {
      code: 'invalid_text',
      message: 'texts[1] must not contain U+0000',
      field: 'texts[1]',
    });
    assert.deepEqual(await said(['a', 'b', 'c', 'd']), {
      code: 'batch_too_large',
      message: 'texts must have at most 3 items',
      field: 'texts',
    });
    assert.deepEqual(await said([]), {
      code: 'invalid_request',
      message: 'texts must have at least 1 items',
      field: 'texts',
    });
    const scored = 'inference_score_bin_total{model="sentiment",version="v1.0.0",bin="5"}';
    assert.equal(await series(server.app, scored), 0);
  });
});
