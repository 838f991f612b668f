import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const HERE = __dirname;
const INFERENCE = join(HERE, '../../docker/inference');

/** A server under test, pinned to the first core. */
export interface Server {
  readonly name: ServerName;
  readonly url: string;
  readonly path: string;
  /** The request body that asks for the sentiment of a text. */
  body(text: string): string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

export type ServerName = 'ours' | 'bare Fastify' | 'FastAPI' | 'MLServer';

interface Recipe {
  readonly port: number;
  readonly path: string;
  readonly ready: string;
  readonly body: (text: string) => string;
  /** Makes what the server needs; returns its command. */
  readonly prepare: (work: string, port: number) => readonly string[];
}

const plainBody = (text: string) => JSON.stringify({ text });

const RECIPES: Readonly<Record<ServerName, Recipe>> = {
  ours: {
    port: 18_101,
    path: '/predict',
    ready: '/ready',
    body: plainBody,
    prepare(work, port) {
      if (!existsSync(join(INFERENCE, 'node_modules'))) execFileSync('npm', ['ci', '--silent'], { cwd: INFERENCE });
      execFileSync('npm', ['run', '--silent', 'build'], { cwd: INFERENCE });
      const model = join(work, 'model');
      if (!existsSync(model)) execFileSync('node', [join(HERE, 'write-model.mjs'), model]);
      const listen = ['--host', '127.0.0.1', '--port', String(port)];
      return ['node', '--max-semi-space-size=4', join(INFERENCE, 'build/src/main.js'), '--model', model, ...listen];
    },
  },
  'bare Fastify': {
    port: 18_102,
    path: '/predict',
    ready: '/ready',
    body: plainBody,
    prepare: (_, port) => ['node', join(HERE, 'bare.mjs'), String(port)],
  },
  FastAPI: {
    port: 18_103,
    path: '/predict',
    ready: '/ready',
    body: plainBody,
    prepare(work, port) {
      const python = pythonWith(work, 'fastapi');
      return [python, join(HERE, 'fastapi_server.py'), join(pipelineOf(work, python), 'pipeline.joblib'), String(port)];
    },
  },
  MLServer: {
    port: 18_104,
    path: '/v2/models/sentiment/infer',
    ready: '/v2/models/sentiment/ready',
    body: (text) =>
      JSON.stringify({
        parameters: { content_type: 'str' },
        inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: [text] }],
        outputs: [{ name: 'predict_proba' }],
      }),
    prepare(work, port) {
      const python = pythonWith(work, 'mlserver');
      const folder = join(work, 'mlserver');
      mkdirSync(folder, { recursive: true });
      const settings = { host: '127.0.0.1', http_port: port, grpc_port: port + 100, metrics_port: port + 200 };
      // No extra processes: each server has one core.
      writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...settings, parallel_workers: 0, debug: false }));
      const uri = join(pipelineOf(work, python), 'pipeline.joblib');
      const model = { name: 'sentiment', implementation: 'mlserver_sklearn.SKLearnModel', parameters: { uri } };
      writeFileSync(join(folder, 'model-settings.json'), JSON.stringify(model));
      return [join(python, '../mlserver'), 'start', folder];
    },
  },
};

/** Starts a server and waits until it is ready; undefined, with a printed reason, if it cannot be had here. */
export async function startServer(name: ServerName, work: string): Promise<Server | undefined> {
  const { port, path, ready, body, prepare } = RECIPES[name];
  let command: readonly string[];
  try {
    command = prepare(work, port);
  } catch (error) {
    console.error(`${name} is left out: ${(error as Error).message.split('\n')[0]}`);
    return undefined;
  }
  const child = spawn('taskset', ['-c', '0', ...command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  });
  const url = `http://127.0.0.1:${port}`;
  const server: Server = {
    name,
    url,
    path,
    body,
    process: child,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const response = await fetch(url + ready).catch(() => undefined);
    if (response?.ok) return server;
    if (child.exitCode !== null) break;
    await sleep(200);
  }
  await server.stop();
  console.error(`${name} is left out: it did not become ready`);
  return undefined;
}

/** A Python with the pinned packages of requirements-NAME.txt. */
function pythonWith(work: string, name: string): string {
  const python = join(work, name, 'bin/python');
  if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', join(work, name)]);
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--requirement', join(HERE, `requirements-${name}.txt`)]);
  return python;
}

/** The folder of the synthetic texts and of a pipeline that was trained with the same Python that will serve it. */
function pipelineOf(work: string, python: string): string {
  const folder = join(python, '../../pipeline');
  if (!existsSync(join(folder, 'pipeline.joblib'))) {
    mkdirSync(folder, { recursive: true });
    execFileSync(python, [join(HERE, 'texts.py'), folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  for (const length of [12, 233]) {
    writeFileSync(join(work, `texts-${length}.json`), readFileSync(join(folder, `texts-${length}.json`)));
  }
  return folder;
}

/** Processor time that a server has used so far. `taskset` became the server by exec. */
export function cpuSeconds({ process: child }: Server): number {
  const [, fields = ''] = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) / 100;
}

export function residentMegabytes({ process: child }: Server): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
