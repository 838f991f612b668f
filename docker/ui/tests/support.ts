import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const inference = fileURLToPath(new URL('../../../inference/build', import.meta.url));
const require = createRequire(import.meta.url);

/** Chromium's path, or undefined: then tests of the page are skipped. */
export const chromiumPath = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path));

/** A program of this project that was started and logs JSON lines. */
export interface Started {
  readonly url: string;
  stop(): Promise<number | null>;
}

/** Starts a Node program and waits for the log message that says it is up. */
export async function start(program: string, args: readonly string[], upMessage: string): Promise<Started> {
  const child: ChildProcess = spawn(process.execPath, [program, '--host', '127.0.0.1', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let url = '';
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  for await (const line of lines) {
    const logged = JSON.parse(line) as { readonly msg: string; readonly url?: string };
    url = logged.url ?? url;
    if (logged.msg === upMessage) break;
  }
  child.stdout?.resume();
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      const [code] = await ended;
      return code as number | null;
    },
  };
}

/** The page's server, passing the API's paths on to `api`. */
export function startUi(api: string): Promise<Started> {
  const program = fileURLToPath(new URL('../src/server/main.js', import.meta.url));
  return start(program, ['--port', '0', '--api', api], 'listening');
}

/** The real inference server with a small synthetic model. @param port 0 picks a free one */
export async function startApi(port = 0): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), 'ui-test-'));
  const { syntheticModel, writeModel } = require(join(inference, 'tests/support/model-folder.js')) as {
    syntheticModel(version: string): unknown;
    writeModel(folder: string, model: unknown): Promise<void>;
  };
  await writeModel(join(folder, 'model'), syntheticModel('v1.2.0'));
  const program = join(inference, 'src/main.js');
  const api = await start(program, ['--port', String(port), '--model', join(folder, 'model')], 'model loaded');
  return {
    url: api.url,
    async stop() {
      const code = await api.stop();
      await rm(folder, { recursive: true });
      return code;
    },
  };
}
