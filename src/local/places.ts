import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The cluster whose rendered pipelines run on this machine. */
export const CLUSTER = 'laptop';
/** The branch that is followed, as Argo CD would. */
export const BRANCH = 'main';

/** Where the loop on this machine keeps what; everything below one folder, which `npm run reset` removes. */
export interface Places {
  /** Root of the checkout whose programs run. Nothing in it is committed or changed. */
  readonly checkout: string;
  readonly folder: string;
  /** Beside the folder, so that the kernel's lock outlives it. */
  readonly lock: string;
  /** Where a running loop says who and where it is. */
  readonly running: string;
  readonly logs: string;
  /** Home of all programs: settings of the person must not reach them. */
  readonly home: string;
  /** A folder for each run of a pipeline. */
  readonly runs: string;
  readonly platformRepository: string;
  readonly modelRepository: string;
  /** Where the next commit of the platform repository is made. */
  readonly platformTree: string;
  /** What claims of this name hold: a folder of the node, which is this machine. */
  readonly volume: (claim: string) => string;
  /** Link to the folder of the version that is served. */
  readonly served: string;
}

export function placesIn(checkout: string): Places {
  const folder = join(checkout, '.local');
  return {
    checkout,
    folder,
    lock: join(checkout, '.local.lock'),
    running: join(folder, 'running.json'),
    logs: join(folder, 'logs'),
    home: join(folder, 'home'),
    runs: join(folder, 'runs'),
    platformRepository: join(folder, 'repositories', 'platform.git'),
    modelRepository: join(folder, 'repositories', 'models.git'),
    platformTree: join(folder, 'platform'),
    volume: (claim) => join(folder, 'volumes', claim),
    served: join(folder, 'served'),
  };
}

/** URL of a repository of this machine, as Git takes it, also when the path holds spaces. */
export function repositoryUrl(path: string): string {
  return pathToFileURL(path).href;
}
