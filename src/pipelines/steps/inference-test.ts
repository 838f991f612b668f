import { container, daemon, input, output, text } from '../../argo-workflows/language';
import {
  CONTENTS,
  INFERENCE_TEST,
  imageOf,
  REACHES,
  resourcesOf,
  runFolder,
  type TrainingEnvironment,
  WORK,
} from '../environment';
import { versioningOptions } from '../git-access';
import { versioningMounts, versioningProgram } from './versioning';

/** Programs that try a model the way users will. */
export function inferenceTestSteps(environment: TrainingEnvironment) {
  const { cluster, placement } = environment;
  const { accuracy, latencyMilliseconds, port } = cluster.pipelines.inferenceTest;
  const run = runFolder(environment.training);
  const common = { priorityClassName: environment.priorityClass.name, ...(placement && { placement }) } as const;

  const pull = container('pull', {
    ...versioningProgram(environment),
    inputs: { model: input.string(), version: input.string() },
    outputs: { digest: output.path('/results/digest') },
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
      `${WORK}/candidates/pulled/model`,
      '--results',
      '/results',
    ],
    mounts: [run, ...versioningMounts(environment, 'read')],
  });

  const server = daemon('server', {
    ...common,
    inputs: { candidate: input.string() },
    image: imageOf(environment, 'inference'),
    command: ['node', '/app/build/src/main.js'],
    args: (c) => ['--model', text`${WORK}/candidates/${c.inputs.candidate}/model`, '--port', port],
    mounts: [{ ...run, readOnly: true }],
    labels: INFERENCE_TEST,
    resources: resourcesOf('medium'),
    readinessProbe: { httpGet: { path: '/ready', port }, periodSeconds: 2, failureThreshold: 60 },
  });

  const probe = container('probe', {
    ...common,
    inputs: { address: input.string() },
    outputs: {
      accuracy: output.number('/results/accuracy'),
      latency: output.number('/results/latency'),
      report: output.path('/results/report'),
      junit: output.path('/results/junit'),
    },
    image: imageOf(environment, 'trainer'),
    command: ['python', '-m', 'trainer'],
    args: (c) => [
      'probe',
      '--url',
      text`http://${c.inputs.address}:${port}`,
      '--data',
      `${WORK}/data`,
      '--minimum-accuracy',
      accuracy,
      '--latency',
      latencyMilliseconds,
      '--results',
      '/results',
    ],
    mounts: [{ ...run, readOnly: true }],
    labels: { [REACHES.inferenceTest]: 'true' },
    resources: resourcesOf('medium'),
    // A bad reply is a result, not an accident.
    retry: 'never',
  });

  return { pull, server, probe };
}
