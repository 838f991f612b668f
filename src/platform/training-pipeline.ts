import { ClusterScope } from '../core/component';
import { type DatasetSource, REACHES, type TrainingEnvironment } from '../pipelines/environment';
import { inRunFolder } from '../pipelines/hand-over';
import { filesInArtifactStore } from './artifact-store';
import { serverOf } from './git-server';
import type { Namespaces } from './namespaces';
import { Pipeline, type PipelineProps } from './pipeline';
import type { Storage } from './storage';

/** A pipeline that trains: it mounts the folder of the runs and reads the data set. */
export class TrainingPipeline extends Pipeline {
  readonly trainingEnvironment: TrainingEnvironment;

  constructor(scope: ClusterScope, storage: Storage, namespaces: Namespaces, props: PipelineProps) {
    super(scope, storage, namespaces, props);
    const { artifactStore } = scope.cluster;
    this.trainingEnvironment = {
      ...this.environment,
      files: artifactStore ? filesInArtifactStore(this, artifactStore) : inRunFolder(storage.claim(this, 'training')),
      dataset: this.dataset(storage),
    };
  }

  private dataset(storage: Storage): DatasetSource {
    const { cluster, connections } = ClusterScope.of(this);
    const { dataset } = cluster;
    const volume = storage.claimDataset(this);
    if (dataset.from === 'volume' && volume) return { from: 'volume', volume, file: dataset.file };
    if (dataset.from === 'url') {
      const { port, addresses } = serverOf(dataset.url, dataset.networks);
      const from = this.pods('reaches-dataset', { [REACHES.dataset]: 'true' });
      for (const to of addresses) {
        connections.add({ from, to, ports: [{ port }], description: 'fetches the data set' });
      }
      return { from: 'url', url: dataset.url };
    }
    if (dataset.from === 'dvc') return { from: 'dvc', revision: dataset.revision, path: dataset.path };
    throw new TypeError(`${this.node.path}: no volume for the data set`);
  }
}
