import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import swagger from '@fastify/swagger';
import { type FastifyInstance, fastify, type HTTPMethods, type onRequestHookHandler, type RouteOptions } from 'fastify';
import type { Logger } from 'pino';
import packageJson from '../package.json';
import { answerBrokenRequests } from './broken-requests';
import { ApiError, errorBody, sendError } from './errors';
import type { EndpointMetrics, Metrics } from './metrics';
import type { ModelSource } from './model/source';
import { createPredictor } from './predictor';
import { openInferenceRoutes } from './routes/open-inference';
import { operationRoutes } from './routes/operations';
import { predictRoutes } from './routes/predict';
import type { Settings } from './settings';
import { cheapenLengths } from './text-lengths';

/** What probes and scrapers ask: not counted, so that rates and error ratios speak of users. */
const UNCOUNTED: readonly string[] = ['/health', '/ready', '/metrics', '/v2/health/live', '/v2/health/ready'];

/** What nginx logs when the client went away before its reply; never sent. */
const CLIENT_CLOSED_REQUEST = 499;

const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether its body has no backslash, so that no text in it has a character that JSON escapes. */
    isPlain: boolean;
  }
}

export type AppSettings = Pick<Settings, 'maxBodyBytes' | 'maxTextLength' | 'maxBatchSize' | 'neutralMargin'>;

/**
 * Builds the HTTP server, without listening.
 *
 * @param isDraining true once the server must be shown as not ready
 */
export async function createApp(
  settings: AppSettings,
  source: ModelSource,
  metrics: Metrics,
  log: Logger,
  isDraining: () => boolean,
): Promise<FastifyInstance> {
  const { maxBodyBytes } = settings;
  const other = metrics.endpoint('other');
  const app = fastify({
    // Requests are counted, not logged; errors are logged by the error handler.
    logger: false,
    bodyLimit: maxBodyBytes,
    requestTimeout: 10_000,
    // Longer than the idle timeout of usual proxies (60 s), so that it is they who close idle connections.
    keepAliveTimeout: 65_000,
    http: { maxHeaderSize: 8192, headersTimeout: 10_000 },
    // While draining, requests on open connections are answered, with Connection: close.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false }, onCreate: cheapenLengths },
    clientErrorHandler: answerBrokenRequests(other),
  });
  app.setErrorHandler(sendError(log, maxBodyBytes, errorBody));
  app.decorateRequest('isPlain', false);
  // Fastify's own parser also searches each body for keys such as __proto__, at a cost that grows with the text. Nothing
  // here merges a request into another object, and JSON.parse makes of such a key a property like any other.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    request.isPlain = !body.includes('\\');
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      const isEmpty = body.length === 0;
      const what = isEmpty ? 'is empty; send a JSON object' : 'is not valid JSON';
      done(new ApiError(400, 'invalid_json', `the request body ${what}`));
    }
  });
  closeUnusedConnections(app);
  const open = new Set<ServerResponse>();
  followRoutes(app, open, metrics);
  app.addHook('preClose', (done) => {
    // Fastify says Connection: close to requests that come from now on; these came before.
    for (const reply of open) if (!reply.headersSent) reply.setHeader('connection', 'close');
    done();
  });
  const rejectOtherMethods = collectMethods(app);

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sentiment inference API',
        description: 'Sentiment of texts: positive, negative or neutral, with its confidence.',
        version: packageJson.version,
        license: { name: packageJson.license, identifier: packageJson.license },
      },
    },
  });

  const predictor = createPredictor(source, settings.neutralMargin);
  await app.register(async (api) => {
    operationRoutes(api, predictor, metrics, isDraining);
    predictRoutes(api, predictor, settings);
  });
  await app.register(async (api) => openInferenceRoutes(api, predictor, settings, maxBodyBytes, isDraining, log), {
    prefix: '/v2',
  });
  rejectOtherMethods();
  app.setNotFoundHandler((request, reply) => {
    follow(open, other, reply.raw);
    throw new ApiError(404, 'not_found', `there is no ${request.method} ${request.url.split('?')[0]}; see GET /`);
  });
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

/** Keeps a reply in `open`, and counts its request, until it is written or its client is gone. */
function follow(open: Set<ServerResponse>, endpoint: EndpointMetrics | undefined, reply: ServerResponse): void {
  const start = performance.now();
  open.add(reply);
  endpoint?.started();
  reply.on('close', () => {
    open.delete(reply);
    const code = reply.writableFinished ? reply.statusCode : CLIENT_CLOSED_REQUEST;
    endpoint?.finished(code, (performance.now() - start) / 1000);
  });
}

/** Follows the requests of every route that is registered from now on; probes and scrapes are not counted. */
function followRoutes(app: FastifyInstance, open: Set<ServerResponse>, metrics: Metrics): void {
  const endpoints = new Map<string, EndpointMetrics>();
  app.addHook('onRoute', (route: RouteOptions) => {
    const isCounted = !UNCOUNTED.includes(route.url);
    const endpoint = isCounted ? (endpoints.get(route.url) ?? metrics.endpoint(route.url)) : undefined;
    if (endpoint) endpoints.set(route.url, endpoint);
    const followRequest: onRequestHookHandler = (_, { raw }, done) => {
      follow(open, endpoint, raw);
      done();
    };
    route.onRequest = [followRequest, ...(route.onRequest === undefined ? [] : [route.onRequest].flat())];
  });
}

/** Returns a function that, once all routes exist, answers their other methods with 405 and `Allow`. */
function collectMethods(app: FastifyInstance): () => void {
  const known = new Map<string, Set<string>>();
  app.addHook('onRoute', (route: RouteOptions) => {
    const methods = known.get(route.url) ?? new Set();
    for (const method of [route.method].flat()) methods.add(method);
    known.set(route.url, methods);
  });
  return () => {
    for (const [url, methods] of [...known]) {
      const allowed = [...methods].sort().join(', ');
      app.route({
        method: METHODS.filter((method) => !methods.has(method)),
        url,
        schema: { hide: true },
        onRequest: (request, reply, done) => {
          void reply.header('allow', allowed);
          done(new ApiError(405, 'method_not_allowed', `${request.method} is not possible here; use ${allowed}`));
        },
        handler: () => undefined,
      });
    }
  };
}
