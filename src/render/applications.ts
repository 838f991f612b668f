import { readManifest } from './manifest';
import { apiGroup } from './model';

/** What an Argo CD Application says of the folder that it brings. */
export interface Application {
  readonly cluster: string;
  readonly name: string;
  readonly project: string;
  /** Folder in `dist/<cluster>/`; undefined when its objects come from an upstream source. */
  readonly component?: string;
}

/** The Applications of trees of `dist/`; where trees differ, the later one is right. */
export function readApplications(trees: readonly ReadonlyMap<string, string>[]): Application[] {
  const found = new Map<string, Application>();
  for (const tree of trees) {
    for (const [file, content] of tree) {
      const [cluster = '', , name = '', ...rest] = file.split('/');
      if (rest.length > 0 || !name.startsWith('application-')) continue;
      const application = readApplication(cluster, content);
      if (application) found.set(`${cluster}/${application.name}`, application);
    }
  }
  return [...found.values()];
}

interface Spec {
  readonly project?: unknown;
  readonly source?: { readonly path?: unknown };
}

function readApplication(cluster: string, content: string): Application | undefined {
  const manifest = readManifest(content);
  if (manifest?.kind !== 'Application' || apiGroup(manifest.apiVersion) !== 'argoproj.io') return undefined;
  const { project, source } = (manifest.spec ?? {}) as Spec;
  const [, component] = new RegExp(`(?:^|/)dist/${literally(cluster)}/([^/]+)$`).exec(String(source?.path ?? '')) ?? [];
  return {
    cluster,
    name: manifest.metadata.name,
    project: String(project ?? ''),
    ...(component && { component }),
  };
}

/** A pattern that matches the text and nothing else. */
function literally(text: string): string {
  return text.replace(/[^\w-]/g, '\\$&');
}
