import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InvalidInput } from '../core/problem';
import { runChild } from './child';
import type { Places } from './places';
import { type ImageProgram, onHost } from './programs';

/** How many reviews are made up: enough for a good model, and for a run of a few seconds. */
const REVIEWS = 2000;
const GENERATED = 'reviews.jsonl';
/** By which the trainer tells formats. */
const EXTENSIONS = /\.(?:(?:csv|jsonl|ndjson|tar)(?:\.gz)?|tgz)$/i;

/** Which reviews the loop learns from. */
export interface Dataset {
  /** Of the person's reviews; undefined for generated ones. */
  readonly source?: string;
  /** Name in the folder of reviews; undefined for a tree. */
  readonly file?: string;
}

/**
 * Says which reviews are meant.
 *
 * @param path what the person named
 * @throws InvalidInput when there is nothing, or other reviews are in use already: models of both would be compared
 */
export function chooseDataset(places: Places, path: string | undefined): Dataset {
  const before = readDataset(places);
  if (path === undefined) return before ?? { file: GENERATED };
  const source = resolve(path);
  if (!existsSync(source)) {
    throw invalid('is not there', path, 'name the Kaggle CSV, a folder like aclImdb, or an archive of one');
  }
  if (before && before.source !== source) {
    throw invalid(
      `others are in use (${before.source ?? 'generated ones'}), and models of both cannot be compared`,
      path,
      'run "npm run reset" first',
    );
  }
  if (statSync(source).isDirectory()) return { source };
  const [extension] = EXTENSIONS.exec(source) ?? [];
  if (extension === undefined) {
    throw invalid(
      'its name does not tell the format',
      path,
      'name a .csv, .jsonl or .tar file, or one of them with .gz',
    );
  }
  // Under a name that suits a cluster's data, whatever it is called here.
  return { source, file: `reviews${extension.toLowerCase()}` };
}

/** Whether there are reviews where the claim of the data set leads to. */
export function isPrepared(places: Places): boolean {
  return readDataset(places) !== undefined;
}

/**
 * Puts the reviews where the claim of the data set leads to; those that are there stay.
 *
 * @param training makes them up
 */
export async function prepareDataset(
  places: Places,
  dataset: Dataset,
  training: ImageProgram,
  signal: AbortSignal,
): Promise<void> {
  if (isPrepared(places)) return;
  const folder = places.volume('dataset');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  if (dataset.source === undefined) await generate(places, training, folder, signal);
  else if (dataset.file === undefined) symlinkSync(dataset.source, folder);
  else {
    mkdirSync(folder);
    symlinkSync(dataset.source, join(folder, dataset.file));
  }
  // Last: without it, the reviews are prepared again.
  writeFileSync(`${mark(places)}.new`, JSON.stringify(dataset));
  renameSync(`${mark(places)}.new`, mark(places));
}

async function generate(places: Places, training: ImageProgram, folder: string, signal: AbortSignal): Promise<void> {
  const made = join(places.folder, 'generated');
  rmSync(made, { recursive: true, force: true });
  const { command, args, env } = onHost(places, training);
  await runChild('synthetic data', command, [...args, 'generate', '--size', String(REVIEWS), '--output', made], {
    cwd: places.folder,
    env,
    signal,
    log: join(places.logs, 'generate.log'),
  });
  mkdirSync(folder);
  const parts = ['train.jsonl', 'test.jsonl'].map((name) => readFileSync(join(made, name), 'utf8'));
  writeFileSync(join(folder, GENERATED), parts.join(''));
  rmSync(made, { recursive: true });
}

function readDataset(places: Places): Dataset | undefined {
  if (!existsSync(mark(places))) return undefined;
  return JSON.parse(readFileSync(mark(places), 'utf8')) as Dataset;
}

function mark({ folder }: Places): string {
  return join(folder, 'dataset.json');
}

function invalid(what: string, got: string, fix: string): InvalidInput {
  return new InvalidInput([{ where: '--dataset', what, got, fix }]);
}
