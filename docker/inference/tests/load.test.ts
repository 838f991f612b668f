import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { loadModel } from '../src/model/load';
import { ModelError, parseMetadata } from '../src/model/metadata';
import { type SyntheticModel, sha256, syntheticModel, temporaryFolder, writeModel } from './support/model-folder';

let folder = '';

beforeEach(async () => {
  folder = join(await temporaryFolder(), 'v1.0.0');
});

async function problems(model: SyntheticModel | undefined, expectedDigest?: string): Promise<string> {
  if (model) await writeModel(folder, model);
  try {
    await loadModel(folder, expectedDigest);
  } catch (error) {
    assert.ok(error instanceof ModelError, String(error));
    return error.problems.join('\n');
  }
  return '';
}

/** The synthetic model with one member of model.json replaced. */
function withMember(change: Readonly<Record<string, unknown>>): SyntheticModel {
  const model = syntheticModel();
  return { ...model, metadata: { ...model.metadata, ...change } };
}

function withWeight(value: number): SyntheticModel {
  const { metadata, weights } = syntheticModel();
  weights[7] = value;
  const stated = { ...metadata.weights, sha256: sha256(new Uint8Array(weights.buffer)) };
  return { metadata: { ...metadata, weights: stated }, weights };
}

// From build/tests, the compiled place of this file.
const trainedModel = join(__dirname, '../../../trainer/tests/vectors/model');
const noTrainedModel = existsSync(trainedModel) ? false : 'docker/trainer/tests/vectors/model is missing';

describe('loading a model folder', () => {
  test('accepts what the trainer writes: its golden texts score here as there', { skip: noTrainedModel }, async () => {
    const { metadata } = await loadModel(trainedModel, undefined);
    assert.ok(metadata.golden.length > 0);
  });

  test('accepts a whole one, and a link to it, and states its digest as sha256sum would', async () => {
    await writeModel(folder, syntheticModel());
    const link = join(await temporaryFolder(), 'current');
    await symlink(folder, link);
    const manifest = execFileSync('sha256sum', ['model.json', 'weights.f32'], { cwd: folder });
    const model = await loadModel(link, undefined);
    assert.equal(model.digest, `sha256:${sha256(manifest)}`);
    assert.equal(model.metadata.version, 'v1.0.0');
    await loadModel(folder, model.digest);
  });

  test('refuses another version than the pinned one', async () => {
    assert.match(await problems(syntheticModel(), `sha256:${'0'.repeat(64)}`), /another model version than the pinned/);
  });

  test('says which file is missing, is no file, or does not belong there', async () => {
    assert.match(await problems(undefined), /cannot be opened \(got ENOENT\)/);
    await mkdir(folder);
    assert.match(await problems(undefined), /has no model.json.*\n.*has no weights.f32/);
    await rm(folder, { recursive: true });
    await writeModel(folder, syntheticModel());
    await writeFile(join(folder, 'code.pkl'), '');
    assert.match(await problems(undefined), /code.pkl: does not belong to a model version/);
    await rm(join(folder, 'code.pkl'));
    await rm(join(folder, 'weights.f32'));
    await symlink('/dev/zero', join(folder, 'weights.f32'));
    assert.match(await problems(undefined), /weights.f32: must be a regular file/);
  });

  test('refuses weights that are cut short, changed, or would make sums inexact', async () => {
    await writeModel(folder, syntheticModel());
    await appendFile(join(folder, 'weights.f32'), 'x');
    assert.match(await problems(undefined), /must have 16384 bytes \(got 16385\).*\n.*must have the SHA-256/);
    for (const weight of [Number.NaN, Number.POSITIVE_INFINITY, 17, 2 ** -21]) {
      await rm(folder, { recursive: true });
      assert.match(await problems(withWeight(weight)), /weight 7 must be a multiple of 2 \*\* -20/);
    }
  });

  test('refuses a model that does not score its golden texts as stored', async () => {
    const { golden } = syntheticModel().metadata;
    const wrong = golden.map((one, index) => (index === 2 ? { ...one, score: one.score + 1e-6 } : one));
    assert.match(await problems(withMember({ golden: wrong })), /golden\[2\]: must score as stored/);
    await rm(folder, { recursive: true });
    assert.match(await problems(withMember({ bias: 0.25 })), /golden\[0\].*\n.*golden\[1\].*\n.*golden\[2\]/);
  });

  test('accepts a golden score that differs in the last digits only', async () => {
    const { golden } = syntheticModel().metadata;
    assert.equal(
      await problems(withMember({ golden: golden.map((one) => ({ ...one, score: one.score + 1e-10 })) })),
      '',
    );
  });
});

describe('reading model.json', () => {
  const whole = syntheticModel().metadata;

  test('names every member that is missing or wrong', () => {
    const wrong = { ...whole, schema: 'cdk8s-mlops/model/v2', version: 'latest', golden: [] };
    assert.throws(
      () => parseMetadata(JSON.stringify(wrong), 'model.json'),
      ({ problems: found }: ModelError) =>
        ['schema', 'version', 'golden'].every((member) =>
          found.some((line) => line.startsWith(`model.json: ${member} `)),
        ),
    );
  });

  test('refuses a number of weights that does not fit the bits, and a bias that makes sums inexact', () => {
    const odd = { ...whole, weights: { ...whole.weights, count: 5 } };
    assert.throws(() => parseMetadata(JSON.stringify(odd), 'm'), /weights.count must be .* = 4096 \(got 5\)/);
    assert.throws(() => parseMetadata(JSON.stringify({ ...whole, bias: 0.1 }), 'm'), /bias must be a multiple/);
  });

  test('ignores members that it does not know', () => {
    assert.equal(parseMetadata(JSON.stringify({ ...whole, added: 1 }), 'm').name, 'sentiment');
  });

  test('says what is wrong with any text, and never anything else', async () => {
    const file = JSON.stringify(whole);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.nat(file.length - 1).map((end) => file.slice(0, end)),
        ),
        (text) => {
          assert.throws(() => parseMetadata(text, 'm'), ModelError);
        },
      ),
    );
    await writeModel(folder, syntheticModel());
    parseMetadata(await readFile(join(folder, 'model.json'), 'utf8'), 'm');
  });
});
