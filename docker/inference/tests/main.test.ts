import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { syntheticModel, temporaryFolder, writeModel } from './support/model-folder';

function run(...args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [join(__dirname, '../src/main.js'), ...args], { env: { PATH: process.env.PATH } });
}

async function finished(child: ChildProcessWithoutNullStreams) {
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    output.stdout += data;
  });
  child.stderr.on('data', (data) => {
    output.stderr += data;
  });
  const [code] = await once(child, 'close');
  return { code, ...output };
}

describe('the program', () => {
  test('prints its help', async () => {
    const { code, stdout } = await finished(run('--help'));
    assert.equal(code, 0);
    assert.match(stdout, /^usage: /);
  });

  test('exits 2 on wrong usage, with every mistake on stderr', async () => {
    const { code, stderr, stdout } = await finished(run('--port', 'x'));
    assert.deepEqual([code, stdout], [2, '']);
    assert.equal(stderr.trim().split('\n').length, 2);
  });

  test('exits 1 without a usable model, saying why and without a stack trace', async () => {
    const { code, stderr } = await finished(run('--model', '/nowhere', '--port', '0', '--host', '127.0.0.1'));
    assert.equal(code, 1);
    assert.equal(stderr, 'error: /nowhere: cannot be opened (got ENOENT); name the folder of a model version\n');
  });

  test('exits 1 when it cannot listen', async () => {
    const folder = join(await temporaryFolder(), 'model');
    await writeModel(folder, syntheticModel());
    const { code, stderr } = await finished(run('--model', folder, '--host', '192.0.2.1'));
    assert.equal(code, 1);
    assert.match(stderr, /^error: 192.0.2.1:8080: cannot listen there: .*choose another --port\n$/);
  });

  test('serves until SIGTERM, logs JSON lines, and exits 0', async () => {
    const folder = join(await temporaryFolder(), 'model');
    await writeModel(folder, syntheticModel());
    const child = run('--model', folder, '--host', '127.0.0.1', '--port', '0');
    const ended = once(child, 'close');
    const messages: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      const { level, msg, url } = JSON.parse(line);
      assert.equal(level, 'info');
      messages.push(msg);
      if (msg === 'listening') assert.equal((await fetch(`${url}/health`)).status, 200);
      if (msg === 'model loaded') child.kill('SIGTERM');
    }
    assert.deepEqual(messages, ['listening', 'model loaded', 'draining', 'stopped']);
    assert.deepEqual(await ended, [0, null]);
  });
});
