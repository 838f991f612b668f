import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inferenceMetrics, runtimeMetrics } from '../src/metric-catalogue';
import { syntheticModel } from './support/model-folder';
import { listeningApp, series, testApp } from './support/test-app';

function post(url: string, body: object): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

describe('probes', () => {
  test('the process is healthy but not ready before a model is loaded', async () => {
    const { app, source } = await testApp({}, syntheticModel(), false);
    assert.equal((await app.inject('/health')).statusCode, 200);
    const before = await app.inject('/ready');
    assert.equal(before.statusCode, 503);
    assert.equal(before.json().error.code, 'model_not_loaded');
    assert.equal((await app.inject('/v2/health/ready')).statusCode, 503);
    await source.load();
    const after = await app.inject('/ready');
    assert.equal(after.statusCode, 200);
    assert.equal(after.json().model_version, 'v1.0.0');
  });
});

describe('GET /model', () => {
  test('tells all about the model but its golden texts', async () => {
    const { app, source } = await testApp();
    const { digest, loadedAt, ...model } = (await app.inject('/model')).json();
    const { golden: _golden, schema: _schema, ...expected } = syntheticModel().metadata;
    assert.deepEqual(model, expected);
    assert.equal(digest, source.current()?.model.digest);
    assert.match(loadedAt, /Z$/);
  });
});

describe('errors outside the endpoints', () => {
  test('an unknown path is 404, a wrong method 405 with the right ones', async () => {
    const { app } = await testApp();
    assert.deepEqual((await app.inject('/nowhere?x=1')).json(), {
      error: { code: 'not_found', message: 'there is no GET /nowhere; see GET /' },
    });
    const wrong = await app.inject({ method: 'DELETE', url: '/predict' });
    assert.equal(wrong.statusCode, 405);
    assert.equal(wrong.headers.allow, 'POST');
    assert.equal((await app.inject({ method: 'POST', url: '/ready' })).headers.allow, 'GET, HEAD');
  });

  test('a mistake of ours is logged, counted, and told without its details', async (context) => {
    const { app, url, source, logged } = await listeningApp(context);
    const served = source.current();
    assert.ok(served);
    Object.assign(served.model, {
      margin: () => {
        throw new Error('secret detail');
      },
    });
    const response = await post(`${url}/predict`, { text: 'good' });
    assert.equal(response.status, 500);
    assert.ok(!(await response.text()).includes('secret'));
    assert.ok(logged.some((line) => JSON.stringify(line).includes('secret detail')));
    assert.equal(await series(app, 'inference_requests_total{endpoint="/predict",status="error",code="500"}'), 1);
  });
});

