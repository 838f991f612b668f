import type { ClusterScope } from '../../core/component';
import { INFERENCE_TEST, REACHES } from '../../pipelines/environment';
import { trainAndInferenceTesting } from '../../pipelines/train-and-inference-testing';
import type { Namespaces } from '../namespaces';
import type { Storage } from '../storage';
import { TrainingPipeline } from '../training-pipeline';

/** Tries models on a throw-away inference server, which only its own test reaches. */
export class TrainAndInferenceTesting extends TrainingPipeline {
  constructor(scope: ClusterScope, storage: Storage, namespaces: Namespaces) {
    super(scope, storage, namespaces, { name: 'train-and-inference-testing', contents: 'read' });
    this.add('Template', trainAndInferenceTesting(this.trainingEnvironment));
    scope.connections.add({
      from: this.pods('reaches-inference-test', { [REACHES.inferenceTest]: 'true' }),
      to: this.pods('inference-test', INFERENCE_TEST),
      ports: [{ port: scope.cluster.pipelines.inferenceTest.port }],
      description: 'tests a throw-away inference server',
    });
  }
}
