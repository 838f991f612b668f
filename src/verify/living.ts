import { at, fields, items, text } from '../checks/read';
import { type Manifest, objectKey } from '../render/model';
import type { ApiServer } from './api-server';
import { type Discovery, pathOf } from './discovery';
import { type Finding, read } from './finding';

/** What the cluster holds of the kinds and in the namespaces of some objects. */
export interface Living {
  readonly objects: readonly Manifest[];
  /** Undefined when it is not there, or cannot be told. */
  readonly find: (manifest: Manifest) => Manifest | undefined;
  /** Whether the place of an object could be read. */
  readonly isKnown: (manifest: Manifest) => boolean;
  readonly findings: readonly Finding[];
}

export async function livingBeside(
  server: ApiServer,
  { resourceOf }: Discovery,
  wanted: readonly Manifest[],
): Promise<Living> {
  const place = ({ apiVersion, kind, metadata }: Manifest) => `${apiVersion} ${kind} ${metadata.namespace ?? ''}`;
  const places = new Map(wanted.map((one) => [place(one), one]));
  const objects: Manifest[] = [];
  const unknown = new Set<string>();
  const findings: Finding[] = [];
  await Promise.all(
    [...places].map(async ([key, { apiVersion, kind, metadata }]) => {
      const resource = resourceOf(apiVersion, kind);
      if (!resource) return;
      const { value, finding } = await read(server, pathOf(apiVersion, resource, { namespace: metadata.namespace }));
      if (finding) {
        findings.push(finding);
        unknown.add(key);
      }
      // Items of a list do not repeat what kind they are of.
      for (const { value: one } of items(at(value, 'items'), ''))
        objects.push({ ...one, apiVersion, kind, metadata: fields(one.metadata) as Manifest['metadata'] });
    }),
  );
  const byKey = new Map(objects.map((one) => [objectKey(one), one]));
  return {
    objects,
    find: (manifest) => byKey.get(objectKey(manifest)),
    isKnown: (manifest) => !unknown.has(place(manifest)),
    findings,
  };
}

/**
 * The Application that Argo CD says an object belongs to. A controller that copies an object copies this mark with it;
 * the mark of a copy names the original.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
 */
export function applicationOf({ kind, metadata }: Manifest): string | undefined {
  const [application, groupKind = '', name = ''] = text(metadata.annotations?.[TRACKING])?.split(':') ?? [];
  return groupKind.endsWith(`/${kind}`) && name.endsWith(`/${metadata.name}`) ? application : undefined;
}

export const TRACKING = 'argocd.argoproj.io/tracking-id';
