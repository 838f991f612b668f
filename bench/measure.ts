import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** Wall times of several runs, in milliseconds. */
export interface Times {
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

export function times(milliseconds: readonly number[]): Times {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  return { minimum: at(0), median: at(Math.floor((sorted.length - 1) / 2)), maximum: at(sorted.length - 1) };
}

/** A command as a person types it, and where. */
export interface Command {
  readonly words: readonly [string, ...string[]];
  readonly folder: string;
}

/** Runs it once; returns its wall time in milliseconds and what it wrote to stdout. */
export function run({ words: [command, ...parameters], folder }: Command): { wall: number; stdout: string } {
  const begin = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, parameters, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false', NO_COLOR: '1' },
    maxBuffer: 256 * 2 ** 20,
  });
  const wall = performance.now() - begin;
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')} failed: ${error?.message ?? stderr}`);
  return { wall, stdout };
}

/** What numbers have to be read with. */
export function machine(): string {
  const load = loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
  const kubectl = spawnSync('kubectl', ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
  const version = kubectl.status === 0 ? JSON.parse(kubectl.stdout).clientVersion.gitVersion : 'none';
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `load average ${load}: ${(loadavg()[0] ?? 0) > availableParallelism() / 2 ? 'BUSY, read ratios and not times' : 'idle'}`,
    `Node ${process.versions.node}, kubectl ${version}, ${readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim()}`,
  ].join('\n');
}

export const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;

/** `goal` at most; a missed one is told, not hidden. */
export function verdict(value: number, goal: number, show: (value: number) => string): string {
  return `${show(value)} (goal ${show(goal)}: ${value <= goal ? 'reached' : 'MISSED'})`;
}

export const say = (line = '') => process.stdout.write(`${line}\n`);
