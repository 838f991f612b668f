import { container, daemon, input, output, text } from '../../argo-workflows/language';
import { servingEnvironment } from '../../core/cluster';
import { CONTENTS, INFERENCE_TEST, imageOf, REACHES, resourcesOf, type TrainingEnvironment } from '../environment';
import { versioningOptions } from '../git-access';
import { CANDIDATE, CANDIDATES, type HandOver } from '../hand-over';
import { forEachVariant } from '../variants';
import { DATA } from './own-steps';
import { versioningMounts, versioningProgram } from './versioning';

/** What the candidate that was not trained is called. */
export const PULLED = 'pulled';

/** The candidates of which a server gets one. */
export function mayTakeCandidates({ mayTake }: HandOver, path: (name: string) => string | undefined) {
  return { ...forEachVariant((name) => mayTake(path(name))), [PULLED]: mayTake(path(PULLED)) };
}

/** Programs that try a model the way users will. */
export function inferenceTestSteps(environment: TrainingEnvironment) {
  const { cluster, files, placement } = environment;
  const { accuracy, latencyMilliseconds, port } = cluster.pipelines.inferenceTest;
  const common = { priorityClassName: environment.priorityClass.name, ...(placement && { placement }) } as const;

  const pull = container('pull', {
    ...versioningProgram(environment),
    inputs: { model: input.string(), version: input.string() },
    outputs: { digest: output.path('/results/digest'), candidate: files.gives(CANDIDATE) },
    args: (c) => [
      'pull',
      ...versioningOptions(environment.modelRepository),
      '--remote',
      CONTENTS,
      '--name',
      c.inputs.model,
      '--version',
      c.inputs.version,
      '--output',
      text`${files.candidate(PULLED)}/model`,
      '--results',
      '/results',
    ],
    mounts: [...files.mounts('write'), ...versioningMounts(environment, 'read')],
  });

  const server = daemon('server', {
    ...common,
    inputs: { candidate: input.string(), ...mayTakeCandidates(files, (name) => `${CANDIDATES}/${name}`) },
    image: imageOf(environment, cluster.inference.program.image),
    command: cluster.inference.program.argv,
    env: servingEnvironment(cluster.inference.program),
    args: (c) => ['--model', text`${CANDIDATES}/${c.inputs.candidate}/model`, '--port', port],
    mounts: files.mounts('read'),
    labels: INFERENCE_TEST,
    resources: resourcesOf('medium'),
    readinessProbe: { httpGet: { path: '/ready', port }, periodSeconds: 2, failureThreshold: 60 },
  });

  const probe = container('probe', {
    ...common,
    inputs: { address: input.string(), data: files.takes(DATA) },
    outputs: {
      accuracy: output.number('/results/accuracy'),
      latency: output.number('/results/latency'),
      report: output.path('/results/report'),
      junit: output.path('/results/junit'),
    },
    image: imageOf(environment, cluster.pipelines.training.image),
    command: cluster.pipelines.training.argv,
    args: (c) => [
      'probe',
      '--url',
      text`http://${c.inputs.address}:${port}`,
      '--data',
      DATA,
      '--minimum-accuracy',
      accuracy,
      '--latency',
      latencyMilliseconds,
      '--results',
      '/results',
    ],
    mounts: files.mounts('read'),
    labels: { [REACHES.inferenceTest]: 'true' },
    resources: resourcesOf('medium'),
    // A bad reply is a result, not an accident.
    retry: 'never',
  });

  return { pull, server, probe };
}
