import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/temporary';
import { killLoop } from './kill';

/** `npm run test:kill` asks for 400. */
const kills = Number(process.env.KILLS ?? 10);
const folder = temporaryFolder();

function emptyFolder(name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name);
}

test(`killed ${kills} times while it publishes, no tree is mixed and none is lost`, async () => {
  const { whole, absent, mixed, interrupted, lost } = await killLoop(emptyFolder('whole-tree'), kills, 'whole-tree');
  process.stderr.write(
    `after ${kills} kills, ${interrupted} of them within a publish: ${whole} whole, ${absent} absent, ${mixed} mixed\n`,
  );
  expect(interrupted).toBeGreaterThan(0);
  expect({ mixed, lost }).toEqual({ mixed: 0, lost: 0 });
}, 300_000);

test('the same kills leave mixed trees when files are replaced one by one', async () => {
  const { mixed } = await killLoop(emptyFolder('file-by-file'), kills, 'file-by-file');
  process.stderr.write(`file by file, after ${kills} kills: ${mixed} mixed\n`);
  expect(mixed).toBeGreaterThan(0);
}, 300_000);
