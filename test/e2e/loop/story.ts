import { afterAll, test } from '@jest/globals';
import { keepingEvidence } from '../evidence';
import { say } from '../kubectl';
import { makeWorld, type World } from './world';

/** Versions of the model that the story trains. */
export const FIRST = 'v0.1.0';
export const SECOND = 'v0.2.0';

/** Every wait has a bound of its own; this ends a part that has none left. */
const PART_MILLISECONDS = 1_500_000;

/** One long test, told in parts that each begin where the one before ended. */
export interface Story {
  /** @param options.needed when it fails, the parts after it are not reached: they would only hide that it failed */
  readonly part: (name: string, work: (world: World) => Promise<void>, options?: { readonly needed?: boolean }) => void;
}

/** Begins with a world for the parts, and ends with removing it. */
export function beginStory(): Story {
  let world: World | undefined;
  let missing: string | undefined;

  const tell = (name: string, work: () => Promise<void>, needed = false) =>
    test(
      name,
      async () => {
        if (missing) throw new Error(`not reached: "${missing}" failed`);
        say(`\n== ${name}`);
        try {
          await keepingEvidence(`loop-${name.replace(/\W+/g, '-')}`, work);
        } catch (error) {
          if (needed) missing = name;
          say(`FAILED: ${error instanceof Error ? error.message : error}`);
          throw error;
        }
      },
      PART_MILLISECONDS,
    );

  tell(
    'is prepared: images, keys, a Git server, the first commit',
    async () => {
      world = await makeWorld();
    },
    true,
  );
  afterAll(async () => {
    world?.report.write();
    if (process.env.E2E_KEEP) say('E2E_KEEP is set: the cluster is left as it is');
    else await world?.close();
  }, 600_000);

  return {
    part: (name, work, { needed = false } = {}) => {
      tell(
        name,
        async () => {
          if (world) await work(world);
        },
        needed,
      );
    },
  };
}
