import { toYaml } from '../../../src/core/yaml';
import { type FileSpec, fileName, OWNERSHIP_MARK } from '../../../src/render/layout';
import type { Manifest } from '../../../src/render/model';

/** An object in a component of a cluster called `c`. */
export function object(component: string, manifest: Manifest, construct = component): FileSpec {
  return {
    path: `c/${component}/${fileName({ manifest }, component)}`,
    content: `${OWNERSHIP_MARK}c/${construct}; edit src/.\n---\n${toYaml(manifest)}`,
  };
}

/** What {@link object}s would be in Git. */
export function tree(...files: readonly FileSpec[]): Map<string, string> {
  return new Map(files.map(({ path, content }) => [path, content]));
}

export function manifest(
  apiVersion: string,
  kind: string,
  name: string,
  fields: Record<string, unknown> = {},
): Manifest {
  const { metadata = {}, ...rest } = fields as { metadata?: object };
  return { apiVersion, kind, metadata: { name, ...metadata }, ...rest };
}

export function application(component: string, options: { project?: string; finalizer?: boolean } = {}): FileSpec {
  return object(
    'applications',
    manifest('argoproj.io/v1alpha1', 'Application', `c-${component}`, {
      ...(options.finalizer && { metadata: { finalizers: ['resources-finalizer.argocd.argoproj.io'] } }),
      spec: {
        project: options.project ?? 'c-all',
        destination: { namespace: component },
        source: { path: `dist/c/${component}` },
      },
    }),
  );
}
