import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { install, makeNewcomer } from './newcomer';

/** Gigabytes of packages: no part of the other tests, but of `npm run test:generation`. */
const { arrive, done, ready, stop, edit, use, asked, leave } = makeNewcomer();

const FILE = 'src/models/story.ts';
/** A tiny model of random weights learns nothing at the rate of a trained one. */
const RATES = ["standard: { epochs: 1, 'learning-rate': 0.00005", "compact: { epochs: 1, 'learning-rate': 0.00005"];

beforeAll(arrive);
afterAll(leave);

const write = (seed: number) => asked('/predict', { text: 'The film begins', seed });

test('a new model that writes is made as this project is written', async () => {
  await done(install);
  await done('npm run new-model -- story --kind generation');
  await done('npx biome check src/models test/models');
  edit('src/clusters/laptop.images.json', '{\n', '{\n  "story": { "repository": "story", "tag": "0.1.0" },\n');
  for (const rate of RATES) edit(FILE, rate, rate.replace('0.00005', '0.003'));
  await use('story', 'story');
  await done('npx jest test/models');
});

test('its program passes its tests, on a tiny model', async () => {
  await done('docker/story/test');
});

test('a loop that lacks the base model says so', async () => {
  await expect(ready()).rejects.toThrow(/docker\/story\/base-model: holds no config\.json/);
});

test('it goes the whole way: training, promotion, rollback', async () => {
  const tiny = 'docker/story/tests/tiny.py docker/story/base-model';
  await done(`env PYTHONPATH=docker/story/src docker/story/.venv/bin/python ${tiny}`);
  await ready();
  expect(await asked('/model')).toMatchObject({
    name: 'story',
    version: 'v0.1.0',
    task: 'text-generation',
    synthetic: true,
  });
  const before = await write(1);
  expect(before).toMatchObject({ model_version: 'v0.1.0', seed: 1 });
  expect((await write(1)).generated).toBe(before.generated);
  expect((await write(2)).generated).not.toBe(before.generated);

  await done('npm run workflow -- train-new-model-version --local');
  await done('npm run workflow -- train-and-inference-testing --local');
  await done('npm run promote -- model story@v0.2.0 --to laptop --local --allow-worse');
  const after = await write(1);
  expect(after).toMatchObject({ model_version: 'v0.2.0' });
  expect(after.generated).not.toBe(before.generated);
  await done('npm run rollback -- model story --in laptop --local');
  expect(await write(1)).toMatchObject({ model_version: 'v0.1.0', generated: before.generated });
  await stop('SIGINT');
});

test('what the cluster says of generation is what its server does', async () => {
  edit(FILE, 'maximumLength: 300', 'maximumLength: 12');
  await ready();
  const { given_tokens: given, generated_tokens: generated } = await write(1);
  expect(Number(given) + Number(generated)).toBe(12);
  await stop('SIGINT');
});

test('a setting that cannot be is an error before anything is rendered', async () => {
  edit(FILE, 'temperature: 0.55', 'temperature: 0');
  await expect(done('npm run synth')).rejects.toThrow(
    /error: laptop\.inference\.program\.generation\.temperature: is too small \(got 0\); write at least 0\.01/,
  );
});
