import { type Artifact, container, type Dag, type Inputs, input } from '../../argo-workflows/language';
import type { OwnStep } from '../../core/cluster';
import { imageOf, resourcesOf, type TrainingEnvironment } from '../environment';
import { CANDIDATES, WORK } from '../hand-over';

/** The data set of the run. */
export const DATA = `${WORK}/data`;
/** The data set as it was fetched, where a step prepares it. */
export const FETCHED = `${WORK}/fetched`;

/** Programs that the cluster's data names: those that it leaves out are undefined, and nothing is rendered for them. */
export function ownSteps(environment: TrainingEnvironment) {
  const { files, placement, priorityClass, cluster } = environment;
  const { steps } = cluster.pipelines;
  const program = ({ image, argv: [command, ...args], resources }: OwnStep) =>
    ({
      image: imageOf(environment, image),
      command: [command, ...args],
      resources: resourcesOf(resources),
      priorityClassName: priorityClass.name,
      ...(placement && { placement }),
    }) as const;

  const prepare =
    steps.prepare &&
    container('prepare', {
      ...program(steps.prepare),
      inputs: { fetched: files.takes(FETCHED) },
      outputs: { data: files.gives(DATA) },
      env: { FETCHED, DATA },
      mounts: files.mounts('write'),
    });

  const validate =
    steps.validate &&
    container('validate', {
      ...program(steps.validate),
      inputs: { data: files.takes(DATA) },
      env: { DATA },
      mounts: files.mounts('read'),
      // What it says about the data set is a result, not an accident.
      retry: 'never',
    });

  const exported =
    steps.export &&
    container('export', {
      ...program(steps.export),
      inputs: { folder: input.string(), candidates: files.takes(CANDIDATES) },
      outputs: { candidates: files.gives(CANDIDATES) },
      env: (c) => ({ MODEL: c.inputs.folder }),
      mounts: files.mounts('write'),
    });

  return { prepare, validate, export: exported };
}

/** The data set that models are trained on, and what they wait for besides. */
export function trainingData<Scope extends string>(
  d: Pick<Dag<Scope, Inputs>, 'task'>,
  { prepare, validate }: Pick<ReturnType<typeof ownSteps>, 'prepare' | 'validate'>,
  fetched: Artifact<Scope>,
) {
  const data = prepare ? d.task('prepare', prepare, { fetched }).outputs.data : fetched;
  return { data, after: validate ? [d.task('validate', validate, { data })] : [] };
}

/** What makes another model of the same data: part of the key by which a run finds what it has made already. */
export function describeOwnSteps({ cluster }: TrainingEnvironment): readonly string[] {
  const { prepare, export: exported } = cluster.pipelines.steps;
  return Object.entries({ prepare, export: exported }).flatMap(([name, step]) =>
    step ? [`${name}=${JSON.stringify([imageOf({ cluster } as TrainingEnvironment, step.image), ...step.argv])}`] : [],
  );
}
