import { type Fields, fieldsOf, isSet, textOf } from '../lint/fields';
import { virtualClock } from './clock';
import type { Executor, Step, StepEnd } from './executor';

/** What a mock is told about the step that it stands in for. */
export interface MockCall {
  /** The name of the node, such as `train.fit(0)`. */
  readonly node: string;
  /** The step or task that calls the template. */
  readonly task: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** What the steps before gave for the artifacts that go in. */
  readonly artifacts: Readonly<Record<string, string>>;
  /** From 0; grows with each retry. */
  readonly attempt: number;
  /** The template with every tag filled in, for assertions on arguments and environment. */
  readonly template: Fields;
}

/** What the step does instead of running. Everything may be left out. */
export interface MockOutcome extends StepEnd {
  /**
   * How long it takes, on the clock of the executor.
   *
   * @default 1 on a virtual clock, else 0
   */
  readonly seconds?: number;
}

/** A function per template, or the same outcome every time. */
export type Mock = MockOutcome | ((call: MockCall) => MockOutcome | Promise<MockOutcome>);

/** Runs no program: a mock stands in for each template, and time is virtual. */
export function mockExecutor(): Executor {
  return {
    clock: virtualClock,
    run: (step) => runMock({}, step),
    importArtifact: (artifact) => {
      const raw = textOf(fieldsOf(artifact.raw).data);
      if (raw !== undefined) return raw;
      const location = LOCATIONS.find((kind) => isSet(artifact[kind]));
      return location === undefined ? undefined : `${location}:${JSON.stringify(artifact[location])}`;
    },
    missingOutput: madeUp,
  };
}

const LOCATIONS = ['s3', 'gcs', 'azure', 'oss', 'hdfs', 'artifactory', 'git', 'http', 'plugin'] as const;

const madeUp: Executor['missingOutput'] = (template, _, name) => `${template.name}-${name}`;

/** An executor that leaves some templates to mocks. */
export function withMocks(executor: Executor, mocks: Readonly<Record<string, Mock>>): Executor {
  const isMocked = (name: string): boolean => Object.hasOwn(mocks, name);
  return {
    ...executor,
    run: (step) => {
      const mock = isMocked(step.declared.name) ? mocks[step.declared.name] : undefined;
      return mock === undefined ? executor.run(step) : runMock(mock, step);
    },
    missingOutput: (template, kind, name) =>
      (isMocked(template.name) ? madeUp : executor.missingOutput)(template, kind, name),
  };
}

async function runMock(mock: Mock, step: Step): Promise<StepEnd> {
  const { node, task, parameters, artifacts, attempt, template, clock, signal } = step;
  const told = typeof mock === 'function' ? mock({ node, task, parameters, artifacts, attempt, template }) : mock;
  const outcome = told instanceof Promise ? await clock.await(told) : told;
  await clock.sleep(outcome.seconds ?? clock.usual, signal);
  if (step.declared.fields.daemon === true && (outcome.exitCode ?? 0) === 0 && outcome.error === undefined) {
    step.ready('127.0.0.1');
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  return outcome;
}
