import { createHash, webcrypto } from 'node:crypto';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ModelError, type ModelMetadata, parseMetadata } from './metadata';
import { createModel, type Model } from './model';

const METADATA_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.f32';

/** Largest difference between a golden score and ours; `exp` differs in the last digits between libraries. */
const SCORE_TOLERANCE = 1e-9;

/**
 * Reads a model version and proves that it is whole: files, digests, every weight, and all golden texts.
 *
 * @param directory a model version's folder, or a symbolic link to one
 * @param expectedDigest refuse any other version
 * @throws {ModelError} with everything that is wrong with the folder
 */
export async function loadModel(directory: string, expectedDigest: string | undefined): Promise<Model> {
  const folder = await existing(directory);
  await requireTwoFiles(folder);
  const metadataPath = join(folder, METADATA_FILE);
  const weightsPath = join(folder, WEIGHTS_FILE);
  const [metadataBytes, weightBytes] = await Promise.all([readFile(metadataPath), readFile(weightsPath)]);

  const metadataSha256 = createHash('sha256').update(metadataBytes).digest('hex');
  const weightsSha256 = Buffer.from(await webcrypto.subtle.digest('SHA-256', weightBytes)).toString('hex');
  const digest = folderDigest(metadataSha256, weightsSha256);
  if (expectedDigest !== undefined && digest !== expectedDigest) {
    const fix = 'pin the digest of this version or mount the pinned one';
    throw new ModelError([
      `${folder}: is another model version than the pinned ${expectedDigest} (got ${digest}); ${fix}`,
    ]);
  }

  const metadata = parseMetadata(metadataBytes.toString('utf8'), metadataPath);
  const weights = await readWeights(weightBytes, weightsSha256, metadata, weightsPath);
  const model = createModel(metadata, weights, digest);
  requireGoldenScores(model, metadataPath);
  return model;
}

/** Digest of a version: the SHA-256 of what `sha256sum model.json weights.f32` prints. */
export function folderDigest(metadataSha256: string, weightsSha256: string): string {
  const manifest = `${metadataSha256}  ${METADATA_FILE}\n${weightsSha256}  ${WEIGHTS_FILE}\n`;
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
}

async function existing(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ModelError([`${directory}: cannot be opened (got ${code}); name the folder of a model version`]);
  }
}

async function requireTwoFiles(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new ModelError([`${folder}: cannot be listed (got ${error.code}); name the folder of a model version`]);
  });
  const problems: string[] = [];
  for (const name of [METADATA_FILE, WEIGHTS_FILE]) {
    if (!names.includes(name)) problems.push(`${folder}: has no ${name}; name the folder of a model version`);
    else if (!(await lstat(join(folder, name))).isFile()) {
      problems.push(`${join(folder, name)}: must be a regular file; copy the file itself`);
    }
  }
  for (const name of names) {
    if (name === METADATA_FILE || name === WEIGHTS_FILE) continue;
    problems.push(`${join(folder, name)}: does not belong to a model version; remove it`);
  }
  if (problems.length > 0) throw new ModelError(problems);
}

async function readWeights(
  bytes: Buffer<ArrayBuffer>,
  sha256: string,
  metadata: ModelMetadata,
  where: string,
): Promise<Float32Array> {
  const problems: string[] = [];
  const expectedBytes = 4 * metadata.weights.count;
  if (bytes.length !== expectedBytes) {
    problems.push(`${where}: must have ${expectedBytes} bytes (got ${bytes.length}); copy the model version again`);
  }
  if (sha256 !== metadata.weights.sha256) {
    const expected = `must have the SHA-256 ${metadata.weights.sha256} that model.json states`;
    problems.push(`${where}: ${expected} (got ${sha256}); copy the model version again`);
  }
  if (problems.length > 0) throw new ModelError(problems);
  if (endianness() === 'BE') bytes.swap32();
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.from(Uint8Array.from(bytes).buffer);
  const weights = new Float32Array(aligned.buffer, aligned.byteOffset, metadata.weights.count);
  await requireExactWeights(weights, where);
  return weights;
}

/** Weights are multiples of 2^-20 up to 16: then sums are exact. Looks at a part at a time, requests come in between. */
async function requireExactWeights(weights: Float32Array, where: string): Promise<void> {
  const part = 2 ** 16;
  for (let start = 0; start < weights.length; start += part) {
    const end = Math.min(weights.length, start + part);
    for (let index = start; index < end; index += 1) {
      const scaled = (weights[index] as number) * 2 ** 20;
      if (Number.isInteger(scaled) && Math.abs(scaled) <= 2 ** 24) continue;
      const rule = 'must be a multiple of 2 ** -20 of at most 16';
      throw new ModelError([`${where}: weight ${index} ${rule} (got ${weights[index]}); train it again`]);
    }
    await setImmediate();
  }
}

function requireGoldenScores(model: Model, where: string): void {
  const problems: string[] = [];
  model.metadata.golden.forEach((golden, index) => {
    const margin = model.margin(golden.text);
    const score = model.probability(margin);
    const expected = `golden[${index}]: must score as stored, margin ${golden.margin} and score ${golden.score}`;
    if (margin === golden.margin && Math.abs(score - golden.score) <= SCORE_TOLERANCE) return;
    problems.push(`${where}: ${expected} (got ${margin} and ${score}); train with a matching trainer`);
  });
  if (problems.length > 0) throw new ModelError(problems);
}
