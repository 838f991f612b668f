import { type Logger, pino } from 'pino';
import { ModelError } from './model/metadata';
import { type RunningServer, startServer } from './server';
import { parseSettings } from './settings';

/** Runs the program until it is told to stop; returns its exit code. */
async function main(): Promise<number> {
  const parsed = parseSettings(process.argv.slice(2), process.env);
  if (parsed.kind === 'help') {
    process.stdout.write(parsed.text);
    return 0;
  }
  if (parsed.kind === 'errors') return failed(parsed.errors, 2);

  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  const log: Logger = pino({
    level: parsed.settings.logLevel,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
  let server: RunningServer;
  try {
    server = await startServer(parsed.settings, log);
  } catch (error) {
    if (error instanceof ModelError)
      return failed(
        error.problems.map((problem) => `error: ${problem}`),
        1,
      );
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (syscall !== 'listen' && syscall !== 'getaddrinfo') throw error;
    const { host, port } = parsed.settings;
    return failed([`error: ${host}:${port}: cannot listen there: ${message} (got ${code}); choose another --port`], 1);
  }
  await stopped;
  return (await server.drain()) ? 0 : 1;
}

function failed(errors: readonly string[], exitCode: number): number {
  process.stderr.write(`${errors.join('\n')}\n`);
  return exitCode;
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(
      `error: inference: a defect of this program: ${error instanceof Error ? error.stack : error}\n`,
    );
    process.exit(70);
  },
);
