import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createApp } from '../src/server/app.js';
import { HELP, parseSettings } from '../src/server/settings.js';
import { startApi, startUi } from './support.js';

const pageFolder = fileURLToPath(new URL('../src/page', import.meta.url));

describe('the page as files', () => {
  const files = readdirSync(pageFolder);

  test('is smaller than 60 KB', () => {
    const bytes = files.reduce((sum, name) => sum + statSync(join(pageFolder, name)).size, 0);
    assert.ok(files.includes('index.html') && files.includes('main.js'));
    assert.ok(bytes < 60_000, `${bytes} bytes`);
  });

  test('names nothing outside its own folder', () => {
    for (const name of files) {
      const addresses = readFileSync(join(pageFolder, name), 'utf8').match(
        /https?:\/\/[^\s"'`]+|(?:src|href)="\/[^"]*/g,
      );
      const outside = (addresses ?? []).filter((address) => address !== 'http://www.w3.org/2000/svg');
      assert.deepEqual(outside, [], name);
    }
  });
});

describe('the server of the page', () => {
  test('hands the page out under a policy that allows its own files only', async () => {
    const app = await createApp(undefined);
    const { statusCode, headers, body } = await app.inject('/');
    assert.equal(statusCode, 200);
    assert.match(String(headers['content-type']), /^text\/html/);
    assert.match(body, /<title>Film review sentiment<\/title>/);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
    assert.doesNotMatch(policy, /unsafe|\*|data:/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cache-control'], 'no-cache');
    const again = await app.inject({ url: '/', headers: { 'if-none-match': String(headers.etag) } });
    assert.equal(again.statusCode, 304);
  });

  test('is healthy, knows nothing of the API unless told, and serves nothing beside the page', async () => {
    const app = await createApp(undefined);
    assert.deepEqual((await app.inject('/health')).json(), { status: 'healthy' });
    for (const url of ['/ready', '/predict', '/nowhere', '/..%2fserver%2fmain.js', '/../server/main.js']) {
      assert.equal((await app.inject(url)).statusCode, 404, url);
    }
  });

  test('passes the paths of the API on when told, and stops cleanly', async () => {
    const api = await startApi();
    const ui = await startUi(api.url);
    try {
      assert.equal((await fetch(`${ui.url}/ready`)).status, 200);
      const reply = await fetch(`${ui.url}/predict/batch?explain=true`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"texts": ["awful"]}',
      });
      const { predictions } = (await reply.json()) as {
        readonly predictions: readonly { readonly sentiment: string }[];
      };
      assert.equal(predictions[0]?.sentiment, 'negative');
      assert.equal(await (await fetch(`${ui.url}/health`)).text(), '{"status":"healthy"}');
    } finally {
      assert.deepEqual([await ui.stop(), await api.stop()], [0, 0]);
    }
  });
});

describe('a server that is told to stop', () => {
  test('does not wait for a connection on which nobody has asked anything', { timeout: 20_000 }, async () => {
    const app = await createApp(undefined);
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect(Number(new URL(url).port), '127.0.0.1').resume();
    await once(socket, 'connect');
    // Once this is answered, the server knows of the connection before it.
    await fetch(`${url}/health`);
    await Promise.all([once(socket, 'close'), app.close()]);
  });
});

describe('settings', () => {
  test('have defaults, come from the environment, and from flags before it', () => {
    const defaults = { host: '0.0.0.0', port: 8080, api: undefined };
    assert.deepEqual(parseSettings([], {}), { kind: 'settings', settings: defaults });
    const parsed = parseSettings(['--port', '1'], { PORT: '2', API_URL: 'http://api:8080' });
    assert.deepEqual(parsed, { kind: 'settings', settings: { ...defaults, port: 1, api: new URL('http://api:8080') } });
  });

  test('are refused all at once', () => {
    assert.deepEqual(parseSettings(['--api', 'ftp://x'], { PORT: '99999' }), {
      kind: 'errors',
      errors: [
        'error: PORT: must be a whole number from 0 to 65535 (got "99999"); see --help',
        'error: --api: must be an http or https URL (got "ftp://x"); see --help',
      ],
    });
    assert.equal(parseSettings(['--nothing'], {}).kind, 'errors');
    assert.equal(parseSettings(['--help'], {}).kind, 'help');
    assert.match(HELP, /--api URL/);
  });
});
