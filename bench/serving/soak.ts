/**
 * Sends a million good and malformed requests to docker/inference and watches its memory; exits 1 on a crash, a reply of
 * 5xx or a leak. usage: npx ts-node bench/serving/soak.ts [REQUESTS]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { residentMegabytes, startServer } from './servers';

const HERE = __dirname;

/** Growth of resident memory after the first fifth that is still taken for noise, in megabytes. */
const TOLERANCE = 10;

/** Request bodies of every kind that the server accepts or refuses. */
function bodies(): readonly string[] {
  const words = Array.from({ length: 500 }, (_, index) => `word${(index * 7919) % 997}`);
  const text = (length: number, start: number) => words.slice(start % 200, (start % 200) + length).join(' ');
  const good = Array.from({ length: 60 }, (_, index) => JSON.stringify({ text: text(12 + (index % 5) * 50, index) }));
  const malformed = [
    '{"text": ',
    '{}',
    '[]',
    'null',
    '{"text": 5}',
    '{"text": ""}',
    '{"text": "   "}',
    '{"text": "a\\u0000b"}',
    '{"text": "\\ud800"}',
    '{"__proto__": {"text": "x"}}',
    JSON.stringify({ text: 'x'.repeat(20_001) }),
    JSON.stringify({ text: 'x'.repeat(270_000) }),
    JSON.stringify({ text: '🎬 été 。'.repeat(50) }),
    `{"text": "x", "more": ${'['.repeat(200)}${']'.repeat(200)}}`,
  ];
  return [...good, ...malformed];
}

/** Requests answered so far, by HTTP code. */
async function answered(url: string): Promise<Readonly<Record<string, number>>> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const lines = metrics.matchAll(/^inference_requests_total\{.*code="(\d+)"\} (\d+)$/gm);
  const counts: Record<string, number> = {};
  for (const [, code = '', count] of lines) counts[code] = (counts[code] ?? 0) + Number(count);
  return counts;
}

async function main(): Promise<void> {
  const total = Number(process.argv[2] ?? 1_000_000);
  const work = join(HERE, '.local');
  mkdirSync(work, { recursive: true });
  const requests = join(work, 'requests-soak.txt');
  writeFileSync(requests, `${bodies().join('\n')}\n`);
  const server = await startServer('ours', work);
  if (!server) throw new Error('the server did not start');
  try {
    const resident: number[] = [];
    let done = 0;
    while (done < total) {
      const script = ['-s', join(HERE, 'requests.lua'), server.url, '--', server.path, requests];
      execFileSync('taskset', ['-c', '1', 'wrk', '-t1', '-c32', '-d5s', '--timeout', '10s', ...script]);
      const counts = await answered(server.url);
      done = Object.values(counts).reduce((sum, count) => sum + count, 0);
      resident.push(residentMegabytes(server));
      console.error(`${done} requests, ${resident.at(-1)?.toFixed(0)} MB, ${JSON.stringify(counts)}`);
      if (Object.keys(counts).some((code) => code.startsWith('5'))) throw new Error('a reply of 5xx');
    }
    const warm = Math.max(...resident.slice(0, Math.ceil(resident.length / 5)));
    const last = resident.at(-1) ?? 0;
    console.log(`${done} requests: ${warm.toFixed(0)} MB at most while warming up, ${last.toFixed(0)} MB at the end`);
    if (last > warm + TOLERANCE) throw new Error(`memory grew by ${(last - warm).toFixed(0)} MB`);
  } finally {
    await server.stop();
  }
}

main().catch((error: unknown) => {
  console.error(`error: soak: ${(error as Error).message}`);
  process.exitCode = 1;
});
