import { dag, input, workflowTemplate } from '../argo-workflows/language';
import type { TrainingEnvironment } from './environment';
import { inferenceTestSteps } from './steps/inference-test';
import { trainingSteps } from './steps/training';
import { variantNames, variants } from './variants';

/** Name of the pipeline and of its namespace. */
export const TRAIN_AND_INFERENCE_TESTING = 'train-and-inference-testing';

/** What a run does: each of them does something. */
export const modes = ['train-and-test', 'train', 'test'] as const;

/**
 * Tries a model the way users will: trains it, or takes a version, starts a throw-away inference server with it and
 * fails on a bad reply. It keeps and tags nothing.
 */
export function trainAndInferenceTesting(environment: TrainingEnvironment) {
  const { cluster } = environment;
  const training = trainingSteps(environment);
  const { pull, server, probe } = inferenceTestSteps(environment);

  const tryModel = dag('try-model', { inputs: { candidate: input.string() } }, (d) => {
    const { candidate } = d.inputs;
    const started = d.task('server', server, { candidate });
    const probed = d.task('probe', probe, { address: started.outputs.ip });
    const { accuracy, latency, report, junit } = probed.outputs;
    return { accuracy, latency, report, junit };
  });

  const trainOne = dag(
    'train-one',
    { inputs: { model: input.string(), variant: input.oneOf(variantNames), seed: input.int() } },
    (d) => {
      const { model, variant, seed } = d.inputs;
      const trained = variantNames.map((name) =>
        d.taskWhen(`train-${name}`, variant.eq(name), training.train, {
          model,
          variant: name,
          seed,
          ...variants[name],
        }),
      );
      d.task('evaluate', training.evaluate, { variant }, { after: trained });
    },
  );

  const pipeline = dag(
    'pipeline',
    {
      inputs: {
        mode: input.oneOf(modes, { default: 'train-and-test', description: 'What to do' }),
        model: input.string({ default: cluster.inference.model, description: 'Name of the model' }),
        version: input.string({ default: '', description: 'Version to test, such as v1.2.0; only in the mode test' }),
        subset: input.int({ default: 0, description: 'How many texts to use; 0 is all' }),
        seed: input.int({ default: 0, description: 'Chooses the texts, and those that calibrate' }),
        variant: input.oneOf(variantNames, { default: 'standard', description: 'How to train' }),
      },
    },
    (d) => {
      const { mode, model, version, subset, seed, variant } = d.inputs;
      const fetched = d.task('fetch', training.fetch, { subset, seed });
      const trained = d.taskWhen('train', mode.ne('test'), trainOne, { model, variant, seed }, { after: [fetched] });
      const pulled = d.taskWhen('pull', mode.eq('test'), pull, { model, version });
      const ready = { after: [trained, pulled, fetched] };
      const tried = d.taskWhen('try-trained', mode.eq('train-and-test'), tryModel, { candidate: variant }, ready);
      const tested = d.taskWhen('try-version', mode.eq('test'), tryModel, { candidate: 'pulled' }, ready);
      return {
        trainedReport: tried.outputs.report.or(''),
        trainedJunit: tried.outputs.junit.or(''),
        versionReport: tested.outputs.report.or(''),
        versionJunit: tested.outputs.junit.or(''),
      };
    },
  );

  return workflowTemplate(TRAIN_AND_INFERENCE_TESTING, {
    templates: { pipeline },
    entrypoint: 'pipeline',
    title: 'Train and test inference',
    description: 'Trains a model or takes a version, and asks a throw-away server; keeps and tags nothing.',
    serviceAccount: environment.serviceAccount,
    imagePullPolicy: cluster.imagePullPolicy,
    imagePullSecrets: [{ name: environment.pullSecret.name }],
    onExit: (x) => {
      x.task('clean', training.clean, {});
    },
  });
}
