import { existsSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { realClock } from '../clock';
import type { Executor, Step, StepEnd } from '../executor';
import { fileName, folderName, importArtifact } from '../pod/artifacts';
import { type ChildEnd, runChild } from '../pod/child';
import { type Container, imageName } from '../pod/containers';
import { expandVariables, readEnvironment } from '../pod/environment';
import type { PodOptions } from '../pod/options';
import { plainPath } from '../pod/plain-path';
import { declaredPaths, runPod } from '../pod/run-pod';
import { writeScript } from '../pod/script';
import { bindVolumes, made } from '../pod/volumes';
import { RunError } from '../result';
import { ownPath, type PathMap, type Place, pathMap } from './paths';

/** What stands on this machine for an image. */
export interface ImageOnHost {
  /** Folders that are searched for programs before those of `PATH`. */
  readonly path?: readonly string[];
  /** The environment that the image would bring. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folders of the image, such as `/app`, and where they are here. */
  readonly folders?: Readonly<Record<string, string>>;
}

export interface ProcessOptions extends PodOptions {
  /** What stands for images, by their name without registry and tag. @default - the programs on `PATH` */
  readonly images?: Readonly<Record<string, ImageOnHost>>;
}

/**
 * Runs each container as a process of this machine, with its own `/tmp` and folders in the place of its volumes. The
 * paths of mounts, inputs, outputs and `/tmp` are translated in arguments, environment and scripts, and back in what the
 * program gives, so that values are those that a cluster would show. There is no isolation: a program that writes
 * elsewhere does so, `readOnly` is not enforced, and limits of memory do not hold.
 *
 * @throws {RunError} from the run, for what cannot be run in this way.
 */
export function processExecutor(given: ProcessOptions): Executor {
  const options = { ...given, folder: plainPath(made(given.folder)) };
  return {
    clock: realClock,
    run: (step) => runStep(step, options),
    importArtifact: (artifact, where) => importArtifact(options.folder, artifact, where),
    missingOutput: () => undefined,
  };
}

/** Where everything is that the main program of a step printed. */
export function logFile(folder: string, node: string): string {
  return join(folder, 'logs', `${fileName(node)}.log`);
}

function runStep(step: Step, options: ProcessOptions): Promise<StepEnd> {
  const folder = made(join(options.folder, 'steps', folderName(step.node)));
  return runPod(step, options.folder, {
    mapOf: (container) => mapOf(container, step, folder, options),
    translate: (text, map) => map.toContainer(text),
    start: (container, signal, map) => startContainer(container, map, step, folder, options, signal),
  });
}

/** Where the paths of a container are. */
function mapOf(container: Container, step: Step, folder: string, options: ProcessOptions): PathMap {
  const root = made(join(folder, 'root'));
  const binds = bindVolumes(container.mounts, step, folder, options);
  const image = options.images?.[imageName(container.image)];
  const own = ['/tmp', ...declaredPaths(step).map(ownPath)].map(
    (path): Place => ({ container: path, host: join(root, path) }),
  );
  const mounted = [
    ...Object.entries(image?.folders ?? {}).map(([path, host]): Place => ({ container: path, host })),
    ...binds.map(({ path, host }): Place => ({ container: path, host })),
  ];
  const covered = (path: string): boolean =>
    mounted.some((place) => path === place.container || path.startsWith(`${place.container}/`));
  const places = [...own.filter((place) => !covered(place.container)), ...mounted];
  if (places.some((place) => place.container === '/tmp')) made(join(root, 'tmp'));
  return pathMap(places, root, [options.folder, ...binds.map(({ host }) => host)]);
}

async function startContainer(
  container: Container,
  map: PathMap,
  step: Step,
  folder: string,
  options: ProcessOptions,
  signal: AbortSignal,
): Promise<ChildEnd> {
  const image = options.images?.[imageName(container.image)];
  const declared = readEnvironment(container, step, options);
  const home = made(map.hostPath('/'));
  const env: Record<string, string> = {
    HOME: home,
    TMPDIR: made(map.hostPath('/tmp')),
    LANG: 'C.UTF-8',
    ...image?.env,
    ...Object.fromEntries(Object.entries(declared).map(([name, value]) => [name, map.toHost(value)])),
  };
  env.PATH = [...(image?.path ?? []), env.PATH ?? process.env.PATH ?? ''].join(delimiter);
  const words = [...container.command, ...container.args].map((word) => map.toHost(expandVariables(word, declared)));
  const [command = '', ...args] = words;
  const script = writeScript(container, folder, map.toHost);
  if (script !== undefined) args.splice(container.command.length - 1, 0, script);
  const logs = made(join(options.folder, 'logs'));
  const suffix = container.name === 'main' ? '' : `.${container.name}`;
  try {
    return await runChild({
      argv: [isAbsolute(command) && !existsSync(command) ? basename(command) : command, ...args],
      cwd: made(container.workingDir === undefined ? home : map.hostPath(container.workingDir)),
      env,
      logFile: join(logs, `${fileName(step.node)}${suffix}.log`),
      onLine: (stream, line) => step.emit({ type: 'log', name: step.node, stream, line }),
      signal,
      graceSeconds: options.graceSeconds ?? 10,
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EACCES') throw error;
    const what = `there is no program "${container.command[0] ?? ''}" on PATH`;
    throw new RunError(step.node, what, `install it, or say in images where "${imageName(container.image)}" is`);
  }
}
