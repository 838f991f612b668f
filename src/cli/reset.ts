import { existsSync, renameSync, rmSync } from 'node:fs';
import { placesIn } from '../local/places';
import { asOnlyLoop } from '../local/running';
import { root } from './project';
import { type ExitCode, say } from './report';

/** Forgets all that `npm start` has made on this machine, but not what it has downloaded. */
export async function reset(): Promise<ExitCode> {
  const places = placesIn(root);
  return asOnlyLoop<ExitCode>(places, async () => {
    const discarded = `${places.folder}.discarded`;
    const there = existsSync(places.folder);
    // At once out of the way, so that half of it is never taken for the whole.
    rmSync(discarded, { recursive: true, force: true });
    if (there) renameSync(places.folder, discarded);
    rmSync(discarded, { recursive: true, force: true });
    say(there ? `removed ${places.folder}` : 'there is nothing to remove');
    return 0;
  });
}
