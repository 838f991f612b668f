import type { Catalogue } from '../lint/catalogue';
import type { Fields } from '../lint/fields';
import type { Template } from '../lint/model';
import type { Clock } from './clock';
import type { RunEvent } from './events';

/** A step that is to run: one attempt at a template that runs something itself. */
export interface Step {
  /** The name of the node, such as `run.fit(0)`. */
  readonly node: string;
  /** The step or task that calls the template. */
  readonly task: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** What came out of {@link Executor.importArtifact} or of the steps before, by the name of the input. */
  readonly artifacts: Readonly<Record<string, string>>;
  /** From 0; grows with each retry. */
  readonly attempt: number;
  /** The template as it is written. */
  readonly declared: Template;
  /** The template with every tag filled in. */
  readonly template: Fields;
  /** `spec` of the workflow, whose volumes the template may mount. */
  readonly spec: Fields;
  readonly run: RunIdentity;
  readonly catalogue: Catalogue;
  /** Aborted when the step has to end. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** A daemon answers at this address from now on. */
  readonly ready: (address: string) => void;
  readonly emit: (event: RunEvent) => void;
}

/** What a run is called. */
export interface RunIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
}

/** How a step ended. */
export interface StepEnd {
  /** Output parameters by name; the default of the template takes the place of one that is missing. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What stands for each output artifact: any text that this executor understands. */
  readonly artifacts?: Readonly<Record<string, string>>;
  /** What the program printed to stdout. */
  readonly result?: string;
  /**
   * Anything but 0 fails the step.
   *
   * @default 0
   */
  readonly exitCode?: number;
  /** An error of the platform, such as a deleted pod: the phase is Error instead of Failed. */
  readonly error?: string;
}

/** What runs the programs of a workflow. */
export interface Executor {
  /** A clock for one run. */
  readonly clock: () => Clock;
  /**
   * Runs one step to its end, which comes soon after its signal is aborted.
   *
   * @throws {RunError} for what it cannot run.
   */
  readonly run: (step: Step) => Promise<StepEnd>;
  /** What stands for an artifact that comes from no step: a raw text, or a place such as `s3`. */
  readonly importArtifact: (artifact: Fields, where: string) => string | undefined;
  /** Outputs that a successful step has not given and that have no default. */
  readonly missingOutput: (template: Template, kind: 'parameters' | 'artifacts', name: string) => string | undefined;
}
