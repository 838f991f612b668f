import { container, input, type Mount, output, text, workflow } from '../../argo-workflows/language';
import type { Gate } from '../../core/cluster';
import { CONTENTS, imageOf, type PipelineEnvironment, resourcesOf, type TrainingEnvironment } from '../environment';
import { gitMounts, versioningOptions } from '../git-access';
import { CANDIDATES } from '../hand-over';
import { describeVariants, forEachVariant } from '../variants';
import { describeOwnSteps } from './own-steps';

const VERSIONING = ['python', '-m', 'versioning'] as const;
const RESULTS = ['--results', '/results'] as const;

/** What all programs of the versioning image have: they reach the model repository, and try again when it is away. */
export function versioningProgram(environment: PipelineEnvironment) {
  const { modelRepository } = environment;
  return {
    image: imageOf(environment, 'dvc'),
    command: VERSIONING,
    priorityClassName: environment.priorityClass.name,
    labels: { [modelRepository.label]: 'true' },
    env: { WORKFLOW_RUN: workflow.name },
    resources: resourcesOf('medium'),
  } as const;
}

/** The DVC remote and the credentials of the model repository. */
export function versioningMounts({ modelRepository, contents }: PipelineEnvironment, contentsUse: 'read' | 'write') {
  return [
    { volume: contents, path: CONTENTS, readOnly: contentsUse === 'read' },
    ...gitMounts(modelRepository),
  ] satisfies readonly Mount<never>[];
}

/** Programs that make a version of what was trained. */
export function versioningSteps(environment: TrainingEnvironment, gate: Gate) {
  const common = versioningProgram(environment);
  const repository = versioningOptions(environment.modelRepository);
  const { files } = environment;
  const remote = ['--remote', CONTENTS] as const;
  const image = imageOf(environment, environment.cluster.pipelines.training.image);

  const resolve = container('resolve', {
    ...common,
    inputs: {
      model: input.string(),
      version: input.string(),
      data: input.string(),
      seed: input.int(),
      variant: input.string(),
    },
    outputs: {
      runKey: output.path('/results/runKey'),
      found: output.boolean('/results/found'),
      version: output.path('/results/version'),
      digest: output.path('/results/digest'),
    },
    args: (c) => [
      'resolve',
      ...repository,
      '--name',
      c.inputs.model,
      '--version',
      c.inputs.version,
      '--input',
      text`data=${c.inputs.data}`,
      '--input',
      text`seed=${c.inputs.seed}`,
      '--input',
      text`variant=${c.inputs.variant}`,
      '--input',
      `settings=${describeVariants(environment.cluster.pipelines.training)}`,
      '--input',
      `image=${image}`,
      ...describeOwnSteps(environment).flatMap((step) => ['--input', step]),
      ...RESULTS,
    ],
    mounts: gitMounts(environment.modelRepository),
  });

  const gated = container('gate', {
    ...common,
    inputs: { model: input.string(), ...forEachVariant((name) => files.mayTake(`${CANDIDATES}/${name}`)) },
    outputs: {
      candidate: output.path('/results/candidate'),
      folder: output.path('/results/folder'),
      metric: output.number('/results/metric'),
      candidates: files.gives(CANDIDATES),
    },
    args: (c) => [
      'gate',
      ...repository,
      '--name',
      c.inputs.model,
      '--candidates',
      CANDIDATES,
      '--metric',
      gate.metric,
      '--op',
      gate.op,
      // In one word: a negative number would be read as another option.
      `--value=${gate.value}`,
      ...(gate.compareWith === 'served' ? ['--compare-with-stage', environment.cluster.stage] : []),
      ...RESULTS,
    ],
    mounts: [...files.mounts('read'), ...gitMounts(environment.modelRepository)],
  });

  const version = container('version', {
    ...common,
    inputs: {
      folder: input.string(),
      version: input.string(),
      runKey: input.string(),
      candidates: files.takes(CANDIDATES),
    },
    outputs: { version: output.path('/results/version'), digest: output.path('/results/digest') },
    args: (c) => [
      'version',
      ...repository,
      ...remote,
      '--model',
      c.inputs.folder,
      '--version',
      c.inputs.version,
      '--run-key',
      c.inputs.runKey,
      ...RESULTS,
    ],
    mounts: [...files.mounts('read'), ...versioningMounts(environment, 'write')],
    // The run key makes it safe to repeat: a version that was made is found.
    retry: { limit: 2, when: (last) => last.exitCode.isIn([-1, 137, 143]) },
  });

  const verify = container('verify', {
    ...common,
    inputs: { model: input.string(), version: input.string(), digest: input.string() },
    args: (c) => [
      'verify',
      ...repository,
      ...remote,
      '--name',
      c.inputs.model,
      '--version',
      c.inputs.version,
      '--digest',
      c.inputs.digest,
    ],
    mounts: versioningMounts(environment, 'read'),
  });

  return { resolve, gate: gated, version, verify };
}
