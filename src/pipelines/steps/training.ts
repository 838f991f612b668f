import { container, input, output, text, workflow } from '../../argo-workflows/language';
import {
  CONTENTS,
  imageOf,
  REACHES,
  RUNS,
  resourcesOf,
  runFolder,
  type TrainingEnvironment,
  WORK,
} from '../environment';
import { gitEnvironment, gitMounts } from '../git-access';

const TRAINER = ['python', '-m', 'trainer'] as const;
/** The data set of the run. */
const DATA = `${WORK}/data`;
/** A folder for each variant that was trained. */
export const CANDIDATES = `${WORK}/candidates`;

/** What the fetch step is told, mounts and may reach. */
function datasetSource({ dataset, modelRepository, contents }: TrainingEnvironment) {
  switch (dataset.from) {
    case 'volume':
      return {
        args: ['--source', dataset.file === undefined ? '/dataset' : `/dataset/${dataset.file}`],
        mounts: [{ volume: dataset.volume, path: '/dataset', readOnly: true }],
        labels: {},
        env: {},
      };
    case 'url':
      return { args: ['--source', dataset.url], mounts: [], labels: { [REACHES.dataset]: 'true' }, env: {} };
    case 'dvc':
      return {
        args: ['--source', dataset.path, '--repository', modelRepository.url, '--revision', dataset.revision],
        mounts: [{ volume: contents, path: CONTENTS, readOnly: true }, ...gitMounts(modelRepository)],
        labels: { [modelRepository.label]: 'true' },
        env: gitEnvironment(modelRepository),
      };
  }
}

/** Programs of the trainer's image. */
export function trainingSteps(environment: TrainingEnvironment) {
  const image = imageOf(environment, 'trainer');
  const run = runFolder(environment.training);
  const { placement } = environment;
  const common = {
    image,
    command: TRAINER,
    priorityClassName: environment.priorityClass.name,
    ...(placement && { placement }),
  } as const;
  const source = datasetSource(environment);

  const fetch = container('fetch', {
    ...common,
    inputs: { subset: input.int(), seed: input.int() },
    outputs: { data: output.path('/results/sha256'), texts: output.int('/results/training') },
    args: (c) => [
      'fetch',
      ...source.args,
      '--size',
      c.inputs.subset,
      '--seed',
      c.inputs.seed,
      '--output',
      DATA,
      '--results',
      '/results',
    ],
    env: source.env,
    mounts: [run, ...source.mounts],
    labels: source.labels,
    resources: resourcesOf('medium'),
  });

  const train = container('train', {
    ...common,
    inputs: {
      model: input.string(),
      variant: input.string(),
      seed: input.int(),
      bits: input.int(),
      regularization: input.number(),
    },
    outputs: { weights: output.path('/results/weightsSha256') },
    args: (c) => [
      'train',
      '--data',
      DATA,
      '--name',
      c.inputs.model,
      '--seed',
      c.inputs.seed,
      '--bits',
      c.inputs.bits,
      '--regularization',
      c.inputs.regularization,
      '--output',
      text`${CANDIDATES}/${c.inputs.variant}/model`,
      '--results',
      '/results',
    ],
    mounts: [run],
    resources: resourcesOf('large'),
    // Also after the kernel or the node has killed it: a repeated training writes the same bytes.
    retry: { limit: 2, when: (last) => last.exitCode.isIn([-1, 137, 143]) },
    activeDeadlineSeconds: 6 * 3600,
  });

  const evaluate = container('evaluate', {
    ...common,
    inputs: { variant: input.string() },
    outputs: { accuracy: output.number('/results/accuracy') },
    args: (c) => [
      'evaluate',
      '--data',
      DATA,
      '--model',
      text`${CANDIDATES}/${c.inputs.variant}/model`,
      '--output',
      text`${CANDIDATES}/${c.inputs.variant}/report`,
      '--results',
      '/results',
    ],
    mounts: [run],
    resources: resourcesOf('medium'),
  });

  const clean = container('clean', {
    ...common,
    command: ['rm'],
    args: ['-rf', '--', text`/runs/${workflow.uid}`],
    mounts: [{ volume: environment.training, path: '/runs', subPath: RUNS }],
    resources: resourcesOf('small'),
  });

  return { fetch, train, evaluate, clean };
}
