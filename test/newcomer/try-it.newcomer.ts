import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findTool } from '../support/tools';
import { install, makeNewcomer, promote, rollBack, train } from './newcomer';

/** As much of Playwright's API as is used; the package comes with the clone's own page. */
interface Page {
  goto(url: string): Promise<unknown>;
  getByText(text: string): { waitFor(): Promise<void> };
  locator(selector: string): {
    fill(text: string): Promise<void>;
    click(): Promise<void>;
    textContent(): Promise<string | null>;
    waitFor(): Promise<void>;
  };
}
interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

const { clone, arrive, page: address, done, ready, stop, edit, use, asked, leave } = makeNewcomer();
let browser: Browser | undefined;

/** What the page shows for a review. */
async function judged(version: string): Promise<string> {
  if (!browser) throw new Error('there is no browser');
  const page = await browser.newPage();
  await page.goto(address());
  await page.getByText(`Ready: sentiment ${version}`).waitFor();
  await page.locator('#review').fill('A wonderful film, but a little too long.');
  await page.locator('#single button.primary').click();
  await page.locator('#sureness').waitFor();
  return (await page.locator('#sureness').textContent()) ?? '';
}

beforeAll(arrive);

afterAll(async () => {
  await browser?.close();
  await leave();
});

test('who has only just cloned this tries it with what the README says', async () => {
  await done(install);
  expect(await ready()).toContain('labelled synthetic');

  const chromium = findTool('chromium');
  if (!chromium) throw new Error('Chromium is wanted: install chromium');
  const { chromium: driver } = createRequire(join(clone, 'docker', 'ui', 'package.json'))('playwright-core');
  // Containers and CI have no user namespaces for Chromium's own sandbox.
  browser = await driver.launch({ executablePath: chromium, args: ['--no-sandbox'] });

  const before = await judged('v0.1.0');
  expect(before).toMatch(/^\d\d\.\d % confident$/);
  expect(await done(train)).toContain('version: v0.2.0');
  expect(await judged('v0.1.0')).toBe(before);
  await done(promote);
  expect(await judged('v0.2.0')).not.toBe(before);
  await done(rollBack);
  expect(await judged('v0.1.0')).toBe(before);

  // It is all in the loop: the checkout is as it was cloned.
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: clone, encoding: 'utf8' });
  expect(git('status', '--porcelain')).toBe('');
  expect(git('rev-parse', 'HEAD')).toBe(git('rev-parse', 'origin/HEAD'));
});

test('the same version goes the way of the pipeline, too', async () => {
  await done('npm run workflow -- promote-model-version --local -p version=v0.2.0');
  await judged('v0.2.0');
  await done('npm run workflow -- promote-model-version --local -p version=previous');
  await judged('v0.1.0');
});

test('Ctrl-C ends all of it, and the next start goes on', async () => {
  expect(await stop('SIGINT')).toMatch(/^stopped$/m);
  await expect(asked('/health')).rejects.toThrow();
  await ready();
  await judged('v0.1.0');
});

test('nothing outlives a loop that is killed, and the next start goes on', async () => {
  await stop('SIGKILL');
  await ready();
  await judged('v0.1.0');
});

test('it is forgotten when it is told so, but not while it runs', async () => {
  await expect(done('npm run reset')).rejects.toThrow(/npm start runs already/);
  await stop('SIGINT');
  await done('npm run reset');
  expect(existsSync(join(clone, '.local'))).toBe(false);
});

test('a new model of texts goes the whole way', async () => {
  await done('npm run new-model -- film-reviews');
  await use('film-reviews', 'filmReviews');
  expect(await ready()).toContain('serves film-reviews v0.1.0');
  expect(await asked('/model')).toMatchObject({ name: 'film-reviews', version: 'v0.1.0', task: 'sentiment' });
  expect(await asked('/predict', { text: 'wonderful' })).toMatchObject({ model_version: 'v0.1.0' });
  await stop('SIGINT');
  await done('npm run reset');
});

test('a new model of a table, with an image and features of its own, goes the whole way', async () => {
  await done('npm run new-model -- box-fit --kind tabular');
  edit('src/clusters/laptop.images.json', '{\n', '{\n  "box-fit": { "repository": "box-fit", "tag": "0.1.0" },\n');
  edit('src/clusters/laptop.ts', "import { filmReviews } from '../models/film-reviews';\n", '');
  edit(
    'src/clusters/laptop.ts',
    '...filmReviews.pipelines, approval: false },\n  inference: { ...homelab.inference, ...filmReviews.inference },',
    'approval: false },',
  );
  await use('box-fit', 'boxFit');
  await done('npx jest test/models');
  await done('docker/box-fit/test');
  await ready();
  expect(await asked('/model')).toMatchObject({ name: 'box-fit', version: 'v0.1.0', task: 'classification' });
  const box = { features: { length: 14, width: 6, height: 12, weight: 8 } };
  const before = await asked('/predict', box);
  expect(before).toMatchObject({ label: 'yes', model_version: 'v0.1.0' });
  await done('npm run workflow -- train-new-model-version --local');
  await done('npm run promote -- model box-fit@v0.2.0 --to laptop --local --allow-worse');
  const after = await asked('/predict', box);
  expect(after).toMatchObject({ model_version: 'v0.2.0' });
  expect(after.confidence).not.toBe(before.confidence);
  await done('npm run rollback -- model box-fit --in laptop --local');
  expect(await asked('/predict', box)).toMatchObject({ confidence: before.confidence, model_version: 'v0.1.0' });
  await stop('SIGINT');
});
