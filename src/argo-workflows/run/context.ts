import type { Catalogue, Found } from '../lint/catalogue';
import type { Call, Template, WorkflowObject } from '../lint/model';
import type { Clock } from './clock';
import type { Daemons } from './daemons';
import type { RunEvent } from './events';
import type { Executor, RunIdentity } from './executor';
import type { Limit, Locks } from './locks';
import type { Memory } from './memoization';
import type { RunNode } from './result';
import type { Scope } from './scope';

/** Outputs with a `globalName`, by that name; they grow while the workflow runs. */
export type GlobalOutputs = {
  readonly parameters: Record<string, string>;
  readonly artifacts: Record<string, string>;
};

/** A suspended step that waits for somebody. */
export interface Waiting {
  readonly node: string;
  readonly template: string;
  readonly questions: readonly {
    /** The output that the answer becomes. */
    readonly name: string;
    readonly description: string;
    /** Any text when there are none. */
    readonly choices: readonly string[];
    readonly usual?: string;
  }[];
}

/** Asks somebody; undefined when nobody answers before the signal is aborted. */
export type Ask = (waiting: Waiting, signal: AbortSignal) => Promise<Readonly<Record<string, string>> | undefined>;

/** What all parts of one run share. */
export interface RunContext {
  readonly catalogue: Catalogue;
  readonly executor: Executor;
  readonly clock: Clock;
  readonly run: RunIdentity;
  /** Outputs that people supply to suspended templates, by template. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly ask?: Ask;
  /** Steps and tasks that are left out. */
  readonly skip: ReadonlySet<string>;
  /** How many first attempts of a step, task or template fail. */
  readonly fail: Readonly<Record<string, number>>;
  /** `workflow.…` and what else holds everywhere. */
  readonly globals: Scope;
  /** Outputs with a `globalName`, as they come. */
  readonly globalOutputs: GlobalOutputs;
  /**
   * What writes down outputs of a `dag` template that have a `globalName`, by its node: the controller does so only when
   * it is a task of another DAG that succeeded.
   */
  readonly exports: Map<string, () => void>;
  /** When the workflow is stopped, in seconds since the run began. */
  readonly deadline: number;
  /** Aborted when nothing new may begin and what runs has to end. */
  readonly signal: AbortSignal;
  readonly emit: (event: RunEvent) => void;
  readonly locks: Locks;
  /** How many pods may run at once. */
  readonly pods: Limit;
  readonly memory: Memory;
  /** Steps that are running, daemons included. */
  readonly running: Set<Promise<unknown>>;
  /** Runs a step or task; here so that the kinds of templates need not know each other. */
  readonly runCall: (request: CallRequest) => Promise<RunNode>;
}

/** A template that is running, as its steps or tasks see it. */
export interface Frame {
  /** The name of its node. */
  readonly name: string;
  readonly template: Template;
  readonly workflow: WorkflowObject;
  readonly scope: Scope;
  readonly depth: number;
  /** How many of its steps or tasks may run at once. */
  readonly limit: Limit;
  /** Whether one of them has failed; with `failFast` of the template, no other begins then. */
  readonly trouble: { failed: boolean };
  /** What its steps or tasks have started and end with it. */
  readonly daemons: Daemons;
}

export interface CallRequest {
  readonly context: RunContext;
  readonly frame: Frame;
  readonly call: Call;
  readonly nodeName: string;
  /** The scope of the frame with the nodes that have ended. */
  readonly scope: Scope;
  /** The node that the call belongs to. */
  readonly parent: string;
}

/** The values that go into a template. */
export interface Arguments {
  /** `undefined` for an output that is absent: the default of the input takes its place. */
  readonly parameters: ReadonlyMap<string, string | undefined>;
  readonly artifacts: ReadonlyMap<string, string>;
}

export interface TemplateRequest {
  readonly context: RunContext;
  readonly found: Found;
  readonly nodeName: string;
  readonly displayName: string;
  readonly parent: string;
  readonly values: Arguments;
  /** For a template that is written into a call: what the call can see. */
  readonly outer: Scope;
  readonly depth: number;
  /** Where a daemon belongs. */
  readonly daemons: Daemons;
}
