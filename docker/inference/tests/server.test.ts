import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rename, symlink, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { startServer } from '../src/server';
import type { Settings } from '../src/settings';
import { type SyntheticModel, syntheticModel, temporaryFolder, writeModel } from './support/model-folder';

/** A running server that serves `models/current`, a link to one of the versions beside it. */
async function serve(test: TestContext, overrides: Partial<Settings> = {}) {
  const models = await temporaryFolder();
  const logged: Readonly<Record<string, unknown>>[] = [];
  const publish = async (version: string, model: SyntheticModel) => {
    await writeModel(join(models, version), model);
    await symlink(version, join(models, 'current.new'));
    await rename(join(models, 'current.new'), join(models, 'current'));
  };
  await publish('v1.0.0', syntheticModel('v1.0.0'));
  const settings: Settings = {
    modelDirectory: join(models, 'current'),
    modelDigest: undefined,
    host: '127.0.0.1',
    port: 0,
    maxBodyBytes: 262_144,
    maxTextLength: 20_000,
    maxBatchSize: 64,
    neutralMargin: 0,
    followSeconds: 0,
    drainSeconds: 60,
    logLevel: 'info',
    ...overrides,
  };
  const log = pino({}, { write: (line) => logged.push(JSON.parse(line)) });
  const server = await startServer(settings, log);
  let drained: Promise<boolean> | undefined;
  const drain = () => {
    drained ??= server.drain();
    return drained;
  };
  test.after(drain);
  return { url: server.url, models, publish, logged, drain };
}

async function predict(url: string): Promise<{ readonly status: number; readonly version: string }> {
  const response = await fetch(`${url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"text": "wonderful"}',
  });
  const { model_version: version } = (await response.json()) as { readonly model_version: string };
  return { status: response.status, version };
}

/** A request whose second half is still to come. */
async function halfRequest(url: string): Promise<{ finish(): void; readonly reply: Promise<string> }> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const reply = new Promise<string>((resolve) => {
    let received = '';
    socket.on('data', (data) => {
      received += data;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
  const body = '{"text": "wonderful"}';
  const head = `POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.write(`${head}\r\n\r\n${body.slice(0, 10)}`);
  // A reply on a later connection shows that the server has read the first half.
  await predict(url);
  return { finish: () => socket.write(body.slice(10)), reply };
}

describe('following a model folder', () => {
  test('serves a new version without failing a request', async (context) => {
    const { url, publish } = await serve(context, { followSeconds: 0.01 });
    const versions: string[] = [];
    let publishing = Promise.resolve();
    while (versions.at(-1) !== 'v1.1.0') {
      const { status, version } = await predict(url);
      assert.equal(status, 200);
      versions.push(version);
      if (versions.length === 5) publishing = publish('v1.1.0', syntheticModel('v1.1.0', 0.5));
    }
    await publishing;
    assert.deepEqual([...new Set(versions)], ['v1.0.0', 'v1.1.0']);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /^model_info\{model="sentiment",version="v1.1.0"/m);
    assert.doesNotMatch(metrics, /^model_info\{model="sentiment",version="v1.0.0"/m);
    assert.match(metrics, /^model_reload_total\{result="success"\} 2$/m);
  });

  test('refuses a damaged version, keeps the old one, and serves the repaired one', async (context) => {
    const { url, publish, logged, models } = await serve(context, { followSeconds: 0.01 });
    const refused = () => logged.filter(({ msg }) => msg === 'model refused');
    const damaged = syntheticModel('v1.1.0');
    damaged.weights[3] = 0.1;
    await publish('v1.1.0', damaged);
    while (refused().length === 0) assert.deepEqual(await predict(url), { status: 200, version: 'v1.0.0' });
    assert.match(String(refused()[0]?.problems), /SHA-256/);
    assert.match(await (await fetch(`${url}/metrics`)).text(), /^model_reload_total\{result="error"\} 1$/m);
    assert.equal((await fetch(`${url}/ready`)).status, 200);
    const { weights } = syntheticModel('v1.1.0');
    await writeFile(join(models, 'v1.1.0', 'weights.f32'), new Uint8Array(weights.buffer));
    while ((await predict(url)).version !== 'v1.1.0');
  });

  test('waits for a first model where it follows, and fails at once where it does not', async (context) => {
    const modelDirectory = join(await temporaryFolder(), 'later');
    const { url } = await serve(context, { modelDirectory, followSeconds: 0.01 });
    assert.equal((await fetch(`${url}/ready`)).status, 503);
    await writeModel(modelDirectory, syntheticModel('v3.0.0'));
    while ((await fetch(`${url}/ready`)).status !== 200);
    assert.equal((await predict(url)).version, 'v3.0.0');
    await assert.rejects(serve(context, { modelDirectory: '/nowhere' }), /cannot be opened/);
  });
});

describe('draining', () => {
  test('answers open requests, then closes their connections and takes no new ones', async (context) => {
    const { url, drain } = await serve(context);
    const request = await halfRequest(url);
    const drained = drain();
    await assert.rejects(predict(url), 'no new connections');
    request.finish();
    const reply = await request.reply;
    assert.match(reply, /^HTTP\/1.1 200 OK/);
    assert.match(reply, /connection: close/i);
    assert.match(reply, /"sentiment":"positive"/);
    assert.equal(await drained, true);
  });

  test('does not wait for a connection on which nobody has asked anything', async (context) => {
    const { url, drain } = await serve(context, { drainSeconds: 5 });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname).resume();
    await once(socket, 'connect');
    // Once this is answered, the server knows of the connection before it.
    await predict(url);
    const closed = once(socket, 'close');
    assert.equal(await drain(), true);
    await closed;
  });

  test('cuts off requests that do not finish in time, and says so', async (context) => {
    const { url, drain } = await serve(context, { drainSeconds: 0.01 });
    const request = await halfRequest(url);
    assert.equal(await drain(), false);
    assert.equal(await request.reply, '');
  });
});

describe('requests that break off or are none', () => {
  test('are counted as rejected', async (context) => {
    const { url } = await serve(context);
    const { hostname, port } = new URL(url);
    const garbage = connect(Number(port), hostname);
    garbage.write('nonsense\r\n\r\n');
    const [answer] = await once(garbage, 'data');
    assert.match(String(answer), /^HTTP\/1.1 400 Bad Request[\s\S]*"code":"bad_request"/);
    const leaving = connect(Number(port), hostname);
    leaving.write('POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{');
    await predict(url);
    leaving.destroy();
    const gone = 'inference_requests_total{endpoint="/predict",status="rejected",code="499"} 1';
    let metrics = '';
    while (!metrics.includes(gone)) metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /^inference_requests_total\{endpoint="other",status="rejected",code="400"\} 1$/m);
    assert.match(metrics, /^inference_active_requests 0$/m);
  });
});
