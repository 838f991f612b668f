import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { ImageOnHost } from '../argo-workflows/run/process/process-executor';
import { type Places, repositoryUrl } from './places';

/** Git signs nothing and asks for nothing that the person has set for work of their own. */
const GIT_SETTINGS = `[init]
	defaultBranch = main
[safe]
	directory = *
[user]
	name = local loop
	email = local@mlops.invalid
`;

/** Makes the home of all programs of the loop. */
export function makeHome({ home }: Places): void {
  mkdirSync(join(home, 'tmp'), { recursive: true });
  writeFileSync(join(home, '.gitconfig'), GIT_SETTINGS);
}

/** What every program of the loop has: a home of the loop's own, and nothing that the person has set but the PATH. */
export function loopEnvironment({ home }: Places): Readonly<Record<string, string>> {
  return {
    // The Node that runs this, whichever others there are.
    PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
    HOME: home,
    TMPDIR: join(home, 'tmp'),
    LOGNAME: 'local',
    GIT_CONFIG_NOSYSTEM: '1',
    NO_COLOR: '1',
  };
}

/** A program of an image, as a cluster's data names it. */
export interface ImageProgram {
  /** Name of the image, which is that of its folder in `docker/`. */
  readonly image: string;
  readonly argv: readonly string[];
  /** What it reads from its environment beside that of every program. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Whether an image's program is one in Python; otherwise it is one in TypeScript. */
export function isPython(checkout: string, image: string): boolean {
  return existsSync(join(checkout, 'docker', image, 'requirements.lock'));
}

/** What stands for the images that are made from `docker/`, by their names. */
export function images(places: Places, revision: string): Readonly<Record<string, ImageOnHost>> {
  const folders = readdirSync(join(places.checkout, 'docker'), { withFileTypes: true });
  return Object.fromEntries(
    folders
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => [name, { ...imageOnHost(places, name, revision) }]),
  );
}

function imageOnHost(places: Places, image: string, revision: string): Required<ImageOnHost> {
  const { checkout, home } = places;
  const { HOME = '', LOGNAME = '', GIT_CONFIG_NOSYSTEM = '', PATH = '' } = loopEnvironment(places);
  const source = join(checkout, 'docker', image);
  const common = { HOME, LOGNAME, GIT_CONFIG_NOSYSTEM, PATH, HOST: '127.0.0.1' };
  // The repositories have the same path in every program, also as a URL: no folder of an image is meant by them.
  const folders = Object.fromEntries([checkout, new URL(repositoryUrl(checkout)).pathname].map((path) => [path, path]));
  if (!isPython(checkout, image)) {
    // The deployer is this repository's own program.
    return { path: [], folders: { ...folders, '/app': image === 'deployer' ? checkout : source }, env: common };
  }
  return {
    folders,
    path: [join(source, '.venv', 'bin')],
    env: {
      ...common,
      PYTHONPATH: join(source, 'src'),
      PYTHONUNBUFFERED: '1',
      CODE_REVISION: revision,
      DVC_NO_ANALYTICS: '1',
      DVC_SITE_CACHE_DIR: join(home, 'dvc'),
      MPLCONFIGDIR: join(home, 'matplotlib'),
      // As in the image: the bytes of a model must not depend on the number of threads.
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
      JOBLIB_MULTIPROCESSING: '0',
    },
  };
}

/** How a program of an image is called here, outside of a pipeline. */
export function onHost(places: Places, { image, argv, environment }: ImageProgram) {
  const { folders, path, env } = imageOnHost(places, image, 'unknown');
  const { '/app': app = '/app' } = folders;
  const [command = '', ...args] = argv.map((word) => (word.startsWith('/app/') ? join(app, word.slice(5)) : word));
  const PATH = [...path, env.PATH].join(delimiter);
  return { command, args, env: { ...loopEnvironment(places), ...env, ...environment, PATH } };
}
