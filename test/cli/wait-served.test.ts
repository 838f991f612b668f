import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { waitServed } from '../../src/cli/wait-served';

const digest = `sha256:${'1'.repeat(64)}`;
const options = { version: 'v1.1.0', digest, timeout: '0.2', pause: 1 };
let server: Server | undefined;
let asked = 0;

/** An inference API whose answers follow a list; the last one stays. */
async function api(...answers: readonly (object | number)[]): Promise<string> {
  asked = 0;
  server = createServer((_, reply) => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    reply.statusCode = typeof answer === 'number' ? answer : 200;
    reply.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  server?.close();
  jest.restoreAllMocks();
});

function quiet(): void {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
}

describe('wait-served', () => {
  const right = { version: 'v1.1.0', digest };

  test('returns once the version answers ten times in a row', async () => {
    quiet();
    await expect(waitServed(await api(right), { ...options, timeout: '30' })).resolves.toBe(0);
    expect(asked).toBe(10);
  });

  test('begins to count anew when an old replica answers', async () => {
    quiet();
    const url = await api(503, right, right, { version: 'v1.0.0', digest }, right);
    await expect(waitServed(url, { ...options, timeout: '30' })).resolves.toBe(0);
    expect(asked).toBe(14);
  });

  test.each([
    ['another version', { version: 'v1.0.0', digest }, 'serves v1.0.0'],
    ['other contents under the same version', { version: 'v1.1.0', digest: 'sha256:2' }, 'with sha256:2'],
    ['nothing that is a model', {}, 'serves undefined'],
    ['an error', 500, 'answers with status 500'],
  ])('fails when it serves %s until the end', async (_, answer, said) => {
    quiet();
    await expect(waitServed(await api(answer), options)).rejects.toThrow(said);
  });

  test('fails when nobody answers', async () => {
    quiet();
    const url = await api(right);
    await new Promise((resolve) => server?.close(resolve));
    await expect(waitServed(url, options)).rejects.toThrow('gives no answer');
  });

  test('refuses a time that is none', async () => {
    await expect(waitServed('http://127.0.0.1:9', { ...options, timeout: 'soon' })).rejects.toThrow('--timeout');
  });
});
