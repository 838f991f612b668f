import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Executor } from '../argo-workflows/run/executor';
import { processExecutor } from '../argo-workflows/run/process/process-executor';
import { gitIn } from '../promotion/git';
import { BRANCH, CLUSTER, type Places } from './places';
import { images } from './programs';

/** Claims that pipelines mount, each with a folder of this machine. */
const CLAIMS = ['training', 'dvc', 'models', 'dataset'] as const;

/** An object with a name. */
export interface Named {
  readonly metadata: { readonly name: string };
}

/** The WorkflowTemplates that the platform repository of this machine has rendered. */
export async function readPipelines(places: Places): Promise<readonly Named[]> {
  const git = gitIn(places.platformRepository);
  const listed = await git('ls-tree', '-r', '--name-only', BRANCH, `dist/${CLUSTER}/`);
  const files = listed.split('\n').filter((file) => /\/workflowtemplate-[^/]+\.yaml$/.test(file));
  return Promise.all(files.map(async (file) => load(await git('show', `${BRANCH}:${file}`)) as Named));
}

/** What makes a run one of this machine. */
export interface LocalRun {
  readonly name: string;
  readonly uid: string;
  /** Its logs, artifacts and files of steps. */
  readonly folder: string;
  readonly executor: Executor;
}

/**
 * A run with the programs of the checkout and the folders of the loop.
 *
 * @param pipeline what runs
 * @param revision of the code that trains
 */
export function localRun(places: Places, pipeline: string, revision: string): LocalRun {
  const uid = randomUUID();
  const name = `${pipeline}-${uid.slice(0, 8)}`;
  const volumes = Object.fromEntries(CLAIMS.map((claim) => [claim, places.volume(claim)]));
  for (const claim of CLAIMS) if (claim !== 'dataset') mkdirSync(places.volume(claim), { recursive: true });
  const folder = join(places.runs, name);
  return { name, uid, folder, executor: processExecutor({ folder, volumes, images: images(places, revision) }) };
}
