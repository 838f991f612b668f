import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type TestApp, testApp } from './support/test-app';

const PATH = '/v2/models/sentiment';

function infer({ app }: TestApp, body: object, path = PATH) {
  return app.inject({ method: 'POST', url: `${path}/infer`, payload: body });
}

function textInput(data: unknown, shape: readonly number[]) {
  return { inputs: [{ name: 'text', shape, datatype: 'BYTES', data }] };
}

describe('Open Inference Protocol', () => {
  test('shows server, health and model metadata', async () => {
    const { app } = await testApp();
    assert.deepEqual((await app.inject('/v2')).json(), {
      name: 'cdk8s-mlops-inference',
      version: '0.1.0',
      extensions: [],
    });
    assert.deepEqual((await app.inject('/v2/health/live')).json(), { live: true });
    assert.deepEqual((await app.inject('/v2/health/ready')).json(), { ready: true });
    assert.deepEqual((await app.inject(`${PATH}/ready`)).json(), { name: 'sentiment', ready: true });
    const metadata = (await app.inject(`${PATH}/versions/v1.0.0`)).json();
    assert.deepEqual(metadata.versions, ['v1.0.0']);
    assert.deepEqual(metadata.inputs, [{ name: 'text', datatype: 'BYTES', shape: [-1] }]);
    assert.deepEqual(
      metadata.outputs.map(({ name }: { readonly name: string }) => name),
      ['sentiment', 'confidence', 'probability'],
    );
  });

  test('infers the same as /predict, flat or in rows, and returns the id', async () => {
    const server = await testApp();
    const flat = (await infer(server, { id: '7', ...textInput(['wonderful', 'awful'], [2]) })).json();
    const alone = await server.app.inject({ method: 'POST', url: '/predict', payload: { text: 'awful' } });
    assert.equal(flat.id, '7');
    assert.deepEqual([flat.model_name, flat.model_version], ['sentiment', 'v1.0.0']);
    const [sentiment, confidence, probability] = flat.outputs;
    assert.deepEqual(sentiment, {
      name: 'sentiment',
      datatype: 'BYTES',
      shape: [2],
      data: ['positive', 'negative'],
    });
    assert.equal(confidence.data[1], alone.json().confidence);
    assert.ok(Math.abs(probability.data[1] + confidence.data[1] - 1) < 1e-12);
    const rows = (await infer(server, textInput([['wonderful'], ['awful']], [2, 1]))).json();
    assert.deepEqual(rows.outputs, flat.outputs);
  });

  test('returns only the outputs that were asked for', async () => {
    const body = { ...textInput(['good'], [1]), outputs: [{ name: 'probability' }] };
    const { outputs } = (await infer(await testApp(), body)).json();
    assert.deepEqual(
      outputs.map(({ name }: { readonly name: string }) => name),
      ['probability'],
    );
  });

  test('says what is wrong as one string', async () => {
    const server = await testApp({ maxTextLength: 10, maxBatchSize: 2 });
    const said = async (body: object, status = 400, path = PATH) => {
      const response = await infer(server, body, path);
      assert.equal(response.statusCode, status, response.body);
      return response.json().error;
    };
    assert.equal(
      await said(textInput(['a'], [2])),
      'inputs[0].data must have the 2 texts that its shape states (got 1)',
    );
    assert.equal(await said(textInput(['a', 'b', 'c'], [3])), 'inputs[0].data must have 1 to 2 texts (got 3)');
    assert.equal(await said(textInput([], [0])), 'inputs[0].data must have 1 to 2 texts (got 0)');
    assert.equal(await said(textInput([1], [1])), 'inputs[0].data[0] must be a string');
    assert.equal(await said(textInput([' '], [1])), 'inputs[0].data[0] must not be blank');
    assert.equal(await said(textInput(['a\0'], [1])), 'inputs[0].data[0] must not contain U+0000');
    assert.match(await said(textInput(['x'.repeat(11)], [1])), /must not have more than 10 characters/);
    assert.equal(await said({ inputs: [] }), 'inputs must have at least 1 items');
    const misnamed = { inputs: [{ name: 'x', shape: [1], datatype: 'BYTES', data: ['a'] }] };
    assert.equal(await said(misnamed), 'inputs[0].name must be "text"');
    const unknown = 'sentiment v2.0.0 is not served here; sentiment v1.0.0 is';
    assert.equal(await said(textInput(['a'], [1]), 404, `${PATH}/versions/v2.0.0`), unknown);
    assert.match(await said(textInput(['a'], [1]), 404, '/v2/models/other'), /^other is not served here/);
  });
});
