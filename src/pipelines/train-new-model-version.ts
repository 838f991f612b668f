import { anyOf, dag, input, text, workflowTemplate } from '../argo-workflows/language';
import type { TrainingEnvironment } from './environment';
import { trainingSteps } from './steps/training';
import { versioningSteps } from './steps/versioning';
import { variantChoices, variantNames, variants } from './variants';

/** Name of the pipeline and of its namespace. */
export const TRAIN_NEW_MODEL_VERSION = 'train-new-model-version';

/** Variants that a run trains side by side, each measured when it is trained. */
export function candidateTraining({ train, evaluate }: Pick<ReturnType<typeof trainingSteps>, 'train' | 'evaluate'>) {
  const candidate = dag(
    'candidate',
    {
      inputs: {
        model: input.string(),
        variant: input.string(),
        seed: input.int(),
        bits: input.int(),
        regularization: input.number(),
      },
    },
    (d) => {
      const trained = d.task('train', train, d.inputs);
      const evaluated = d.task('evaluate', evaluate, { variant: d.inputs.variant }, { after: [trained] });
      return { accuracy: evaluated.outputs.accuracy };
    },
  );
  return dag(
    'candidates',
    { inputs: { model: input.string(), variant: input.oneOf(variantChoices), seed: input.int() } },
    (d) => {
      for (const variant of variantNames) {
        const wanted = anyOf(d.inputs.variant.eq('all'), d.inputs.variant.eq(variant));
        d.taskWhen(variant, wanted, candidate, {
          model: d.inputs.model,
          variant,
          seed: d.inputs.seed,
          ...variants[variant],
        });
      }
    },
  );
}

/**
 * Makes a version of a model from the data set: the same inputs find the version that they have made already, a tag
 * that exists is refused before training, and what does not pass the gate is not kept.
 */
export function trainNewModelVersion(environment: TrainingEnvironment) {
  const { cluster } = environment;
  const training = trainingSteps(environment);
  const versioning = versioningSteps(environment, cluster.pipelines.gate);
  const candidates = candidateTraining(training);

  const make = dag(
    'make',
    {
      inputs: {
        model: input.string(),
        version: input.string(),
        runKey: input.string(),
        variant: input.oneOf(variantChoices),
        seed: input.int(),
      },
    },
    (d) => {
      const { model } = d.inputs;
      const trained = d.task('candidates', candidates, { model, variant: d.inputs.variant, seed: d.inputs.seed });
      const passed = d.task('gate', versioning.gate, { model }, { after: [trained] });
      const { version, digest } = d.task('version', versioning.version, {
        folder: passed.outputs.folder,
        version: d.inputs.version,
        runKey: d.inputs.runKey,
      }).outputs;
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
      const { data } = d.task('fetch', training.fetch, { subset, seed }).outputs;
      const resolved = d.task('resolve', versioning.resolve, { model, version, data, seed, variant });
      const made = d.taskWhen('make', resolved.outputs.found.eq(false), make, {
        model,
        version,
        runKey: resolved.outputs.runKey,
        variant,
        seed,
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
    synchronization: (w) => ({ mutexes: [{ name: text`model-${w.parameters.model}` }] }),
    onExit: (x) => {
      x.task('clean', training.clean, {});
    },
  });
}
