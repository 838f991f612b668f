import { dag, input, text, workflowTemplate } from '../argo-workflows/language';
import type { TrainingEnvironment } from './environment';
import { candidateTraining } from './steps/candidates';
import { ownSteps, trainingData } from './steps/own-steps';
import { trainingSteps } from './steps/training';
import { versioningSteps } from './steps/versioning';
import { variantChoices } from './variants';

/** Name of the pipeline and of its namespace. */
export const TRAIN_NEW_MODEL_VERSION = 'train-new-model-version';

/**
 * Makes a version of a model from the data set: the same inputs find the version that they have made already, a tag
 * that exists is refused before training, and what does not pass the gate is not kept.
 */
export function trainNewModelVersion(environment: TrainingEnvironment) {
  const { cluster, files } = environment;
  const own = ownSteps(environment);
  const training = trainingSteps(environment);
  const versioning = versioningSteps(environment, cluster.pipelines.gate);
  const candidates = candidateTraining(environment, training);

  const make = dag(
    'make',
    {
      inputs: {
        model: input.string(),
        version: input.string(),
        runKey: input.string(),
        variant: input.oneOf(variantChoices),
        seed: input.int(),
        fetched: files.takes(),
      },
    },
    (d) => {
      const { model, variant, seed, runKey, version: wanted } = d.inputs;
      const { data, after } = trainingData(d, own, d.inputs.fetched);
      const trained = d.task('candidates', candidates, { model, variant, seed, data }, { after });
      const passed = d.task('gate', versioning.gate, { model, ...trained.outputs }).outputs;
      const { folder } = passed;
      const exported = own.export
        ? d.task('export', own.export, { folder, candidates: passed.candidates }).outputs
        : passed;
      const made = { folder, version: wanted, runKey, candidates: exported.candidates };
      const { version, digest } = d.task('version', versioning.version, made).outputs;
      d.task('verify', versioning.verify, { model, version, digest });
      return { version, digest };
    },
  );

  const pipeline = dag(
    'pipeline',
    {
      inputs: {
        model: input.string({ default: cluster.inference.model, description: 'Name of the model' }),
        version: input.string({ default: 'next', description: 'Version to make, such as v1.2.0, or next' }),
        subset: input.int({ default: 0, description: 'How many texts to use; 0 is all' }),
        seed: input.int({ default: 0, description: 'Chooses the texts, and those that calibrate' }),
        variant: input.oneOf(variantChoices, {
          default: 'standard',
          description: 'How to train; all lets the best of them become the version',
        }),
      },
    },
    (d) => {
      const { model, version, subset, seed, variant } = d.inputs;
      const { data, files: fetched } = d.task('fetch', training.fetch, { subset, seed }).outputs;
      const resolved = d.task('resolve', versioning.resolve, { model, version, data, seed, variant });
      const made = d.taskWhen('make', resolved.outputs.found.eq(false), make, {
        model,
        version,
        runKey: resolved.outputs.runKey,
        variant,
        seed,
        fetched,
      });
      return {
        existing: resolved.outputs.version,
        version: made.outputs.version.or(''),
        digest: made.outputs.digest.or(''),
      };
    },
  );

  return workflowTemplate(TRAIN_NEW_MODEL_VERSION, {
    templates: { pipeline },
    entrypoint: 'pipeline',
    title: 'Train a new model version',
    description: 'Trains, measures and versions a model; the same inputs find the version that they have made.',
    serviceAccount: environment.serviceAccount,
    imagePullPolicy: cluster.imagePullPolicy,
    imagePullSecrets: [{ name: environment.pullSecret.name }],
    ...(files.artifactRepository && { artifactRepository: files.artifactRepository }),
    synchronization: (w) => ({ mutexes: [{ name: text`model-${w.parameters.model}` }] }),
    ...training.cleaning,
  });
}
