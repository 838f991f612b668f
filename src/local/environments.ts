import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { throwIfAny } from '../core/problem';
import { runChild } from './child';
import type { Places } from './places';
import { type ImageProgram, isPython } from './programs';

/**
 * Programs that make, version, serve and show a model, by their folders below `docker/`.
 *
 * @throws InvalidInput when an image has no such folder
 */
export function programsOf(checkout: string, { training, serving }: ModelPrograms) {
  const all = [...new Set(['dvc', 'ui', training.image, serving.image])];
  const isProgram = (image: string) =>
    isPython(checkout, image) || existsSync(join(checkout, 'docker', image, 'package.json'));
  throwIfAny(
    all
      .filter((image) => !isProgram(image))
      .map((image) => ({
        where: `docker/${image}`,
        what: 'holds no program that can run here',
        fix: 'add its requirements.lock or package.json; images from elsewhere run in a cluster only',
      })),
  );
  return {
    python: all.filter((image) => isPython(checkout, image)),
    node: all.filter((image) => !isPython(checkout, image)),
  };
}

/** What trains and serves the model of a loop. */
export interface ModelPrograms {
  readonly training: ImageProgram;
  readonly serving: ImageProgram;
}

const LOCK = 'requirements.lock';
/** Holds the whole of what a test needs, too: the program itself runs in it as well. */
const TEST_LOCK = 'requirements-test.lock';

/** Whether a Python program's environment holds what its lock file says. */
export function hasEnvironment(checkout: string, program: string): boolean {
  const folder = join(checkout, 'docker', program);
  const isComplete = (lock: string) => isSame(join(folder, lock), join(folder, '.venv', lock));
  return existsSync(join(folder, '.venv', 'bin', 'python')) && [LOCK, TEST_LOCK].some(isComplete);
}

/** Makes a Python program's environment from its lock file, where it is not yet. */
export async function makeEnvironment(
  { checkout, logs }: Places,
  program: string,
  python: string,
  signal: AbortSignal,
): Promise<void> {
  await runChild(`docker/${program}/.venv`, join('docker', 'environment'), [join('docker', program), LOCK], {
    cwd: checkout,
    env: { ...process.env, PYTHON: python },
    signal,
    log: join(logs, `environment-${program}.log`),
  });
}

/** Written into what a build made: removed with it, so that half a build is made again. */
const BUILT_FROM = join('build', '.built-from');
/** The mark that the tests of these programs leave too. */
const INSTALLED = join('node_modules', '.lock-of-this-install');

/** Whether a TypeScript program is built from the sources that are there. */
export function isBuilt(checkout: string, program: string): boolean {
  const folder = join(checkout, 'docker', program);
  const mark = join(folder, BUILT_FROM);
  return hasPackages(folder) && existsSync(mark) && readFileSync(mark, 'utf8') === sourcesDigest(folder);
}

/** Installs a TypeScript program's packages and builds it, where that is not done yet. */
export async function build({ checkout, logs }: Places, program: string, signal: AbortSignal): Promise<void> {
  const folder = join(checkout, 'docker', program);
  const options = { cwd: folder, env: process.env, signal };
  if (!hasPackages(folder)) {
    await runChild(`docker/${program}/node_modules`, 'npm', ['ci', '--no-fund', '--no-audit'], {
      ...options,
      log: join(logs, `packages-${program}.log`),
    });
    cpSync(join(folder, 'package-lock.json'), join(folder, INSTALLED));
  }
  const digest = sourcesDigest(folder);
  await runChild(`docker/${program}/build`, 'npm', ['run', 'build'], {
    ...options,
    log: join(logs, `build-${program}.log`),
  });
  writeFileSync(join(folder, BUILT_FROM), digest);
}

function hasPackages(folder: string): boolean {
  return isSame(join(folder, 'package-lock.json'), join(folder, INSTALLED));
}

/** Of all that a build is made from. */
function sourcesDigest(folder: string): string {
  const hash = createHash('sha256');
  const files = ['src', 'static']
    .filter((name) => existsSync(join(folder, name)))
    .flatMap((name) =>
      readdirSync(join(folder, name), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    );
  const settings = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name));
  for (const file of [...files, ...settings].sort())
    hash.update(`${file.slice(folder.length)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function isSame(one: string, other: string): boolean {
  return existsSync(one) && existsSync(other) && readFileSync(one).equals(readFileSync(other));
}
