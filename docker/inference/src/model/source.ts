import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Metrics, ModelMetrics } from '../metrics';
import { loadModel } from './load';
import { ModelError } from './metadata';
import { type Model, SCORE_BINS } from './model';

/** A model in service, with its counters. */
export interface ServedModel {
  readonly model: Model;
  readonly metrics: ModelMetrics;
}

export interface ModelSource {
  /** The model in service; undefined before the first one is loaded. */
  current(): ServedModel | undefined;
  /**
   * Loads what the folder holds now and puts it into service if it is whole.
   *
   * @throws {ModelError} if it is not; the model in service stays
   */
  load(): Promise<void>;
  /** Looks once whether the folder changed since the last look, and loads it then; logs instead of throwing. */
  refresh(): Promise<void>;
}

/** Keeps the model of a folder in memory. Replacing it is one assignment, so that no request ever sees half of it. */
export function createModelSource(
  directory: string,
  expectedDigest: string | undefined,
  metrics: Metrics,
  log: Logger,
): ModelSource {
  let served: ServedModel | undefined;
  let seen = '';

  async function load(): Promise<void> {
    seen = await fingerprint(directory);
    try {
      const model = await loadModel(directory, expectedDigest);
      if (model.digest !== served?.model.digest) served = { model, metrics: metrics.serve(modelLabels(model)) };
    } catch (error) {
      metrics.reloaded('error');
      throw error;
    }
    metrics.reloaded('success');
    const { name, version, synthetic } = served.model.metadata;
    log.info({ model: name, version, digest: served.model.digest, synthetic }, 'model loaded');
  }

  return {
    current: () => served,
    load,
    async refresh() {
      if ((await fingerprint(directory)) === seen) return;
      try {
        await load();
      } catch (error) {
        const problems = error instanceof ModelError ? error.problems : [String(error)];
        if (!(error instanceof ModelError)) seen = ''; // reading failed: the same files may be readable next time
        const stays = served?.model.metadata.version ?? 'none';
        log.error({ problems, serving: stays }, 'model refused');
      }
    },
  };
}

/** Changes whenever the folder, or what a link to it names, is replaced or written to. */
async function fingerprint(directory: string): Promise<string> {
  const folder = await realpath(directory).catch(() => '');
  const files = ['model.json', 'weights.f32'].map(async (name) => {
    const found = await stat(join(folder, name), { bigint: true }).catch(() => undefined);
    return found ? `${found.ino}:${found.size}:${found.mtimeNs}` : 'absent';
  });
  return [folder, ...(await Promise.all(files))].join(' ');
}

function modelLabels({ metadata, digest }: Model) {
  const scored = metadata.scoreHistogram.reduce((sum, count) => sum + count, 0);
  return {
    name: metadata.name,
    version: metadata.version,
    digest,
    revision: metadata.codeRevision,
    accuracy: metadata.metrics.accuracy,
    // Without evaluated texts nothing is known: every bin is as likely.
    referenceRatios: metadata.scoreHistogram.map((count) => (scored > 0 ? count / scored : 1 / SCORE_BINS)),
  };
}
