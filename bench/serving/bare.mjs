/**
 * A bare Fastify handler with the schemas of docker/inference that scores nothing and counts nothing: what the framework
 * itself costs. usage: bare.mjs PORT
 */
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../docker/inference/package.json', import.meta.url));
const { fastify } = require('fastify');
const { prediction, predictRequest } = require('./build/src/schemas.js');

const app = fastify();
app.get('/ready', () => ({ status: 'ready' }));
app.post(
  '/predict',
  {
    schema: {
      body: predictRequest({ maxTextLength: 20_000, maxBatchSize: 64 }),
      response: { 200: prediction },
    },
  },
  ({ body: { text } }) => ({
    text,
    sentiment: 'positive',
    confidence: 0.977123456789012,
    processing_time_ms: 0.012,
    timestamp: '2026-01-01T00:00:00.000Z',
    model_version: 'v1.0.0',
  }),
);
process.once('SIGINT', () => process.exit(0));
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
