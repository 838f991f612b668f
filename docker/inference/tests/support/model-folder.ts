import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFeatureHasher, SCHEME } from '../../src/model/features';
import type { ModelMetadata } from '../../src/model/metadata';
import { createModel } from '../../src/model/model';

/** Made-up weights: no text was ever learned from. */
export const SYNTHETIC_WEIGHTS: Readonly<Record<string, number>> = {
  wonderful: 2.5,
  brilliant: 2,
  good: 1.25,
  'not good': -2.75,
  bad: -1.5,
  awful: -2.25,
  'waste of': -1,
  été: 0.5,
};

const GOLDEN_TEXTS = ['', 'A wonderful, brilliant film.', 'Not good: an awful waste of time.', 'Un été brillant 🎬'];

export interface SyntheticModel {
  readonly metadata: ModelMetadata;
  readonly weights: Float32Array;
}

/** A small complete model (synthetic) whose golden texts score as stored. */
export function syntheticModel(version = 'v1.0.0', bias = 0, bits = 12): SyntheticModel {
  const weights = new Float32Array(2 ** bits);
  const hasher = createFeatureHasher(bits);
  for (const [text, weight] of Object.entries(SYNTHETIC_WEIGHTS)) {
    const ngrams = hasher.ngrams(text);
    const bucket = ngrams[ngrams.length > 1 ? 1 : 0]?.bucket ?? 0;
    weights[bucket] = weight;
  }
  const unfinished: ModelMetadata = {
    schema: 'cdk8s-mlops/model/v1',
    name: 'sentiment',
    version,
    task: 'sentiment',
    labels: ['negative', 'positive'],
    features: { scheme: SCHEME, bits },
    weights: { file: 'weights.f32', count: weights.length, sha256: sha256(new Uint8Array(weights.buffer)) },
    bias,
    calibration: { slope: 1.5, intercept: 0.125 },
    metrics: { accuracy: 0.75, f1: 0.75, rocAuc: 0.8, logLoss: 0.5, calibrationError: 0.02, examples: 200 },
    synthetic: true,
    data: { sha256: '0'.repeat(64), source: 'synthetic, written by a test', training: 800, test: 200 },
    training: { seed: 1 },
    codeRevision: 'unknown',
    scoreHistogram: [40, 20, 20, 10, 10, 10, 10, 20, 20, 40],
    golden: [],
  };
  const model = createModel(unfinished, weights, '');
  const golden = GOLDEN_TEXTS.map((text) => {
    const margin = model.margin(text);
    return { text, margin, score: model.probability(margin) };
  });
  return { metadata: { ...unfinished, golden }, weights };
}

/** Writes the two files of a model version into `folder`: aside, then renamed. */
export async function writeModel(folder: string, { metadata, weights }: SyntheticModel): Promise<void> {
  const aside = await mkdtemp(`${folder}.`);
  await writeFile(join(aside, 'weights.f32'), new Uint8Array(weights.buffer));
  await writeFile(join(aside, 'model.json'), `${JSON.stringify(metadata, undefined, 2)}\n`);
  await rename(aside, folder);
}

const temporaryFolders: string[] = [];
process.once('exit', () => {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
});

/** A new temporary folder, removed when the tests of this file are over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inference-test-'));
  temporaryFolders.push(folder);
  return folder;
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
