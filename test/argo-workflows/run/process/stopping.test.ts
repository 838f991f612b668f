import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../support/temporary';
import { runStubborn } from './stubborn';

const base = temporaryFolder();

const pidsIn = (folder: string): number[] => {
  const file = join(folder, 'volume', 'pids');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number) : [];
};

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that has ended and that nobody has asked for yet.
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('programs that ignore SIGTERM', () => {
  test('are gone when the run is stopped, with their children, and nothing new begins', async () => {
    const folder = join(base, 'stopped');
    const controller = new AbortController();
    const result = await runStubborn(folder, {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === 'log' && event.line === 'up') controller.abort();
      },
    });
    expect([result.phase, result.message, result.hooks]).toEqual(['Failed', 'the run was stopped', []]);
    expect(pidsIn(folder)).toHaveLength(2);
    expect(pidsIn(folder).filter(lives)).toEqual([]);
  });

  test('are gone when the process that runs them is killed', async () => {
    const folder = join(base, 'killed');
    const child = spawn(process.execPath, ['-r', 'ts-node/register', join(__dirname, 'stubborn.ts'), folder], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until(() => existsSync(join(folder, 'running')) || child.exitCode !== null);
    expect(pidsIn(folder).filter(lives)).toHaveLength(2);
    child.kill('SIGKILL');
    await ended;
    await until(() => pidsIn(folder).filter(lives).length === 0);
  }, 30_000);
});
