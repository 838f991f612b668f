import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createApp } from './app';
import { createMetrics } from './metrics';
import { createModelSource } from './model/source';
import type { Settings } from './settings';

export interface RunningServer {
  /** Where it listens, with the port that was picked. */
  readonly url: string;
  /**
   * Stops: not ready, no new connections, open requests are answered.
   *
   * @returns false if some were cut off after `drainSeconds`
   */
  drain(): Promise<boolean>;
}

/**
 * Listens, then loads the model, so that probes are answered meanwhile.
 *
 * @throws {ModelError} if the folder holds no usable model, unless it is followed: then the server waits for one
 */
export async function startServer(settings: Settings, log: Logger): Promise<RunningServer> {
  const metrics = createMetrics();
  const source = createModelSource(settings.modelDirectory, settings.modelDigest, metrics, log);
  const stopping = new AbortController();
  const app = await createApp(settings, source, metrics, log, () => stopping.signal.aborted);
  const url = await app.listen({ host: settings.host, port: settings.port });
  log.info({ url }, 'listening');

  const follows = settings.followSeconds > 0;
  try {
    await (follows ? source.refresh() : source.load());
  } catch (error) {
    await app.close();
    throw error;
  }
  if (follows) void follow();

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(settings.followSeconds * 1000, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (!stopping.signal.aborted) await source.refresh();
    }
  }

  return {
    url,
    async drain() {
      log.info({ drainSeconds: settings.drainSeconds }, 'draining');
      stopping.abort();
      const closed = app.close().then(() => true);
      const timeout = new AbortController();
      const inTime = await Promise.race([
        closed,
        sleep(settings.drainSeconds * 1000, false, { signal: timeout.signal }).catch(() => false),
      ]);
      timeout.abort();
      if (!inTime) app.server.closeAllConnections();
      await closed;
      log.info({ inTime }, inTime ? 'stopped' : 'stopped, requests were cut off');
      return inTime;
    },
  };
}
