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
