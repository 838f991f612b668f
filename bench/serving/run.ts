/**
 * Requests per second of docker/inference beside the usual Python servers and beside Fastify alone, in one run.
 * See README.md. usage: npx ts-node bench/serving/run.ts [ROUNDS [SECONDS]]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuSeconds, residentMegabytes, type Server, startServer } from './servers';

const HERE = __dirname;
const CONNECTIONS = 32;
const LENGTHS = [12, 233] as const;

interface Measurement {
  readonly perSecond: number;
  /** Microseconds of processor time of the server per request; other programs on the machine hardly change it. */
  readonly microseconds: number;
}

/** Saturates a server with wrk, on the other core. */
function saturate(server: Server, requests: string, seconds: number): Measurement {
  const before = cpuSeconds(server);
  const script = ['-s', join(HERE, 'requests.lua'), server.url, '--', server.path, requests];
  const load = ['-c', '1', 'wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--timeout', '10s', ...script];
  const output = execFileSync('taskset', load, { encoding: 'utf8' });
  const bad = /Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)/.exec(output);
  if (bad) throw new Error(`${server.name}: ${bad[0]}`);
  const count = Number(/(\d+) requests in/.exec(output)?.[1]);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
  return { perSecond, microseconds: (1e6 * (cpuSeconds(server) - before)) / count };
}

/** Latency in milliseconds below which 99 % of the requests stay at a fixed rate, by hey on the other core. */
function latency99(server: Server, body: string, perSecond: number, seconds: number): number {
  const rate = ['-c', String(CONNECTIONS), '-q', String(perSecond / CONNECTIONS), '-z', `${seconds}s`];
  const request = ['-m', 'POST', '-T', 'application/json', '-d', body, server.url + server.path];
  const output = execFileSync('taskset', ['-c', '1', 'hey', ...rate, ...request], { encoding: 'utf8' });
  return 1000 * Number(/99%+ in ([\d.]+) secs/.exec(output)?.[1]);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 5);
  const seconds = Number(process.argv[3] ?? 5);
  const work = join(HERE, '.local');
  mkdirSync(work, { recursive: true });
  const servers: Server[] = [];
  const results = new Map<string, Measurement[]>();
  const key = (server: string, length: number) => `${server} ${length}`;
  try {
    for (const name of ['ours', 'bare Fastify', 'FastAPI', 'MLServer'] as const) {
      const server = await startServer(name, work);
      if (server) servers.push(server);
    }
    for (const length of LENGTHS) {
      const texts = JSON.parse(readFileSync(join(work, `texts-${length}.json`), 'utf8')) as readonly string[];
      for (const server of servers) {
        const requests = join(work, `requests-${server.name.replaceAll(' ', '-')}-${length}.txt`);
        writeFileSync(requests, `${texts.map((text) => server.body(text)).join('\n')}\n`);
        saturate(server, requests, seconds); // warms up
      }
      // Round by round, so that what else the machine does falls on all of them.
      for (let round = 0; round < rounds; round += 1) {
        for (const server of servers) {
          const requests = join(work, `requests-${server.name.replaceAll(' ', '-')}-${length}.txt`);
          const measured = saturate(server, requests, seconds);
          results.set(key(server.name, length), [...(results.get(key(server.name, length)) ?? []), measured]);
        }
      }
    }
    const of = (server: string, length: number) => results.get(key(server, length)) ?? [];
    const lines = LENGTHS.flatMap((length) =>
      servers.map(({ name }) => {
        const rates = of(name, length).map(({ perSecond }) => perSecond);
        const ratios = of('ours', length).map(({ perSecond }, round) => perSecond / (rates[round] ?? Number.NaN));
        const costs = of(name, length).map(({ microseconds }) => microseconds);
        const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
        const ratio = `${median(ratios).toFixed(2)} (${spread})`;
        return `| ${length} | ${name} | ${median(rates).toFixed(0)} | ${median(costs).toFixed(1)} | ${ratio} |`;
      }),
    );
    console.log('| words | server | requests/s | CPU µs/request | ours is so many times it (least to most) |');
    console.log(`|---|---|---|---|---|\n${lines.join('\n')}\n`);
    const ours = servers[0];
    if (ours) {
      for (const length of LENGTHS) {
        const rate = Math.round(median(of('ours', length).map(({ perSecond }) => perSecond)) / 2);
        const [body] = readFileSync(join(work, `requests-ours-${length}.txt`), 'utf8').split('\n');
        const p99 = latency99(ours, body ?? '', rate, 2 * seconds);
        console.log(`${length} words at ${rate} requests/s: 99 % within ${p99.toFixed(1)} ms`);
      }
      console.log(`resident memory afterwards: ${residentMegabytes(ours).toFixed(0)} MB`);
    }
  } finally {
    for (const server of servers) await server.stop();
  }
}

void main();
