import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import packageJson from '../../package.json';
import { ApiError } from '../errors';
import type { Metrics } from '../metrics';
import { modelMetadata } from '../model/metadata';
import type { Predictor } from '../predictor';
import { errorReply } from '../schemas';

const status = Type.Object({
  status: Type.String(),
  service: Type.String(),
  version: Type.String({ description: 'Version of this program.' }),
  timestamp: Type.String({ format: 'date-time' }),
});

const ready = Type.Object({
  ...status.properties,
  model: Type.String(),
  model_version: Type.String(),
});

const served = Type.Object({
  ...Type.Omit(modelMetadata, ['golden', 'schema']).properties,
  digest: Type.String({ description: '`sha256:...` of the model folder, as pins name it.' }),
  loadedAt: Type.String({ format: 'date-time' }),
});

/** Index, probes, model metadata, metrics and the OpenAPI document. */
export function operationRoutes(
  app: FastifyInstance,
  predictor: Predictor,
  metrics: Metrics,
  isDraining: () => boolean,
): void {
  const service = packageJson.name;
  const { version } = packageJson;
  const now = () => new Date().toISOString();

  app.get('/', { schema: { summary: 'What this server offers', tags: ['operation'] } }, () => ({
    service,
    version,
    endpoints: {
      predict: 'POST /predict',
      batch: 'POST /predict/batch',
      model: 'GET /model',
      health: 'GET /health',
      ready: 'GET /ready',
      metrics: 'GET /metrics',
      openapi: 'GET /openapi.json',
      openInferenceProtocol: 'GET /v2',
    },
  }));

  app.get(
    '/health',
    { schema: { summary: 'The process answers', tags: ['operation'], response: { 200: status } } },
    () => ({ status: 'healthy', service, version, timestamp: now() }),
  );

  app.get(
    '/ready',
    {
      schema: {
        summary: 'A model is loaded, reproduced its golden texts, and the server is not stopping',
        tags: ['operation'],
        response: { 200: ready, 503: errorReply },
      },
    },
    () => {
      if (isDraining()) throw new ApiError(503, 'draining', 'the server is stopping');
      const { name: model, version: modelVersion } = predictor.served().model.metadata;
      return { status: 'ready', service, version, timestamp: now(), model, model_version: modelVersion };
    },
  );

  app.get(
    '/model',
    { schema: { summary: 'The model in service', tags: ['model'], response: { 200: served, 503: errorReply } } },
    () => {
      const { metadata, digest, loadedAt } = predictor.served().model;
      return { ...metadata, digest, loadedAt: loadedAt.toISOString() };
    },
  );

  app.get(
    '/metrics',
    { schema: { summary: 'Prometheus metrics', tags: ['operation'], produces: ['text/plain'] } },
    async (_, reply) => {
      void reply.header('content-type', metrics.registry.contentType);
      return metrics.registry.metrics();
    },
  );

  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
