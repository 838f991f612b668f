import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInput } from '../core/problem';
import { localRun } from '../local/pipelines';
import { BRANCH, CLUSTER, type Places, placesIn, repositoryUrl } from '../local/places';
import { readCheckout } from '../local/platform-repository';
import { loopEnvironment } from '../local/programs';
import { readRunning } from '../local/running';
import { servedNow } from '../local/served';
import { ask, urlOf } from '../local/servers';
import { deploy } from './deploy';
import { root } from './project';
import { type ExitCode, say } from './report';

/** How long the server may take to have what is pinned, once it is committed. */
const SERVED_MILLISECONDS = 60_000;
const LOOK_MILLISECONDS = 200;

/** @throws InvalidInput when `npm start` has made nothing here yet */
export function loopPlaces(): Places {
  const places = placesIn(root);
  if (existsSync(places.platformRepository)) return places;
  throw new InvalidInput([
    {
      where: '--local',
      what: `there is no loop in ${places.folder}`,
      fix: 'run "npm start" in another terminal first',
    },
  ]);
}

/**
 * Runs a command that commits in the platform repository of this machine, as a pipeline does in that of a cluster, and
 * waits until the loop serves what is pinned.
 *
 * @param words of the command, such as `promote model sentiment@v1.2.0 --to laptop`
 */
export async function commitInLoop(words: readonly string[]): Promise<ExitCode> {
  const places = loopPlaces();
  // Signing and hooks of the person are for the person's own commits.
  Object.assign(process.env, loopEnvironment(places));
  const code = await deploy(words, { repository: repositoryUrl(places.platformRepository), branch: BRANCH });
  await untilServed(places);
  return code;
}

/** What `npm run workflow` runs with in the loop. */
export async function openLoop() {
  const places = loopPlaces();
  const { commit } = await readCheckout(root);
  if (!(await runningApi(places))) {
    say('"npm start" does not run: a step that waits until a version is served waits for it');
  }
  return {
    /** Folder of the manifests of this machine. */
    rendered: join(places.platformTree, 'dist', CLUSTER),
    newRun: (pipeline: string) => localRun(places, pipeline, commit),
  };
}

/** Address of the API of a loop that runs; undefined when none does. */
async function runningApi(places: Places): Promise<string | undefined> {
  const running = readRunning(places);
  if (!running) return undefined;
  const api = urlOf(running.ports.api);
  return (await ask(`${api}/health`)) === undefined ? undefined : api;
}

async function untilServed(places: Places): Promise<void> {
  const pinned = await servedNow(places);
  if (!pinned) return;
  const { name, version, digest } = pinned;
  const api = await runningApi(places);
  if (api === undefined) {
    say(`${name} ${version} is served as soon as "npm start" runs`);
    return;
  }
  const deadline = Date.now() + SERVED_MILLISECONDS;
  while (((await ask(`${api}/model`)) as { readonly digest?: string } | undefined)?.digest !== digest) {
    if (Date.now() > deadline) {
      const what = `does not serve ${name} ${version} after ${SERVED_MILLISECONDS / 1000} s`;
      throw new InvalidInput([{ where: api, what, fix: 'see what "npm start" says' }]);
    }
    await sleep(LOOK_MILLISECONDS);
  }
  say(`${api} serves ${name} ${version}`);
}
