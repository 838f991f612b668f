import { container, input, output, suspend, workflow } from '../../argo-workflows/language';
import { CONTENTS, imageOf, type PromotionEnvironment, REACHES, resourcesOf } from '../environment';
import { deployerOptions, gitMounts, readingAccess, versioningOptions } from '../git-access';
import { versioningMounts, versioningProgram } from './versioning';

const RESULTS = ['--results', '/results'] as const;
export const MODELS = '/models';
const DEPLOYER = ['node', '/app/bin/mlops.js'] as const;

/** How long a promotion waits for a person. */
const APPROVAL_HOURS = 72;
/** And for the merge of a pull request. */
const MERGE_HOURS = 72;
/** Argo CD looks at Git every three minutes; a rollout with many replicas takes some more. */
const SERVED_SECONDS = 1200;

/** Programs that bring a version to where it is served. */
export function promotionSteps(environment: PromotionEnvironment) {
  const { cluster, modelRepository, platformRepository } = environment;
  const versioning = versioningProgram(environment);
  const repository = versioningOptions(modelRepository);
  const remote = ['--remote', CONTENTS] as const;
  const mounts = versioningMounts(environment, 'read');
  const deployer = {
    image: imageOf(environment, 'deployer'),
    command: DEPLOYER,
    priorityClassName: environment.priorityClass.name,
  } as const;

  const { metric, op, value, compareWith } = cluster.pipelines.gate;
  // A promotion compares with what the stage holds then; metrics of which less is better are left to the training.
  const gate =
    compareWith === 'served' && (op === '>=' || op === '>') ? ['--metric', metric, `--largest-loss=${-value}`] : [];

  const { pullRequest } = cluster.pipelines;
  const token = environment.pullRequestToken;
  const asking = [
    ...(pullRequest ? ['--pull-request'] : []),
    ...(pullRequest && token ? ['--token-file', '/secrets/github/token'] : []),
  ];

  // The deployer reads the tag of the version itself.
  const reading = readingAccess(modelRepository);

  const check = container('check', {
    ...versioning,
    inputs: { model: input.string(), version: input.string() },
    outputs: {
      version: output.path('/results/version'),
      tag: output.path('/results/tag'),
      digest: output.path('/results/digest'),
      held: output.path('/results/held'),
    },
    args: (c) => [
      'check',
      ...repository,
      ...remote,
      '--name',
      c.inputs.model,
      '--version',
      c.inputs.version,
      '--stage',
      cluster.stage,
      ...gate,
      ...RESULTS,
    ],
    mounts,
  });

  const approve = suspend('approve', {
    inputs: { tag: input.string(), instead: input.string() },
    answers: {
      decision: input.oneOf(['reject', 'approve'], { description: 'Whether this version is to be served' }),
      by: input.string({ description: 'Who decides' }),
    },
    duration: `${APPROVAL_HOURS}h`,
  });

  const place = container('place', {
    ...versioning,
    inputs: { model: input.string(), version: input.string(), digest: input.string(), folder: input.string() },
    args: (c) => [
      'pull',
      ...repository,
      ...remote,
      '--name',
      c.inputs.model,
      '--version',
      c.inputs.version,
      '--digest',
      c.inputs.digest,
      '--output',
      c.inputs.folder,
    ],
    mounts: [...mounts, { volume: environment.models, path: MODELS }],
  });

  const deploy = container('deploy', {
    ...deployer,
    inputs: { tag: input.string(), by: input.string() },
    args: (c) => [
      'deploy',
      ...deployerOptions(platformRepository),
      ...asking,
      '--',
      'promote',
      'model',
      c.inputs.tag,
      '--to',
      cluster.name,
      // The check has compared the metrics already, and a rollback may go back to a worse version.
      '--allow-worse',
      '--approved-by',
      c.inputs.by,
      '--workflow-run',
      workflow.name,
    ],
    env: reading.env,
    mounts: [
      ...gitMounts(platformRepository),
      ...reading.mounts,
      ...(token ? [{ volume: token, path: '/secrets/github', readOnly: true }] : []),
    ],
    labels: {
      [platformRepository.label]: 'true',
      [modelRepository.label]: 'true',
      ...(token ? { [REACHES.gitHub]: 'true' } : {}),
    },
    resources: resourcesOf('medium'),
  });

  // Whoever has merged resumes it; the version is waited for in any case.
  const merge = pullRequest && suspend('merge', { inputs: { tag: input.string() }, duration: `${MERGE_HOURS}h` });

  const waitServed = container('wait-served', {
    ...deployer,
    inputs: { version: input.string(), digest: input.string() },
    args: (c) => [
      'wait-served',
      environment.inferenceUrl,
      '--version',
      c.inputs.version,
      '--digest',
      c.inputs.digest,
      '--timeout',
      SERVED_SECONDS,
    ],
    labels: { [REACHES.inference]: 'true' },
    resources: resourcesOf('medium'),
    activeDeadlineSeconds: SERVED_SECONDS + 300,
  });

  const stageArguments = [...repository, ...remote, '--stage', cluster.stage] as const;
  const stage = container('stage', {
    ...versioning,
    inputs: { model: input.string(), version: input.string(), by: input.string() },
    outputs: { stageTag: output.path('/results/stageTag') },
    args: (c) => [
      'promote',
      ...stageArguments,
      '--name',
      c.inputs.model,
      '--version',
      c.inputs.version,
      '--approved-by',
      c.inputs.by,
      ...RESULTS,
    ],
    mounts,
  });
  const stageBack = container('stage-back', {
    ...versioning,
    inputs: { model: input.string(), by: input.string() },
    outputs: { stageTag: output.path('/results/stageTag') },
    args: (c) => ['rollback', ...stageArguments, '--name', c.inputs.model, '--approved-by', c.inputs.by, ...RESULTS],
    mounts,
  });

  // A promotion by hand moves the pin without the stage.
  const pin = cluster.models[cluster.inference.model];
  const collectGarbage = container('collect-garbage', {
    ...versioning,
    inputs: { model: input.string(), version: input.string() },
    args: (c) => [
      'gc',
      ...repository,
      '--name',
      c.inputs.model,
      '--models',
      MODELS,
      '--pinned',
      c.inputs.version,
      ...(pin ? ['--pinned', pin.version] : []),
    ],
    mounts: [...gitMounts(modelRepository), { volume: environment.models, path: MODELS }],
  });

  return { check, approve, place, deploy, merge, waitServed, stage, stageBack, collectGarbage };
}
