import { dirname, isAbsolute } from 'node:path';
import { fieldsOf, scalarText } from '../../lint/fields';
import type { Step, StepEnd } from '../executor';
import type { PathMap } from '../process/paths';
import { collectOutputs, placeArtifacts } from './artifacts';
import type { ChildEnd } from './child';
import { type Container, readPrograms } from './containers';
import { runPrograms } from './programs';
import { ADDRESS, refuseTakenPort, untilReady } from './readiness';
import { made } from './volumes';

/** How containers are started on this machine. */
export interface PodHost {
  /** Where the paths of a container are. */
  readonly mapOf: (container: Container) => PathMap;
  /** What a program says, in the words of a cluster. */
  readonly translate: (text: string, map: PathMap) => string;
  readonly start: (container: Container, signal: AbortSignal, map: PathMap) => Promise<ChildEnd>;
}

/** Runs a step as its pod would: its inputs, its containers, and what they leave behind. */
export async function runPod(step: Step, folder: string, host: PodHost): Promise<StepEnd> {
  const programs = readPrograms(step.template, step.node);
  const all = [...programs.init, ...programs.main, ...programs.sidecars];
  const maps = new Map(all.map((container) => [container, host.mapOf(container)]));
  // Inputs and outputs are those of the container `main`; the only one but in a container set.
  const main = programs.main.find(({ name }) => name === 'main') ?? programs.main[0];
  const map = main === undefined ? undefined : maps.get(main);
  if (main === undefined || map === undefined) return {};
  placeArtifacts(step, map.hostPath);
  for (const path of outputPaths(step)) made(dirname(map.hostPath(path)));
  const start = (container: Container, signal: AbortSignal): Promise<ChildEnd> =>
    host.start(container, signal, maps.get(container) ?? map);
  if (step.declared.fields.daemon === true)
    return runDaemon(step, main, () => runPrograms(programs, step.signal, start), start);
  const end = await runPrograms(programs, step.signal, start);
  const { parameters, artifacts } = collectOutputs(step, folder, map.hostPath);
  const translated = Object.entries(parameters).map(([name, text]) => [name, host.translate(text, map)]);
  return {
    ...end,
    ...(end.result === undefined ? {} : { result: host.translate(end.result, map) }),
    parameters: Object.fromEntries(translated),
    artifacts,
  };
}

async function runDaemon(
  step: Step,
  main: Container,
  run: () => Promise<StepEnd>,
  start: (container: Container, signal: AbortSignal) => Promise<ChildEnd>,
): Promise<StepEnd> {
  await refuseTakenPort(main, step.node);
  const probing = new AbortController();
  const probe = async (command: readonly string[]): Promise<number> => {
    const [first = '', ...rest] = command;
    const { source: _, ...container } = main;
    return (await start({ ...container, command: [first], args: rest, name: `${main.name}-probe` }, step.signal))
      .exitCode;
  };
  void untilReady(main, AbortSignal.any([step.signal, probing.signal]), probe).then(
    (isReady) => isReady && step.ready(ADDRESS),
  );
  try {
    return await run();
  } finally {
    probing.abort();
  }
}

/** The paths of inputs and outputs that a template declares. */
export function declaredPaths(step: Step): readonly string[] {
  const inputs = step.declared.inputs.artifacts.flatMap(({ fields }) => scalarText(fields.path) ?? []);
  return [...inputs, ...outputPaths(step)].filter((path) => isAbsolute(path));
}

function outputPaths(step: Step): readonly string[] {
  const { parameters, artifacts } = step.declared.outputs;
  return [
    ...parameters.map(({ fields }) => fieldsOf(fields.valueFrom).path),
    ...artifacts.map(({ fields }) => fields.path),
  ]
    .flatMap((path) => scalarText(path) ?? [])
    .filter((path) => isAbsolute(path));
}
