import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidInput, type Problem, throwIfAny } from '../core/problem';
import { type Dataset, isPrepared, prepareDataset } from './dataset';
import { build, hasEnvironment, isBuilt, type ModelPrograms, makeEnvironment, programsOf } from './environments';
import { BRANCH, type Places, repositoryUrl } from './places';
import { type Checkout, prepareModelRepository, preparePlatformRepository } from './platform-repository';
import { makeHome } from './programs';
import type { Progress } from './progress';
import { BYTES_AT_FIRST, BYTES_LATER, diskProblem, findPython, portProblems } from './requirements';
import { type Ports, urlOf } from './servers';

/** What a loop is made of. */
export interface Loop {
  readonly places: Places;
  readonly checkout: Checkout;
  readonly dataset: Dataset;
  readonly model: ModelPrograms;
  readonly ports: Ports;
  readonly progress: Progress;
  /** Stops everything. */
  readonly stopping: AbortController;
}

/**
 * Asks the machine for all that the loop needs, before anything is made.
 *
 * @returns the Python interpreter for new environments
 * @throws InvalidInput with everything that is missing
 */
export async function checkMachine({ places, ports, checkout, model }: Loop): Promise<string> {
  const { python: pythonPrograms, node: nodePrograms } = programsOf(places.checkout, model);
  const needsPython = pythonPrograms.some((program) => !hasEnvironment(places.checkout, program));
  const needsBuild = nodePrograms.some((program) => !isBuilt(places.checkout, program));
  const python = needsPython ? await findPython(process.env) : { value: 'python3' };
  const disk = diskProblem(places.checkout, needsPython || needsBuild ? BYTES_AT_FIRST : BYTES_LATER);
  throwIfAny([
    ...('problem' in python ? [python.problem] : []),
    ...(disk ? [disk] : []),
    ...(await portProblems(ports)),
    ...(checkout.uncommitted.includes('package-lock.json') ? [OTHER_DEPENDENCIES] : []),
  ]);
  return 'value' in python ? python.value : '';
}

/** A promotion renders the commit with the packages that are installed. */
const OTHER_DEPENDENCIES: Problem = {
  where: 'package-lock.json',
  what: 'has changes that are not committed, and the loop runs what is committed',
  fix: 'commit them, or bring the committed file back and run "npm ci"',
};

/** Makes what is missing, side by side: environments, builds, reviews and the two repositories. */
export async function prepare(loop: Loop, python: string): Promise<void> {
  const { places, dataset, model, progress, stopping } = loop;
  const programs = programsOf(places.checkout, model);
  const { signal } = stopping;
  for (const folder of [places.logs, dirname(places.platformRepository)]) mkdirSync(folder, { recursive: true });
  makeHome(places);

  const environment = async (program: string) => {
    if (hasEnvironment(places.checkout, program)) return;
    await progress.step(`Python environment of docker/${program}`, () =>
      makeEnvironment(places, program, python, signal),
    );
  };
  const program = async (name: string) => {
    if (isBuilt(places.checkout, name)) return;
    await progress.step(`packages and build of docker/${name}`, () => build(places, name, signal));
  };
  const made = new Map([
    ...programs.python.map((name) => [name, environment(name)] as const),
    ...programs.node.map((name) => [name, program(name)] as const),
  ]);
  const data = async () => {
    await made.get(model.training.image);
    if (isPrepared(places)) return;
    const what = dataset.source ?? 'made up; all results are labelled synthetic';
    await progress.step(`data (${what})`, () => prepareDataset(places, dataset, model.training, signal));
  };
  await together(stopping, [...made.values(), data(), repositories(loop)]);
}

async function repositories({ places, checkout, dataset, ports, progress, stopping }: Loop): Promise<void> {
  const machine = {
    platformRepository: repositoryUrl(places.platformRepository),
    modelRepository: repositoryUrl(places.modelRepository),
    branch: BRANCH,
    ...(dataset.file !== undefined && { dataset: dataset.file }),
    inferenceUrl: urlOf(ports.api),
    inferenceTestPort: ports.inferenceTest,
  };
  await prepareModelRepository(places);
  await progress.step(`platform repository at ${checkout.commit.slice(0, 12)}`, () =>
    preparePlatformRepository(places, checkout, machine, stopping.signal),
  );
}

/**
 * Waits for all; when one fails, the others are stopped first.
 *
 * @throws InvalidInput with the problems of all that failed by themselves
 */
async function together(stopping: AbortController, works: readonly Promise<void>[]): Promise<void> {
  for (const work of works) work.catch(() => stopping.abort());
  const failed = (await Promise.allSettled(works)).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  throwIfAny(failed.flatMap((error) => (error instanceof InvalidInput ? error.problems : [])));
  if (failed.length > 0) throw failed[0];
}
