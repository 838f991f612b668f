import { pino } from 'pino';
import { createApp } from './app.js';
import { HELP, parseSettings } from './settings.js';

/** How long requests may take that came before the program was told to stop; then their connections are closed. */
const DRAIN_MILLISECONDS = 10_000;

/** Runs the program until it is told to stop; returns its exit code. */
async function main(): Promise<number> {
  const parsed = parseSettings(process.argv.slice(2), process.env);
  if (parsed.kind === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (parsed.kind === 'errors') {
    process.stderr.write(`${parsed.errors.join('\n')}\n`);
    return 2;
  }
  const { host, port, api } = parsed.settings;
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  const log = pino({
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
  const app = await createApp(api);
  try {
    const url = await app.listen({ host, port });
    log.info({ url, api: api?.origin }, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    process.stderr.write(
      `error: ${host}:${port}: cannot listen there: ${message} (got ${code}); choose another --port\n`,
    );
    return 1;
  }
  await stopped;
  const cutOff = setTimeout(() => app.server.closeAllConnections(), DRAIN_MILLISECONDS);
  await app.close();
  clearTimeout(cutOff);
  log.info('stopped');
  return 0;
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`error: ui: a defect of this program: ${error instanceof Error ? error.stack : error}\n`);
    process.exit(70);
  },
);
