import { cronWorkflow, eventBinding } from '../../argo-workflows/language';
import type { ClusterScope } from '../../core/component';
import { trainNewModelVersion } from '../../pipelines/train-new-model-version';
import type { Namespaces } from '../namespaces';
import type { Storage } from '../storage';
import { TrainingPipeline } from '../training-pipeline';

/** Trains, measures and versions models; on a schedule or on events when the cluster's data says so. */
export class TrainNewModelVersion extends TrainingPipeline {
  constructor(scope: ClusterScope, storage: Storage, namespaces: Namespaces) {
    super(scope, storage, namespaces, { name: 'train-new-model-version', contents: 'write' });
    const template = trainNewModelVersion(this.trainingEnvironment);
    this.add('Template', template);
    const { retraining, retrainingEvent } = scope.cluster.pipelines;
    if (retraining) {
      this.add('Retraining', cronWorkflow('retraining', { template, arguments: {}, schedules: [retraining.schedule] }));
    }
    if (retrainingEvent) {
      this.add(
        'RetrainingEvent',
        eventBinding('retraining', { template, arguments: {}, selector: retrainingEvent.selector }),
      );
    }
  }
}
