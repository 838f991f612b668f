import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { ImageOnHost } from '../argo-workflows/run/process/process-executor';
import type { Places } from './places';

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

/** What stands for the platform's own images, by their names. */
export function images(places: Places, revision: string) {
  const { checkout, home } = places;
  const { HOME, LOGNAME, GIT_CONFIG_NOSYSTEM, PATH } = loopEnvironment(places);
  const common = { HOME, LOGNAME, GIT_CONFIG_NOSYSTEM, PATH } as Record<string, string>;
  // The repositories have the same path in every program: none of it is a folder of an image.
  const folders = { [checkout]: checkout };
  const python = (program: string) => ({
    folders,
    path: [join(checkout, 'docker', program, '.venv', 'bin')] as [string],
    env: {
      ...common,
      PYTHONPATH: join(checkout, 'docker', program, 'src'),
      PYTHONUNBUFFERED: '1',
      DVC_NO_ANALYTICS: '1',
      DVC_SITE_CACHE_DIR: join(home, 'dvc'),
    },
  });
  const trainer = python('trainer');
  return {
    dvc: python('dvc'),
    trainer: {
      ...trainer,
      env: {
        ...trainer.env,
        CODE_REVISION: revision,
        MPLCONFIGDIR: join(home, 'matplotlib'),
        // As in the image: the bytes of a model must not depend on the number of threads.
        OMP_NUM_THREADS: '1',
        OPENBLAS_NUM_THREADS: '1',
        JOBLIB_MULTIPROCESSING: '0',
      },
    },
    inference: {
      folders: { ...folders, '/app': join(checkout, 'docker', 'inference') },
      env: { ...common, HOST: '127.0.0.1' },
    },
    deployer: { folders: { ...folders, '/app': checkout }, env: common },
  } satisfies Readonly<Record<string, ImageOnHost>>;
}
