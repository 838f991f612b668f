import {
  container,
  type ExitContext,
  type Inputs,
  input,
  output,
  text,
  type Volume,
  workflow,
} from '../../argo-workflows/language';
import { CONTENTS, imageOf, REACHES, resourcesOf, type TrainingEnvironment } from '../environment';
import { gitEnvironment, gitMounts } from '../git-access';
import { CANDIDATE, RUNS } from '../hand-over';
import { settingArguments, settingInputs } from '../variants';
import { DATA, FETCHED } from './own-steps';

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

/** What the training program is called with. */
export function trainingSteps(environment: TrainingEnvironment) {
  const { files, placement, cluster } = environment;
  const program = cluster.pipelines.training;
  const common = {
    image: imageOf(environment, program.image),
    command: program.argv,
    priorityClassName: environment.priorityClass.name,
    ...(placement && { placement }),
  } as const;
  const source = datasetSource(environment);
  const fetched = cluster.pipelines.steps.prepare ? FETCHED : DATA;

  const fetch = container('fetch', {
    ...common,
    inputs: { subset: input.int(), seed: input.int() },
    outputs: {
      data: output.path('/results/sha256'),
      texts: output.int('/results/training'),
      files: files.gives(fetched),
    },
    args: (c) => [
      'fetch',
      ...source.args,
      '--size',
      c.inputs.subset,
      '--seed',
      c.inputs.seed,
      '--output',
      fetched,
      '--results',
      '/results',
    ],
    env: source.env,
    mounts: [...files.mounts('write'), ...source.mounts],
    labels: source.labels,
    resources: resourcesOf('medium'),
  });

  const train = container('train', {
    ...common,
    inputs: {
      model: input.string(),
      variant: input.string(),
      seed: input.int(),
      ...settingInputs(program),
      data: files.takes(DATA),
    },
    outputs: { weights: output.path('/results/weightsSha256'), files: files.gives(`${CANDIDATE}/model`) },
    args: (c) => [
      'train',
      '--data',
      DATA,
      '--name',
      c.inputs.model,
      '--seed',
      c.inputs.seed,
      ...settingArguments(program, c.inputs),
      '--output',
      text`${files.candidate(c.inputs.variant)}/model`,
      '--results',
      '/results',
    ],
    // For programs that record what they train.
    env: (c) => ({ VARIANT: c.inputs.variant }),
    mounts: files.mounts('write'),
    resources: resourcesOf('large'),
    // Also after the kernel or the node has killed it: a repeated training writes the same bytes.
    retry: { limit: 2, when: (last) => last.exitCode.isIn([-1, 137, 143]) },
    activeDeadlineSeconds: 6 * 3600,
  });

  const evaluate = container('evaluate', {
    ...common,
    inputs: { variant: input.string(), data: files.takes(DATA), model: files.takes(`${CANDIDATE}/model`) },
    outputs: { accuracy: output.number('/results/accuracy'), candidate: files.gives(CANDIDATE) },
    args: (c) => [
      'evaluate',
      '--data',
      DATA,
      '--model',
      text`${files.candidate(c.inputs.variant)}/model`,
      '--output',
      text`${files.candidate(c.inputs.variant)}/report`,
      '--results',
      '/results',
    ],
    env: (c) => ({ VARIANT: c.inputs.variant }),
    mounts: files.mounts('write'),
    resources: resourcesOf('medium'),
  });

  return { fetch, train, evaluate, cleaning: cleaning(common, files.volume) };
}

/** Removes the folder of the run when the workflow has ended; nothing where Argo keeps the files. */
function cleaning(common: { readonly image: string; readonly priorityClassName: string }, volume?: Volume) {
  if (!volume) return {};
  const clean = container('clean', {
    ...common,
    command: ['rm'],
    args: ['-rf', '--', text`/runs/${workflow.uid}`],
    mounts: [{ volume, path: '/runs', subPath: RUNS }],
    resources: resourcesOf('small'),
  });
  return { onExit: (x: ExitContext<Inputs>) => void x.task('clean', clean, {}) };
}
