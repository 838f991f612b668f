import { App } from 'cdk8s';
import { checks } from '../checks';
import { once } from '../checks/once';
import { runChecks, type UsedException } from '../checks/run';
import { schemaCheck } from '../checks/schema';
import { loadSchemas } from '../checks/schemas/load';
import { type Cluster, type ClusterData, loadClusters } from '../core/cluster';
import { type Problem, throwIfAny } from '../core/problem';
import { platform } from '../platform';
import { bootstrap } from '../platform/bootstrap';
import { emptyComponents } from '../render/guard';
import { type FileSpec, layout } from '../render/layout';
import type { RenderedCluster } from '../render/model';
import { walk } from '../render/walk';
import { paths } from './project';

/** All clusters as they would be published. */
export interface Rendering {
  readonly clusters: readonly RenderedCluster[];
  readonly files: readonly FileSpec[];
  /** Findings that do not stop synth. */
  readonly warnings: readonly Problem[];
  /** Findings that a construct is allowed to have. */
  readonly exceptions: readonly UsedException[];
  /** Folders of components, of which each is one Application. */
  readonly folders: ReadonlySet<string>;
}

/**
 * Renders clusters in memory: a pure function of their data and of `src/`.
 *
 * @throws InvalidInput with every mistake that data, checks or layout found
 */
export function render(data: readonly ClusterData[]): Rendering {
  const schemas = loadSchemas(paths.schemas);
  const { scopes } = schemas;
  const app = new App();
  const rendered = loadClusters(data).map((cluster) => ({
    cluster,
    rendered: walk(platform(app, cluster, scopes), scopes),
  }));
  const clusters = rendered.map((one) => one.rendered);
  const reports = rendered.map((one) => ({
    cluster: one.cluster.name,
    ...runChecks(one.cluster, one.rendered, [schemaCheck(schemas), ...checks]),
  }));
  const { files, problems } = layout(clusters);
  const errors = once(reports.map(({ cluster, errors: problems }) => ({ cluster, problems })));
  throwIfAny([...errors, ...problems, ...emptyComponents(clusters)]);

  const all = [...files, ...rendered.flatMap((one) => bootstrap(one.cluster, one.rendered, files))];
  return {
    clusters,
    files: all.sort((a, b) => (a.path < b.path ? -1 : 1)),
    warnings: [
      ...rendered.flatMap(({ cluster }) => modelsWithoutPin(cluster)),
      ...once(reports.map(({ cluster, warnings: problems }) => ({ cluster, problems }))),
    ],
    exceptions: reports.flatMap(({ exceptions }) => exceptions),
    folders: new Set(
      clusters.flatMap(({ name, components }) => components.map((component) => `${name}/${component.name}`)),
    ),
  };
}

/** Until a version is pinned there is nothing to serve, and everything else is rendered. */
function modelsWithoutPin({ name, inference, models }: Cluster): Problem[] {
  if (models[inference.model]) return [];
  return [
    {
      where: `${name}.models.${inference.model}`,
      what: 'no version of the model is pinned, so no inference workload is rendered',
      fix: 'pin version and digest in src/clusters/CLUSTER.models.json once one is trained',
    },
  ];
}
