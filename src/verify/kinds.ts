import { apiGroup, type Manifest, type RenderedCluster } from '../render/model';
import type { Discovery } from './discovery';
import type { Finding, Section } from './finding';

/** The API server serves every kind that is to be synced: the definitions of the operators are there. */
export function verifyKinds(
  { resourceOf, findings: unread }: Discovery,
  rendered: RenderedCluster,
  objects: readonly Manifest[],
): Section {
  const kinds = new Map(objects.map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }]));
  const missing = [...kinds.values()].filter(({ apiVersion, kind }) => !resourceOf(apiVersion, kind));
  const findings = missing.map(({ apiVersion, kind }): Finding => {
    const brings = rendered.components.find(({ provides }) =>
      provides.definitions?.includes(`${apiGroup(apiVersion)}/${kind}`),
    );
    return {
      severity: 'error',
      where: `kind ${kind} of ${apiVersion}`,
      what: 'is not served, so that its objects cannot be synced',
      fix: brings
        ? `sync Application ${rendered.name}-${brings.name}, which brings its definition`
        : 'install the operator that defines it, or name that operator in the data of the cluster',
    };
  });
  return { name: 'kinds', looked: kinds.size, findings: [...unread, ...findings] };
}
