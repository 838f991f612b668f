import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { get, kubectl, waitFor } from '../kubectl';
import { buildImage, localName, pushImage } from './images';
import { REGISTRY, type World } from './world';

const NAMESPACES = { inference: 'inference', 'inference-ui': 'inference-ui' } as const;
type RolloutName = keyof typeof NAMESPACES;

/** What the next page is called, in an image that is otherwise the present one. */
export const NEXT_TITLE = 'The next page';

/** Builds and pushes the next image of the UI. @returns its digest */
export async function pushNextPage({ credentials }: World): Promise<string> {
  const context = mkdtempSync(join(tmpdir(), 'mlops-e2e-next-page-'));
  try {
    const page = readFileSync(resolve('docker/ui/static/index.html'), 'utf8');
    writeFileSync(join(context, 'index.html'), page.replace(/<title>.*<\/title>/, `<title>${NEXT_TITLE}</title>`));
    writeFileSync(
      join(context, 'Dockerfile'),
      `FROM ${localName('ui')}\nCOPY index.html /app/build/src/page/index.html\n`,
    );
    const reference = `${localName('ui')}-next`;
    await buildImage(reference, context);
    return await pushImage(reference, `${REGISTRY}/ui:e2e-next`, credentials);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

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
