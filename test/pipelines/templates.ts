import { render } from '../../src/cli/render';
import { homelab } from '../../src/clusters/homelab';
import type { ClusterData } from '../../src/core/cluster';
import { type Manifest, objectsOf } from '../../src/render/model';

/** Every object of a cluster. */
export function objectsIn(data: ClusterData): readonly Manifest[] {
  return render([data])
    .clusters.flatMap(objectsOf)
    .map(({ manifest }) => manifest);
}

/** The rendered workflow template of a pipeline. */
export function templateOf(name: string, changes: Partial<ClusterData> = {}): Manifest {
  const found = objectsIn({ ...homelab, ...changes }).find(
    ({ kind, metadata }) => kind === 'WorkflowTemplate' && metadata.name === name,
  );
  if (!found) throw new Error(`no WorkflowTemplate ${name}`);
  return found;
}

/** Steps that only this cluster has. */
export const ownSteps: Pick<ClusterData, 'images' | 'pipelines'> = {
  images: { ...homelab.images, reviews: { repository: 'reviews', tag: '1.0.0' } },
  pipelines: {
    ...homelab.pipelines,
    steps: {
      prepare: { image: 'reviews', argv: ['reviews', 'prepare', '$(FETCHED)', '$(DATA)'] },
      validate: { image: 'reviews', argv: ['reviews', 'validate', '$(DATA)'], resources: 'small' },
      export: { image: 'trainer', argv: ['python', '-m', 'export'] },
    },
  },
};

/** An object store for the files of the runs. */
export const artifactStore: ClusterData['artifactStore'] = {
  endpoint: 's3.example.org:9000',
  tls: true,
  bucket: 'runs',
  credentials: { from: 'existing' },
  networks: ['192.168.10.0/24'],
};

/** A template of a workflow that runs a program. */
export interface Step {
  readonly name: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly container?: {
    readonly image: string;
    readonly command: readonly string[];
    readonly args?: readonly string[];
    readonly volumeMounts?: readonly {
      readonly name: string;
      readonly mountPath: string;
      readonly subPath?: string;
      readonly readOnly?: boolean;
    }[];
  };
}

/** The steps of a workflow template by name. */
export function stepsOf({ spec }: Manifest): Readonly<Record<string, Step>> {
  const { templates } = spec as { readonly templates: readonly Step[] };
  return Object.fromEntries(templates.map((template) => [template.name, template]));
}
