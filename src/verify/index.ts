import type { Cluster } from '../core/cluster';
import { readManifest } from '../render/manifest';
import type { Manifest, RenderedCluster } from '../render/model';
import type { ApiServer } from './api-server';
import { discover } from './discovery';
import { verifyExisting } from './existing';
import type { Finding, Section } from './finding';
import { verifyKinds } from './kinds';
import { verifyNodes } from './nodes';
import { type Folder, verifyObjects } from './objects';
import { verifyVersions } from './versions';

/** What a live cluster is held against. */
export interface Expected {
  readonly cluster: Cluster;
  readonly rendered: RenderedCluster;
  /** Files of `dist/`, by path below it. */
  readonly dist: ReadonlyMap<string, string>;
}

/**
 * Compares a live cluster with its data and with `dist/`, without changing anything.
 *
 * @throws InvalidInput when the API server does not answer or does not accept the credential
 */
export async function verify(server: ApiServer, { cluster, rendered, dist }: Expected): Promise<Section[]> {
  // Before anything else, so that a server that does not answer is told once.
  const versions = await verifyVersions(server, cluster);
  const folders = foldersOf(cluster.name, dist);
  const objects = folders.flatMap((folder) => folder.objects);
  const discovery = await discover(
    server,
    objects.map(({ apiVersion }) => apiVersion),
  );
  const sections = [
    versions,
    await verifyNodes(server, cluster),
    verifyKinds(discovery, rendered, objects),
    await verifyExisting(server, rendered, objects),
    await verifyObjects(server, discovery, folders),
  ];
  return sections.map((section) => ({ ...section, findings: distinct(section.findings) }));
}

function foldersOf(cluster: string, dist: ReadonlyMap<string, string>): Folder[] {
  const byPath = new Map<string, Manifest[]>();
  for (const [file, content] of dist) {
    const [owner, component = '', ...rest] = file.split('/');
    // What bootstrap/ holds is in the folders of its components too, or comes from an upstream source.
    if (owner !== cluster || component === 'bootstrap' || rest.length !== 1) continue;
    const manifest = readManifest(content);
    if (!manifest) continue;
    const path = `dist/${cluster}/${component}`;
    byPath.set(path, [...(byPath.get(path) ?? []), manifest]);
  }
  const applications = [...byPath.values()].flat().filter(({ kind }) => kind === 'Application');
  return [...byPath].map(([path, objects]) => {
    const application = applications.find(({ spec }) => sourcePath(spec)?.endsWith(path));
    return { path, objects, ...(application && { application }) };
  });
}

function sourcePath(spec: unknown): string | undefined {
  const { source } = (spec ?? {}) as { source?: { path?: string } };
  return source?.path;
}

/** One right that lacks is missed at many objects. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [JSON.stringify(one), one])).values()];
}
