import { at, fields, text } from '../checks/read';
import { kindsWithSchema } from '../checks/schemas/kinds';
import type { ExternalObject, Manifest, RenderedCluster } from '../render/model';
import type { ApiServer } from './api-server';
import { discover, pathOf } from './discovery';
import { type Finding, read, type Section } from './finding';

/** Classes that objects name and that the cluster, not this repository, may bring. */
const classes = [
  { of: 'PersistentVolumeClaim', field: 'storageClassName', apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' },
  { of: 'Ingress', field: 'ingressClassName', apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass' },
] as const;

interface Wanted extends Pick<ExternalObject, 'kind' | 'name' | 'keys' | 'afterSync'> {
  readonly apiVersion: string;
  readonly namespace?: string;
  readonly purpose: string;
  readonly fix: string;
}

/**
 * What is referred to without being rendered here is there, with the keys that are read. Values of Secrets are looked at
 * by nobody.
 */
export async function verifyExisting(
  server: ApiServer,
  rendered: RenderedCluster,
  objects: readonly Manifest[],
): Promise<Section> {
  const wanted = [...externals(rendered), ...classesOf(objects)].filter(
    ({ kind, name }) => !objects.some((object) => object.kind === kind && object.metadata.name === name),
  );
  const { resourceOf, findings: unread } = await discover(
    server,
    wanted.map(({ apiVersion }) => apiVersion),
  );
  const findings = await Promise.all(
    wanted.map(async (one): Promise<Finding[]> => {
      const resource = resourceOf(one.apiVersion, one.kind);
      const { value, finding } = resource ? await read(server, pathOf(one.apiVersion, resource, one)) : {};
      if (finding) return [finding];
      const place = resource?.namespaced === false ? '' : `${one.namespace ?? ''}/`;
      const common = {
        severity: one.afterSync ? 'warning' : 'error',
        where: `${one.kind} ${place}${one.name}`,
        fix: one.fix,
      } as const;
      if (value === undefined) return [{ ...common, what: `is not there: ${one.purpose}` }];
      const held = { ...fields(at(value, 'data')), ...fields(at(value, 'binaryData')) };
      const missing = one.keys.filter((key) => !(key in held));
      return missing.length === 0 ? [] : [{ ...common, what: `has no key ${missing.join(' and no key ')}` }];
    }),
  );
  return { name: 'what must exist', looked: wanted.length, findings: [...unread, ...findings.flat()] };
}

function externals({ externals: all }: RenderedCluster): Wanted[] {
  return all.flatMap((one) => {
    const [apiVersion] = Object.entries(kindsWithSchema).find(([, kinds]) => kinds.includes(one.kind)) ?? [];
    if (!apiVersion) return [];
    const before = one.preparation ? ` (before that: ${one.preparation})` : '';
    const fix = one.command
      ? `create it: ${one.command} --namespace ${one.namespace}${before}`
      : 'create it, or correct the data of the cluster';
    return [{ ...one, apiVersion, fix: one.afterSync ? `once Argo CD has synced, ${fix}` : fix }];
  });
}

function classesOf(objects: readonly Manifest[]): Wanted[] {
  return classes.flatMap(({ of, field, apiVersion, kind }) => {
    const names = objects.filter((object) => object.kind === of).map(({ spec }) => text(at(spec, field)));
    return [...new Set(names)].flatMap((name) =>
      name === undefined
        ? []
        : [
            {
              apiVersion,
              kind,
              name,
              keys: [],
              afterSync: false,
              purpose: `a ${of} names it`,
              fix: `install what serves it, or name one that "kubectl get ${kind.toLowerCase()}" lists`,
            },
          ],
    );
  });
}
