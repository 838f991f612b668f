import { at, items, text } from '../checks/read';
import type { ApiServer } from './api-server';
import { type Finding, read } from './finding';

/** How the API server serves a kind. */
export interface Resource {
  /** Path of the kind within its version, such as `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** What an API server serves of some API versions. */
export interface Discovery {
  /** Undefined for a kind that is not served. */
  readonly resourceOf: (apiVersion: string, kind: string) => Resource | undefined;
  readonly findings: readonly Finding[];
}

export async function discover(server: ApiServer, apiVersions: Iterable<string>): Promise<Discovery> {
  const resources = new Map<string, Resource>();
  const findings: Finding[] = [];
  await Promise.all(
    [...new Set(apiVersions)].map(async (apiVersion) => {
      const { value, finding } = await read(server, versionPath(apiVersion));
      if (finding) findings.push(finding);
      for (const { value: one } of items(at(value, 'resources'), '')) {
        const [plural, kind] = [text(one.name), text(one.kind)];
        // `deployments/scale` is a part of an object, not one of its own.
        if (plural && kind && !plural.includes('/'))
          resources.set(`${apiVersion} ${kind}`, { plural, namespaced: one.namespaced === true });
      }
    }),
  );
  return { resourceOf: (apiVersion, kind) => resources.get(`${apiVersion} ${kind}`), findings };
}

/** Where an object is, or where all objects of a kind are when no name is given. */
export function pathOf(
  apiVersion: string,
  { plural, namespaced }: Resource,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name?: string },
): string {
  const within = namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
  return `${versionPath(apiVersion)}${within}/${plural}${name === undefined ? '' : `/${name}`}`;
}

function versionPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
