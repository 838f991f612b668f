import { type Artifact, artifactHandle } from './artifact';
import { type Dependency, dependency, type Formula } from './depends';
import { type Expr, type Owner, type Presence, variableHandle } from './expr';
import type { ArtifactInput, Inputs, ParameterInput } from './inputs';
import type { ScalarType, Segment, ValueType } from './node';
import type { Handles, Outputs } from './outputs';
import type { AnyTemplate } from './template';

/** The inputs of a template as handles in its own scope. */
export type InputHandles<I extends Inputs, Scope extends string> = {
  readonly [K in keyof I]: I[K] extends ParameterInput<infer T, boolean>
    ? Expr<T, Scope>
    : I[K] extends ArtifactInput<infer Optional>
      ? Artifact<Scope, Optional extends true ? 'absent when the caller passes none' : 'present'>
      : never;
};

/** How a task ended; hooks also see how it is. */
export type TaskStatus = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Error' | 'Skipped' | 'Omitted' | 'Daemoned';

/** How a task of a DAG can end. */
export interface Endings<out Scope extends string> {
  readonly name: string;
  /** How it ended; reading it waits for the end, whatever it is. */
  readonly status: Expr<TaskStatus, Scope>;
  readonly succeeded: Dependency<Scope>;
  readonly failed: Dependency<Scope>;
  /** It could not be run: pod deleted, node lost. */
  readonly errored: Dependency<Scope>;
  /** Its condition did not hold, or its list was empty. */
  readonly skipped: Dependency<Scope>;
  /** What it waits for ended otherwise. */
  readonly omitted: Dependency<Scope>;
  /** It is a daemon, and runs. */
  readonly daemoned: Dependency<Scope>;
}

/** A task that other tasks may simply run after. */
export interface Ordered<out Scope extends string> extends Endings<Scope> {
  readonly runs: 'with the workflow';
}

/** A task that runs unless its workflow fails before; it may be skipped. */
export interface OrderedTask<O extends Outputs, out Scope extends string, P extends Presence> extends Ordered<Scope> {
  readonly outputs: Handles<Scope, P, false, O>;
}

/** A task that only runs after a given end of others, so that nothing can simply run after it. */
export interface ReactingTask<O extends Outputs, out Scope extends string, P extends Presence> extends Endings<Scope> {
  readonly outputs: Handles<Scope, P, false, O>;
  readonly runs: 'only after a given result: depend on it with taskAfter';
}

/** A task that runs once per item. */
export interface LoopTask<O extends Outputs, out Scope extends string, P extends Presence> extends Ordered<Scope> {
  readonly outputs: Handles<Scope, P, true, O>;
  readonly anySucceeded: Dependency<Scope>;
  /** Every item failed; one that errored makes this false. */
  readonly allFailed: Dependency<Scope>;
}

/** What handles of a task's or a template's values are made from. */
interface Shape {
  readonly owner: Owner;
  readonly prefix: readonly Segment[];
  /** Whether it may be absent, or is read when the node has ended. */
  readonly absent: boolean | 'ended';
  readonly loop: boolean;
}

/** The outputs of a task as handles. */
export function outputHandles(template: AnyTemplate, shape: Shape): Record<string, unknown> {
  const absent = shape.absent === 'ended' ? 'ended' : shape.absent ? 'missing' : 'never';
  return Object.fromEntries(
    Object.entries(template.outputs).map(([name, declared]) => {
      const path = [...shape.prefix, 'outputs'];
      if (declared.kind === 'artifact') {
        const optional = declared.optional || absent !== 'never';
        const shared = declared.shared === true;
        return [name, artifactHandle({ path: [...path, 'artifacts', { name }], owner: shape.owner, optional, shared })];
      }
      if (declared.source === 'result') {
        // Where it may be missing, its type says that it cannot be read.
        const read = { owner: shape.owner, absent: absent === 'ended' ? absent : 'never' } as const;
        return [name, variableHandle([...path, 'result'], declared.type, read)];
      }
      if (declared.source === 'ip') {
        return [name, variableHandle([...shape.prefix, 'ip'], declared.type, { owner: shape.owner, absent })];
      }
      const isMarked = absent !== 'ended' && declared.source === 'builder' && declared.valueFrom.absent === true;
      const type: ValueType = shape.loop ? { list: declared.type } : declared.type;
      const read = { owner: shape.owner, absent: isMarked ? 'marked' : absent } as const;
      return [name, variableHandle([...path, 'parameters', { name }], type, read)];
    }),
  );
}

/** The outputs of a task or step as what runs at its end sees them. */
export function endedOutputs(
  node: { readonly name: string; readonly template: AnyTemplate; readonly loop: unknown },
  root: 'tasks' | 'steps',
  owner: Owner,
): Record<string, unknown> {
  const prefix = [root, { name: node.name }];
  return outputHandles(node.template, { owner, prefix, absent: 'ended', loop: node.loop !== undefined });
}

/** The inputs of a DAG, steps or leaf template as handles. */
export function inputHandles(inputs: Inputs, owner: Owner): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, declared]) => {
      if (declared.kind === 'artifact') {
        const { optional, shared = false } = declared;
        return [name, artifactHandle({ path: ['inputs', 'artifacts', { name }], owner, optional, shared })];
      }
      return [name, variableHandle(['inputs', 'parameters', { name }], declared.type satisfies ScalarType, { owner })];
    }),
  );
}

/** The conditions on a task's end. */
export function endings(name: string): Record<string, Dependency<string>> {
  const on = (result: Extract<Formula, { kind: 'token' }>['result']) =>
    dependency<string>({ kind: 'token', task: name, result });
  return {
    succeeded: on('Succeeded'),
    failed: on('Failed'),
    errored: on('Errored'),
    skipped: on('Skipped'),
    omitted: on('Omitted'),
    daemoned: on('Daemoned'),
    anySucceeded: on('AnySucceeded'),
    allFailed: on('AllFailed'),
  };
}
