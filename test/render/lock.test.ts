import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, jest, test } from '@jest/globals';
import { InvalidInput } from '../../src/core/problem';
import { withLock } from '../../src/render/lock';
import { temporaryFolder } from '../support/temporary';
import { compile, publishing } from './compiled';

const folder = temporaryFolder();
const environment = compile(folder, [...publishing, 'test/render/lock-worker.ts']);
const children: ChildProcess[] = [];

afterEach(async () => {
  jest.restoreAllMocks();
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
});

/** Starts a process that takes the lock and keeps it, and waits for what it says about that. */
async function holder(file: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [join(folder, 'test/render/lock-worker.js'), file], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [data] = await once(child.stdout, 'data');
  return { child, said: String(data).trim() };
}

test('of two at once, the second fails clearly and the first goes on', async () => {
  const file = join(folder, 'two.lock');
  const result = await withLock(file, async () => {
    await expect(withLock(file, async () => 'second')).rejects.toThrow(
      `two.lock: another command is at work (process ${process.pid}); wait until it has ended and try again`,
    );
    return 'first';
  });
  expect(result).toBe('first');
});

test('the lock is free again after success and after failure', async () => {
  const file = join(folder, 'again.lock');
  await expect(withLock(file, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  await expect(withLock(file, async () => 'done')).resolves.toBe('done');
});

test('the message names the process that holds it', async () => {
  const file = join(folder, 'named.lock');
  const { child, said } = await holder(file);
  expect(said).toBe('locked');
  await expect(withLock(file, async () => undefined)).rejects.toThrow(`(process ${child.pid})`);
});

test('what a killed process held is free at once, for exactly one of many that want it', async () => {
  const file = join(folder, 'killed.lock');
  const first = await holder(file);
  const ended = once(first.child, 'exit');
  first.child.kill('SIGKILL');
  await ended;
  expect(readFileSync(file, 'utf8')).toBe(String(first.child.pid));
  const said = (await Promise.all(Array.from({ length: 4 }, () => holder(file)))).map((one) => one.said);
  expect(said.filter((text) => text === 'locked')).toHaveLength(1);
  expect(said.filter((text) => text.includes('another command is at work'))).toHaveLength(3);
});

test.each([
  ['is empty, because its writer was killed before it wrote', ''],
  ['names a process that lives, because its number was given again', String(process.pid)],
  ['holds anything else', 'no number'],
])('a file that nobody has locked does not stop anyone, even when it %s', async (_name, content) => {
  const file = join(folder, 'left.lock');
  writeFileSync(file, content);
  await expect(withLock(file, async () => 'done')).resolves.toBe('done');
});

test('on a read-only file system nobody writes, and reading needs no lock', async () => {
  jest.spyOn(fs, 'openSync').mockImplementation(() => {
    throw Object.assign(new Error('EROFS'), { code: 'EROFS' });
  });
  await expect(withLock(join(folder, 'read-only.lock'), async () => 'read')).resolves.toBe('read');
});

test('without permission to write beside the folder it fails, and does no work', async () => {
  jest.spyOn(fs, 'openSync').mockImplementation(() => {
    throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
  });
  const work = jest.fn(async () => undefined);
  await expect(withLock(join(folder, 'denied.lock'), work)).rejects.toThrow('EACCES');
  expect(work).not.toHaveBeenCalled();
});

test('a busy lock is a mistake that people can mend, not a defect', async () => {
  const file = join(folder, 'kind.lock');
  await withLock(file, async () => {
    await expect(withLock(file, async () => undefined)).rejects.toBeInstanceOf(InvalidInput);
  });
});
