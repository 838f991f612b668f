import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../clock';
import type { Executor, Step } from '../executor';
import { fileName, folderName, importArtifact } from '../pod/artifacts';
import { type ChildEnd, runChild } from '../pod/child';
import { type Container, imageName } from '../pod/containers';
import { expandVariables, readEnvironment } from '../pod/environment';
import type { PodOptions } from '../pod/options';
import { plainPath } from '../pod/plain-path';
import { declaredPaths, runPod } from '../pod/run-pod';
import { writeScript } from '../pod/script';
import { bindVolumes, made } from '../pod/volumes';
import { ownPath, type Place, pathMap } from '../process/paths';
import { RunError } from '../result';
import { containerCommand } from './command';

export interface DockerOptions extends PodOptions {
  /** The client. @default - whichever of Docker and Podman answers */
  readonly program?: 'docker' | 'podman';
  /** Images that take the place of those of the templates, by their name without registry and tag. @default - none */
  readonly images?: Readonly<Record<string, string>>;
}

/**
 * Runs each container with Docker or Podman: volumes, `/tmp` and the folders of declared inputs and outputs are folders of this
 * machine, bound at their exact paths; images are those that the templates name.
 *
 * @throws {RunError} from the run, for what cannot be run in this way.
 */
export function dockerExecutor(given: DockerOptions): Executor {
  const options = { ...given, folder: plainPath(made(given.folder)) };
  let program: DockerOptions['program'];
  return {
    clock: realClock,
    run: (step) => {
      program ??= options.program ?? findProgram(step.node);
      return runStep(step, { ...options, program });
    },
    importArtifact: (artifact, where) => importArtifact(options.folder, artifact, where),
    missingOutput: () => undefined,
  };
}

function findProgram(where: string): 'docker' | 'podman' {
  // Its own version every client knows; that of the server shows that there is one.
  const found = (['docker', 'podman'] as const).find(
    (each) => spawnSync(each, ['version'], { env: process.env }).status === 0,
  );
  if (found !== undefined) return found;
  throw new RunError(where, 'neither docker nor podman answers', 'install or start one, or use the process executor');
}

function runStep(step: Step, options: DockerOptions & { readonly program: 'docker' | 'podman' }) {
  const folder = made(join(options.folder, 'steps', folderName(step.node)));
  return runPod(step, options.folder, {
    mapOf: (container) => {
      const { binds, root } = bindsOf(container, step, folder, options);
      return pathMap(
        binds.map(({ path, host }) => ({ container: path, host })),
        root,
      );
    },
    translate: (text) => text,
    start: (container, signal) => start(container, step, folder, options, signal),
  });
}

/** The volumes of a container, and folders for `/tmp` and what its template declares. */
function bindsOf(container: Container, step: Step, folder: string, options: DockerOptions) {
  const root = made(join(folder, 'root'));
  const volumes = bindVolumes(container.mounts, step, folder, options);
  const own = ['/tmp', ...declaredPaths(step).map(ownPath)].map((path): Place => {
    return { container: path.startsWith('/tmp/') ? '/tmp' : path, host: join(root, path) };
  });
  const covered = (path: string) => volumes.some((each) => path === each.path || path.startsWith(`${each.path}/`));
  const paths = [...new Set(own.map((place) => place.container))].filter((path) => !covered(path));
  const folders = paths.map((path) => ({ path, host: made(join(root, path)), readOnly: false }));
  return { root, binds: [...folders, ...volumes] };
}

async function start(
  container: Container,
  step: Step,
  folder: string,
  options: DockerOptions & { readonly program: 'docker' | 'podman' },
  signal: AbortSignal,
): Promise<ChildEnd> {
  const declared = readEnvironment(container, step, options);
  const { binds } = bindsOf(container, step, folder, options);
  const script = writeScript(container, folder, (text) => text);
  const fill = (word: string): string => expandVariables(word, declared);
  const [first = '', ...rest] = container.command.map(fill);
  const { uid, gid } = userInfo();
  const name = `${folderName(`${step.run.name}.${step.node}.${container.name}`)}.${step.run.uid.slice(0, 8)}`;
  const graceSeconds = options.graceSeconds ?? 10;
  const argv = containerCommand({
    program: options.program,
    name,
    image: options.images?.[imageName(container.image)] ?? container.image,
    container,
    command: [first, ...rest],
    args: [...(script === undefined ? [] : ['/argo-script']), ...container.args.map(fill)],
    environment: Object.keys(declared),
    binds: [...binds, ...(script === undefined ? [] : [{ path: '/argo-script', host: script, readOnly: true }])],
    user: `${uid}:${gid}`,
    graceSeconds,
  });
  const suffix = container.name === 'main' ? '' : `.${container.name}`;
  try {
    return await runChild({
      argv,
      cwd: folder,
      env: { ...(process.env as Record<string, string>), ...declared },
      logFile: join(made(join(options.folder, 'logs')), `${fileName(step.node)}${suffix}.log`),
      onLine: (stream, line) => step.emit({ type: 'log', name: step.node, stream, line }),
      signal,
      // The container has the grace; the client waits for it.
      graceSeconds: graceSeconds + 5,
    });
  } finally {
    // A client that had to be killed leaves its container behind.
    if (signal.aborted) spawnSync(options.program, ['rm', '--force', name], { stdio: 'ignore', env: process.env });
  }
}
