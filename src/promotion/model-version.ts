import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidInput } from '../core/problem';
import { GitFailure, type GitOptions, gitIn } from './git';

/** A version of a model as its tag in the model repository states it. */
export interface ModelVersion {
  readonly name: string;
  /** Such as `v1.2.0`. */
  readonly version: string;
  /** Digest of its folder. */
  readonly digest: string;
  /** Metrics of the evaluation, by name. */
  readonly metrics: Readonly<Record<string, number>>;
}

const REFERENCE = /^([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)@(v(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*))$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * Splits `sentiment@v1.2.0`.
 * @throws InvalidInput when it is something else
 */
export function parseModelReference(text: string): { name: string; version: string } {
  const [, name, version] = REFERENCE.exec(text) ?? [];
  if (name && version) return { name, version };
  throw new InvalidInput([
    {
      where: 'model',
      what: 'is not a model version',
      got: text,
      fix: 'write NAME@vMAJOR.MINOR.PATCH, such as sentiment@v1.2.0',
    },
  ]);
}

/**
 * Reads what the annotated tag of a version says, from the model repository itself.
 *
 * @throws InvalidInput when the repository cannot be read, has no such tag, or the tag states no digest
 */
export async function readModelVersion(
  repository: string,
  reference: string,
  options: GitOptions = {},
): Promise<ModelVersion> {
  const { name, version } = parseModelReference(reference);
  const directory = mkdtempSync(join(tmpdir(), 'model-version-'));
  try {
    const git = gitIn(directory, options);
    await git('init', '--quiet', '--bare', '.');
    const tag = `refs/tags/${reference}`;
    await git('fetch', '--quiet', '--depth=1', '--no-tags', repository, `+${tag}:${tag}`);
    return { name, version, ...parseTag(reference, await git('cat-file', 'tag', tag)) };
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    const missing = /couldn't find remote ref/.test(error.output);
    const bare = /bad file|tag/.test(error.output) && error.args[0] === 'cat-file';
    throw new InvalidInput([
      missing
        ? {
            where: reference,
            what: 'is no version in the model repository',
            got: repository,
            fix: 'train it first, or name one of its tags',
          }
        : bare
          ? {
              where: reference,
              what: 'is a tag without a message',
              fix: 'make versions with the train-new-model-version pipeline',
            }
          : {
              where: repository,
              what: `cannot be read: ${lastLine(error.output)}`,
              fix: 'check the URL and the rights to read it',
            },
    ]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function parseTag(reference: string, tag: string): Pick<ModelVersion, 'digest' | 'metrics'> {
  const trailers = new Map(
    [...tag.matchAll(/^([A-Z][A-Za-z-]*): (.*)$/gm)].map(([, key = '', value = '']) => [key, value]),
  );
  const digest = trailers.get('Digest') ?? '';
  if (!DIGEST.test(digest)) {
    throw new InvalidInput([
      {
        where: reference,
        what: 'its tag states no digest',
        got: digest,
        fix: 'make versions with the train-new-model-version pipeline',
      },
    ]);
  }
  return { digest, metrics: parseMetrics(trailers.get('Metrics')) };
}

function parseMetrics(text: string | undefined): Record<string, number> {
  if (text === undefined) return {};
  try {
    const entries = Object.entries(JSON.parse(text) as object);
    return Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
  } catch {
    return {};
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
