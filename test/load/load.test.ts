import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type LoadOptions, load } from '../../src/load/load';

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that answers as told, and remembers its connections. */
async function serving(answer: http.RequestListener): Promise<{ url: URL; connections: Set<Socket> }> {
  const connections = new Set<Socket>();
  const server = http.createServer(answer).on('connection', (socket) => connections.add(socket));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/predict`), connections };
}

const predicting: http.RequestListener = (request, reply) => {
  request.resume().on('end', () => reply.end('{"model_version":"v1.0.0"}'));
};

const run = (url: URL, options: Partial<LoadOptions> & { keepAlive?: boolean } = {}) =>
  load({
    targets: [{ url, keepAlive: options.keepAlive ?? true, rate: 400 }],
    texts: ['good', 'bad'],
    requests: 40,
    ...options,
  });

describe('load', () => {
  test('sends as many predictions as asked for and counts who answered', async () => {
    const { url } = await serving(predicting);
    expect(await run(url)).toMatchObject({ requests: 40, failed: 0, exhausted: 0, versions: { 'v1.0.0': 40 } });
  });

  test('opens a connection for each request where none is to be used again', async () => {
    const again = await serving(predicting);
    await run(again.url);
    expect(again.connections.size).toBeLessThan(40);
    const fresh = await serving(predicting);
    await run(fresh.url, { keepAlive: false });
    expect(fresh.connections.size).toBe(40);
  });

  test('counts every way to fail under its reason', async () => {
    let count = 0;
    const { url } = await serving((request, reply) => {
      switch (count++ % 4) {
        case 0:
          reply.writeHead(503).end();
          break;
        case 1:
          request.socket.destroy();
          break;
        case 2:
          reply.end('<html>');
          break;
        default:
          predicting(request, reply);
      }
    });
    const result = await run(url, { keepAlive: false });
    expect(result).toMatchObject({
      requests: 40,
      failed: 30,
      reasons: { 'status 503': 10, ECONNRESET: 10, 'a reply that is no prediction': 10 },
      versions: { 'v1.0.0': 10 },
    });
  });

  test('counts a server that is not there', async () => {
    const { url } = await serving(predicting);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await run(url)).toMatchObject({ failed: 40, reasons: { ECONNREFUSED: 40 } });
  });

  test('goes on past the least number until it is told to end', async () => {
    const end = new AbortController();
    let answered = 0;
    const { url } = await serving((request, reply) => {
      if (++answered === 20) end.abort();
      predicting(request, reply);
    });
    const result = await run(url, { until: end.signal, requests: 1 });
    expect(result.requests).toBeGreaterThanOrEqual(20);
    expect(result.failed).toBe(0);
  });

  test('tells the times within which replies came, in order', async () => {
    const { url } = await serving(predicting);
    const { p50, p99, max } = (await run(url)).latency;
    expect(p50).toBeLessThanOrEqual(p99);
    expect(p99).toBeLessThanOrEqual(max);
  });
});
