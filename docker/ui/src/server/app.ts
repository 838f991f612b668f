import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import httpProxy from '@fastify/http-proxy';
import fastifyStatic from '@fastify/static';
import { type FastifyInstance, fastify } from 'fastify';

/** The page may load its own files and ask its own origin; nothing else, and nobody may frame it. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Paths of the inference API that the page and its readers use. */
const API_PATHS: readonly string[] = ['/ready', '/model', '/predict', '/openapi.json', '/v2'];

/**
 * Builds the server of the page, without listening.
 *
 * @param api passes the API's paths on to this address; without one a gateway in front must
 */
export async function createApp(api: URL | undefined): Promise<FastifyInstance> {
  const app = fastify({ logger: false, return503OnClosing: false, forceCloseConnections: 'idle' });
  closeUnusedConnections(app);
  app.addHook('onSend', async (_, reply) => {
    void reply.headers(HEADERS);
  });
  app.get('/health', () => ({ status: 'healthy' }));
  await app.register(fastifyStatic, {
    root: fileURLToPath(new URL('../page', import.meta.url)),
    cacheControl: false,
    // Small files that change with the image: asked for again each time, sent only if they changed.
    setHeaders: (response) => response.header('cache-control', 'no-cache'),
  });
  if (api !== undefined) {
    for (const prefix of API_PATHS) {
      await app.register(httpProxy, { upstream: api.href, prefix, rewritePrefix: prefix });
    }
  }
  await app.ready();
  return app;
}

/** Browsers connect ahead of what they may never ask. Node calls such a connection busy, and would wait for it for ever. */
function closeUnusedConnections(app: FastifyInstance): void {
  const connections = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  app.addHook('preClose', (done) => {
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    done();
  });
}
