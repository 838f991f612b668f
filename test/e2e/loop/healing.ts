import { get, kubectl, type LiveObject, waitFor } from '../kubectl';
import { timed } from './report';

/** An object that somebody spoils by hand. */
export interface Spoilt {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

const find = async ({ kind, namespace, name }: Spoilt): Promise<LiveObject | undefined> =>
  (await get(kind, name, '--namespace', namespace))[0];

/** Deletes an object. @returns the seconds until Argo CD has brought it back */
export function deleted(object: Spoilt, seconds: number): Promise<number> {
  const { kind, name, namespace } = object;
  return timed(async () => {
    const uid = (await find(object))?.metadata.uid;
    await kubectl(['delete', kind, name, '--namespace', namespace, '--wait=false']);
    await waitFor(`${kind} ${name} is back`, seconds, async () => {
      const live = await find(object);
      return live && live.metadata.uid !== uid ? true : undefined;
    });
  });
}

/** Edits an object. @returns the seconds until it is as Git says */
export function edited(object: Spoilt, patch: object, seconds: number): Promise<number> {
  const { kind, name, namespace } = object;
  return timed(async () => {
    const state = ({ spec, data }: LiveObject) => JSON.stringify({ spec, data });
    const before = await find(object);
    if (!before) throw new Error(`there is no ${kind} ${name}`);
    const args = ['--namespace', namespace, '--type', 'merge', '--patch', JSON.stringify(patch), '--output', 'json'];
    const { stdout } = await kubectl(['patch', kind, name, ...args]);
    if (state(JSON.parse(stdout)) === state(before)) throw new Error(`the patch changed nothing in ${kind} ${name}`);
    await waitFor(`${kind} ${name} is as before`, seconds, async () => {
      const live = await find(object);
      return live && state(live) === state(before) ? true : undefined;
    });
  });
}
