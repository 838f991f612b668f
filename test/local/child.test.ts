import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { runChild, startChild } from '../../src/local/child';
import { temporaryFolder } from '../support/temporary';

const folder = temporaryFolder();
const keeper = join(__dirname, '..', '..', 'bin', 'end-with-parent.js');
const options = (name: string, signal: AbortSignal) => ({
  cwd: folder,
  env: process.env,
  signal,
  log: join(folder, `${name}.log`),
});

/** Waits for something that will be so; a test that waits too long fails by its own limit. */
async function until<T>(question: () => T | undefined): Promise<T> {
  for (;;) {
    const answer = question();
    if (answer !== undefined) return answer;
    await sleep(10);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that has ended and that nobody has asked about yet still has a number.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const pidIn = (file: string) => () => (existsSync(file) && Number(readFileSync(file, 'utf8'))) || undefined;

describe('a program', () => {
  test('that fails is told by its last line, and all of it is kept', async () => {
    const { signal } = new AbortController();
    const work = runChild(
      'build',
      'sh',
      ['-c', 'echo first; echo; echo last >&2; echo; exit 3'],
      options('fail', signal),
    );
    await expect(work).rejects.toThrow(/^build: failed: last \(got 3\); .*fail\.log$/);
    expect(readFileSync(join(folder, 'fail.log'), 'utf8')).toBe('first\n\nlast\n\n');
  });

  test('that is not there is a problem of the machine', async () => {
    const { signal } = new AbortController();
    await expect(runChild('build', 'no-such-program', [], options('absent', signal))).rejects.toThrow(
      /^build: failed: no-such-program: cannot be started \(got ENOENT\)/,
    );
  });

  test('ends with all that it started when it is told', async () => {
    const stopping = new AbortController();
    const file = join(folder, 'grandchild');
    const script = `sleep 1000 & echo $! > ${file}; wait`;
    const child = startChild('sh', ['-c', script], options('stop', stopping.signal));
    const pid = await until(pidIn(file));
    expect(isAlive(pid)).toBe(true);
    stopping.abort();
    expect(await child.ended).toBeGreaterThan(0);
    await until(() => !isAlive(pid) || undefined);
  });

  const parent = (start: string) => `
    const child = require('node:child_process').spawn(...${start}, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    child.unref();
  `;

  test.each([
    [
      'ends with a parent that is killed',
      (sh: string) => `[process.execPath, ['${keeper}', 'sh', '-c', '${sh}']]`,
      true,
    ],
    ['started in the usual way, would stay', (sh: string) => `['sh', ['-c', '${sh}']]`, false],
  ])('%s', async (name, start, ends) => {
    const file = join(folder, name.replaceAll(' ', '-'));
    const script = `${parent(start(`echo $$ > ${file}; exec sleep 1000`))}; setInterval(() => undefined, 1000);`;
    const killed = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
    const pid = await until(pidIn(file));
    const ended = new Promise((resolve) => killed.on('exit', resolve));
    killed.kill('SIGKILL');
    await ended;
    if (ends) await until(() => !isAlive(pid) || undefined);
    else {
      expect(isAlive(pid)).toBe(true);
      process.kill(pid, 'SIGKILL');
    }
  });
});
