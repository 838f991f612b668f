import { dag, input, workflowTemplate } from '../argo-workflows/language';
import type { TrainingEnvironment } from './environment';
import { candidateTraining } from './steps/candidates';
import { inferenceTestSteps, mayTakeCandidates, PULLED } from './steps/inference-test';
import { ownSteps, trainingData } from './steps/own-steps';
import { trainingSteps } from './steps/training';
import { variantNames } from './variants';

/** Name of the pipeline and of its namespace. */
export const TRAIN_AND_INFERENCE_TESTING = 'train-and-inference-testing';

/** What a run does: each of them does something. */
export const modes = ['train-and-test', 'train', 'test'] as const;

/**
 * Tries a model the way users will: trains it, or takes a version, starts a throw-away inference server with it and
 * fails on a bad reply. It keeps and tags nothing.
 */
export function trainAndInferenceTesting(environment: TrainingEnvironment) {
  const { cluster, files } = environment;
  const own = ownSteps(environment);
  const training = trainingSteps(environment);
  const candidates = candidateTraining(environment, training);
  const { pull, server, probe } = inferenceTestSteps(environment);

  const tryModel = dag(
    'try-model',
    {
      inputs: {
        candidate: input.string(),
        data: files.takes(),
        ...mayTakeCandidates(files, () => undefined),
      },
    },
    (d) => {
      const { data, ...candidate } = d.inputs;
      const started = d.task('server', server, candidate);
      const probed = d.task('probe', probe, { address: started.outputs.ip, data });
      const { accuracy, latency, report, junit } = probed.outputs;
      return { accuracy, latency, report, junit };
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
      const { data, after } = trainingData(d, own, fetched.outputs.files);
      const given = { model, variant, seed, data };
      const trained = d.taskWhen('train', mode.ne('test'), candidates, given, { after });
      const pulled = d.taskWhen('pull', mode.eq('test'), pull, { model, version });
      const trying = { candidate: variant, data, ...trained.outputs };
      const tried = d.taskWhen('try-trained', mode.eq('train-and-test'), tryModel, trying);
      const testing = { candidate: PULLED, data, pulled: pulled.outputs.candidate };
      const tested = d.taskWhen('try-version', mode.eq('test'), tryModel, testing);
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
    ...(files.artifactRepository && { artifactRepository: files.artifactRepository }),
    // A server holds its place until it was asked: on a small node, two would for ever keep out who asks them.
    synchronization: { mutexes: [{ name: 'inference-test' }] },
    ...training.cleaning,
  });
}
