import { expect } from '@jest/globals';
import { get } from '../../kubectl';
import { applications } from '../argo-cd';
import { bringUp, pullWithoutSecret } from '../bring-up';
import { ask } from '../http';
import type { Story } from '../story';
import { hosts, livePods, REGISTRY } from '../world';

/** The platform comes up from nothing. */
export function beginning({ part }: Story): void {
  part(
    'comes up from bootstrap alone, without a model: every Application is Synced and Healthy',
    async (world) => {
      await bringUp(world);
      expect(await get('deployment', '--namespace', 'inference')).toEqual([]);
      expect(await outOfOrder()).toEqual([]);
    },
    { needed: true },
  );

  part(
    'pulls its images with the pull secret from the registry that it brought up, and never without',
    async (world) => {
      const [pod] = await livePods('inference-ui', 'app.kubernetes.io/name=inference-ui');
      expect(pod?.status.containerStatuses[0].imageID).toMatch(new RegExp(`^${REGISTRY}/ui@sha256:`));
      expect(await pullWithoutSecret(world)).toMatch(/no basic auth credentials|authorization failed|401/);
    },
  );

  part('answers people through the Gateway by host name', async (world) => {
    const page = await ask(world.front, hosts.ui, '/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('<html');
    expect(page.headers['content-security-policy']).toBeDefined();
    // Nothing is served yet, and nobody pretends otherwise.
    expect((await ask(world.front, hosts.api, '/predict', { text: 'x' })).status).toBeGreaterThanOrEqual(404);
  });
}

/** Applications that came up before one of an earlier wave was synced. */
async function outOfOrder(): Promise<string[]> {
  const all = (await applications()).map(({ metadata, status }) => ({
    name: metadata.name,
    wave: Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0),
    created: Date.parse(metadata.creationTimestamp),
    synced: Date.parse(status.history?.[0]?.deployedAt),
  }));
  return all.flatMap((later) =>
    all
      .filter(({ name, wave, synced }) => name !== 'e2e' && wave < later.wave && !(synced <= later.created))
      .map((earlier) => `${later.name} before ${earlier.name}`),
  );
}
