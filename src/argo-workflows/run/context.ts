import type { Catalogue, Found } from '../lint/catalogue';
import type { Call, Template, WorkflowObject } from '../lint/model';
import type { Mock } from './mocks';
import type { RunNode } from './result';
import type { Scope } from './scope';

/** Outputs with a `globalName`, by that name; they grow while the workflow runs. */
export type GlobalOutputs = {
  readonly parameters: Record<string, string>;
  readonly artifacts: Record<string, string>;
};

/** What all parts of one run share. */
export interface RunContext {
  readonly catalogue: Catalogue;
  readonly mocks: Readonly<Record<string, Mock>>;
  /** Outputs that people supply to suspended templates, by template. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** `workflow.…` and what else holds everywhere. */
  readonly globals: Scope;
  /** Outputs with a `globalName`, as they come. */
  readonly globalOutputs: GlobalOutputs;
  /** When the workflow is stopped, in seconds of the virtual clock. */
  readonly deadline: number;
  /** Runs a step or task; here so that the kinds of templates need not know each other. */
  readonly runCall: (request: CallRequest) => RunNode;
}

/** A template that is running, as its steps or tasks see it. */
export interface Frame {
  /** The name of its node. */
  readonly name: string;
  readonly template: Template;
  readonly workflow: WorkflowObject;
  readonly scope: Scope;
  readonly depth: number;
}

export interface CallRequest {
  readonly context: RunContext;
  readonly frame: Frame;
  readonly call: Call;
  readonly nodeName: string;
  /** The scope of the frame with the nodes that have ended. */
  readonly scope: Scope;
  readonly startAt: number;
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
  readonly values: Arguments;
  /** For a template that is written into a call: what the call can see. */
  readonly outer: Scope;
  readonly startAt: number;
  readonly depth: number;
}
