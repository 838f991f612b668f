import { get, kubectl, waitFor } from '../kubectl';

const NAMESPACES = { inference: 'inference', 'inference-ui': 'inference-ui' } as const;
type RolloutName = keyof typeof NAMESPACES;

/** Waits until a Rollout has a preview that is ready and asks to be promoted. */
export async function waitForPreview(name: RolloutName): Promise<void> {
  await waitFor(`${name} is paused with a ready preview`, 240, async () => {
    const [rollout] = await get('rollout', name, '--namespace', NAMESPACES[name]);
    const { pauseConditions = [], blueGreen = {} } = rollout?.status ?? {};
    return pauseConditions.length > 0 && blueGreen.previewSelector !== blueGreen.activeSelector ? true : undefined;
  });
}

/** Promotes by hand: what `kubectl argo rollouts promote` does. */
export async function promotePreview(name: RolloutName): Promise<void> {
  const args = ['--namespace', NAMESPACES[name], '--subresource', 'status', '--type', 'merge'];
  await kubectl(['patch', 'rollout', name, ...args, '--patch', '{"status":{"pauseConditions":null}}']);
}

/** Waits until active and preview are the same: the new version serves everybody. */
export async function waitUntilActive(name: RolloutName): Promise<void> {
  await waitFor(`the preview of ${name} is active`, 240, async () => {
    const [rollout] = await get('rollout', name, '--namespace', NAMESPACES[name]);
    const { phase, blueGreen = {} } = rollout?.status ?? {};
    return phase === 'Healthy' && blueGreen.previewSelector === blueGreen.activeSelector ? true : undefined;
  });
}
