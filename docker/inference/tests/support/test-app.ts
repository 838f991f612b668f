import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { type Logger, pino } from 'pino';
import { type AppSettings, createApp } from '../../src/app';
import { createMetrics, type Metrics } from '../../src/metrics';
import { createModelSource, type ModelSource } from '../../src/model/source';
import { type SyntheticModel, syntheticModel, temporaryFolder, writeModel } from './model-folder';

export const SETTINGS: AppSettings = {
  maxBodyBytes: 262_144,
  maxTextLength: 20_000,
  maxBatchSize: 64,
  neutralMargin: 0,
};

export interface TestApp {
  readonly app: FastifyInstance;
  readonly folder: string;
  readonly source: ModelSource;
  readonly metrics: Metrics;
  /** Every line that was logged, parsed. */
  readonly logged: readonly Readonly<Record<string, unknown>>[];
}

/** A server with a synthetic model, loaded unless told otherwise; spoken to without a network. */
export async function testApp(
  settings: Partial<AppSettings> = {},
  model: SyntheticModel = syntheticModel(),
  load = true,
): Promise<TestApp> {
  const folder = join(await temporaryFolder(), 'model');
  await writeModel(folder, model);
  const logged: Readonly<Record<string, unknown>>[] = [];
  const log: Logger = pino({}, { write: (line) => logged.push(JSON.parse(line)) });
  const metrics = createMetrics();
  const source = createModelSource(folder, undefined, metrics, log);
  const app = await createApp({ ...SETTINGS, ...settings }, source, metrics, log, () => false);
  if (load) await source.load();
  return { app, folder, source, metrics, logged };
}

/** The same server on a port of the loopback interface, for what only real connections show. */
export async function listeningApp(test: TestContext): Promise<TestApp & { readonly url: string }> {
  const server = await testApp();
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 });
  test.after(() => server.app.close());
  return { ...server, url };
}

/** Value of one series of `/metrics`, written as in the exposition format; undefined if there is none. */
export async function series(app: FastifyInstance, name: string): Promise<number | undefined> {
  const { body } = await app.inject('/metrics');
  const line = body.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}
