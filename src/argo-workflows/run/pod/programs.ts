import type { StepEnd } from '../executor';
import type { ChildEnd } from './child';
import type { Container, PodPrograms } from './containers';

/**
 * Runs the containers of a pod: those before one after the other, then the main ones with the sidecars beside them,
 * which end with the last of the main ones.
 */
export async function runPrograms(
  programs: PodPrograms,
  signal: AbortSignal,
  start: (container: Container, signal: AbortSignal) => Promise<ChildEnd>,
): Promise<StepEnd> {
  for (const container of programs.init) {
    const { exitCode } = await start(container, signal);
    if (exitCode !== 0) return { exitCode };
  }
  const over = new AbortController();
  const beside = AbortSignal.any([signal, over.signal]);
  const sidecars = programs.sidecars.map((container) => start(container, beside));
  try {
    return await runSet(programs.main, signal, start);
  } finally {
    over.abort();
    await Promise.allSettled(sidecars);
  }
}

/** Runs containers as soon as those that they depend on have succeeded; what depends on a failed one does not run. */
async function runSet(
  containers: readonly Container[],
  signal: AbortSignal,
  start: (container: Container, signal: AbortSignal) => Promise<ChildEnd>,
): Promise<StepEnd> {
  const started = new Map<string, Promise<ChildEnd | undefined>>();
  const run = (container: Container): Promise<ChildEnd | undefined> => {
    const known = started.get(container.name);
    if (known !== undefined) return known;
    const needed = containers.filter((each) => container.dependencies.includes(each.name)).map(run);
    const ended = Promise.all(needed).then((before) =>
      before.every((end) => end?.exitCode === 0) ? start(container, signal) : undefined,
    );
    started.set(container.name, ended);
    return ended;
  };
  const ends = await Promise.all(containers.map(run));
  const failed = ends.find((end) => end !== undefined && end.exitCode !== 0);
  const main = ends[containers.findIndex((each) => each.name === 'main')] ?? ends.at(-1);
  return { exitCode: failed?.exitCode ?? 0, result: main?.stdout ?? '' };
}