describe('GET /metrics', () => {
  test('exports exactly the metrics of the catalogue, with its help, types and labels', async (context) => {
    const { app, url } = await listeningApp(context);
    await post(`${url}/predict`, { text: 'good' });
    const { body, headers } = await app.inject('/metrics');
    assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/);
    const families = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => ({ name, type }));
    const exported = families.map(({ name }) => name).sort();
    const catalogued = [...Object.values(inferenceMetrics).map(({ name }) => name), ...runtimeMetrics];
    assert.deepEqual(exported, catalogued.sort());
    for (const { name, help, type, labels } of Object.values(inferenceMetrics)) {
      assert.ok(body.includes(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`), name);
      const suffix = type === 'histogram' ? '_count' : '';
      const line = body.split('\n').find((candidate) => candidate.startsWith(`${name}${suffix}`)) ?? '';
      const found = [...line.matchAll(/[{,](\w+)=/g)].map(([, label]) => label);
      assert.deepEqual(found, [...labels], line);
    }
  });

  test('counts requests by endpoint and outcome, but not probes and scrapes', async (context) => {
    const { app, url: base } = await listeningApp(context);
    const requests = (endpoint: string, status: string, code: number) =>
      series(app, `inference_requests_total{endpoint="${endpoint}",status="${status}",code="${code}"}`);
    for (let times = 0; times < 3; times += 1) await post(`${base}/predict`, { text: 'good' });
    await post(`${base}/predict`, {});
    await fetch(`${base}/predict`);
    await fetch(`${base}/model`, { method: 'HEAD' });
    for (const path of ['/some/where', '/else', '/health', '/ready', '/v2/models/other']) await fetch(`${base}${path}`);
    assert.equal(await requests('/predict', 'success', 200), 3);
    assert.equal(await requests('/predict', 'rejected', 400), 1);
    assert.equal(await requests('/predict', 'rejected', 405), 1);
    assert.equal(await requests('/model', 'success', 200), 1);
    assert.equal(await requests('other', 'rejected', 404), 2);
    assert.equal(await requests('/v2/models/:model', 'rejected', 404), 1);
    assert.equal(await requests('/health', 'success', 200), undefined);
    assert.equal(await series(app, 'inference_request_duration_seconds_count{endpoint="/predict"}'), 5);
    assert.equal(await series(app, 'inference_active_requests'), 0);
  });

  test('counts predictions by sentiment and score bin, and texts and their bytes', async () => {
    const { app } = await testApp();
    const texts = ['wonderful été', 'awful', 'film'];
    await app.inject({ method: 'POST', url: '/predict/batch', payload: { texts } });
    const model = 'model="sentiment",version="v1.0.0"';
    assert.equal(await series(app, `inference_predictions_total{${model},sentiment="positive"}`), 2);
    assert.equal(await series(app, `inference_predictions_total{${model},sentiment="negative"}`), 1);
    assert.equal(await series(app, `inference_predictions_total{${model},sentiment="neutral"}`), 0);
    for (const [bin, count] of [1, 0, 0, 0, 0, 1, 0, 0, 0, 1].entries()) {
      assert.equal(await series(app, `inference_score_bin_total{${model},bin="${bin}"}`), count, `bin ${bin}`);
    }
    assert.equal(await series(app, 'inference_batch_size_sum'), 3);
    assert.equal(await series(app, 'inference_input_bytes_sum'), Buffer.byteLength(texts.join('')));
    assert.equal(await series(app, `model_inference_duration_seconds_count{${model}}`), 1);
  });

  test('shows the model in service: identity, accuracy, and the score shares it was evaluated with', async () => {
    const { app, source } = await testApp();
    const { metadata, digest } = source.current()?.model ?? assert.fail();
    const hex = digest.slice('sha256:'.length);
    const info = `model_info{model="sentiment",version="v1.0.0",sha256="${hex}",git_sha="${metadata.codeRevision}"}`;
    assert.equal(await series(app, info), 1);
    assert.equal(await series(app, 'model_eval_accuracy{model="sentiment",version="v1.0.0"}'), 0.75);
    assert.equal(await series(app, 'model_reference_score_ratio{model="sentiment",version="v1.0.0",bin="0"}'), 0.2);
  });
});

describe('GET /openapi.json', () => {
  test('describes every endpoint and the limits that are in force', async () => {
    const { app } = await testApp({ maxTextLength: 77, maxBatchSize: 5 });
    const document = (await app.inject('/openapi.json')).json();
    assert.equal(document.openapi, '3.1.0');
    assert.deepEqual(Object.keys(document.paths).sort(), [
      '/',
      '/health',
      '/metrics',
      '/model',
      '/predict',
      '/predict/batch',
      '/ready',
      '/v2',
      '/v2/health/live',
      '/v2/health/ready',
      '/v2/models/{model}',
      '/v2/models/{model}/infer',
      '/v2/models/{model}/ready',
      '/v2/models/{model}/versions/{version}',
      '/v2/models/{model}/versions/{version}/infer',
      '/v2/models/{model}/versions/{version}/ready',
    ]);
    const { texts } = document.paths['/predict/batch'].post.requestBody.content['application/json'].schema.properties;
    assert.equal(texts.maxItems, 5);
    assert.equal(texts.items.maxLength, 77);
    assert.ok(!('delete' in document.paths['/predict']), 'methods that are refused are not offered');
  });
});
