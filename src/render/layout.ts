import type { Problem } from '../core/problem';
import { toYaml } from '../core/yaml';
import type { RenderedCluster, RenderedObject } from './model';

/** A file to be, relative to `dist/`. */
export interface FileSpec {
  /** Path with forward slashes, such as `homelab/registry/service-registry.yaml`. */
  readonly path: string;
  readonly content: string;
}

/** Begins the first line of every file that rendering owns; a file without it is somebody else's. */
export const OWNERSHIP_MARK = '# Generated from ';

/** What a file's name may have at most, on every common file system. */
const LONGEST_FILE_NAME = 255;

/** `<kind>-<name>.yaml`, with the namespace before it when it is not the component's own. */
export function fileName({ manifest }: Pick<RenderedObject, 'manifest'>, componentNamespace: string): string {
  const { kind, metadata } = manifest;
  const base = `${kind.toLowerCase()}-${metadata.name.replace(/[^A-Za-z0-9.-]/g, '_')}.yaml`;
  const foreign = metadata.namespace !== undefined && metadata.namespace !== componentNamespace;
  return foreign ? `${metadata.namespace}.${base}` : base;
}

/**
 * Where every object goes: `<cluster>/<component>/<kind>-<name>.yaml`. Pure; nothing is written.
 *
 * @returns the files in order of path, and a problem for every two objects that would share one and for every name that
 * no file can have
 */
export function layout(clusters: readonly RenderedCluster[]): { files: FileSpec[]; problems: Problem[] } {
  const owners = new Map<string, RenderedObject>();
  const files: FileSpec[] = [];
  const problems: Problem[] = [];
  for (const cluster of clusters) {
    for (const component of cluster.components) {
      for (const object of component.objects) {
        const name = fileName(object, component.namespace);
        if (name.length > LONGEST_FILE_NAME) {
          problems.push({
            where: object.path,
            what: `its file would have a name of ${name.length} characters, and ${LONGEST_FILE_NAME} is the limit`,
            got: name,
            fix: 'give the object a shorter name',
          });
          continue;
        }
        const path = `${cluster.name}/${component.name}/${name}`;
        // Paths are compared as a file system that ignores case would.
        const owner = owners.get(path.toLowerCase());
        if (owner) {
          problems.push({
            where: object.path,
            what: `would be written to the file of ${owner.path}`,
            got: path,
            fix: 'give one of the two another name',
          });
          continue;
        }
        owners.set(path.toLowerCase(), object);
        files.push({
          path,
          content: `${OWNERSHIP_MARK}${object.path}; edit src/ and run "npm run synth".\n---\n${toYaml(object.manifest)}`,
        });
      }
    }
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, problems };
}
