import type { Frame, RunContext } from './context';
import type { StartedNode } from './events';
import { NO_OUTPUTS, type NodeKind, type Phase, type RunNode } from './result';

/** One attempt at a template whose inputs are known. */
export interface Attempt {
  readonly context: RunContext;
  readonly frame: Frame;
  readonly displayName: string;
  /** The node that it belongs to. */
  readonly parent: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly artifacts: Readonly<Record<string, string>>;
  readonly startedAt: number;
  readonly number: number;
}

/** A node of this attempt that ends now. */
export function attemptNode(attempt: Attempt, end: Partial<RunNode> & Pick<RunNode, 'kind' | 'phase'>): RunNode {
  return {
    name: attempt.frame.name,
    displayName: attempt.displayName,
    template: attempt.frame.template.name,
    message: '',
    inputs: attempt.inputs,
    outputs: NO_OUTPUTS,
    daemoned: false,
    startedAt: attempt.startedAt,
    finishedAt: attempt.context.clock.now(),
    children: [],
    ...end,
  };
}

/** Tells that a node begins now; gives the time. */
export function begin(context: RunContext, node: Omit<StartedNode, 'startedAt'>): number {
  const startedAt = context.clock.now();
  context.emit({ type: 'started', node: { ...node, startedAt } });
  return startedAt;
}

/** Tells that a node has ended. */
export function end(context: RunContext, node: RunNode, parent: string): RunNode {
  context.emit({ type: 'ended', node, parent });
  return node;
}

/** A node that has taken no time and has nothing. */
export function emptyNode(name: string, displayName: string, kind: NodeKind, startedAt: number): RunNode {
  return {
    name,
    displayName,
    kind,
    template: '',
    phase: 'Succeeded',
    message: '',
    inputs: {},
    outputs: NO_OUTPUTS,
    daemoned: false,
    startedAt,
    finishedAt: startedAt,
    children: [],
  };
}

/** A node for something that does not run. */
export function skippedNode(
  context: RunContext,
  node: Omit<StartedNode, 'startedAt' | 'kind'>,
  message: string,
  phase: Phase = 'Skipped',
): RunNode {
  const skipped = emptyNode(node.name, node.displayName, 'Skipped', context.clock.now());
  return end(context, { ...skipped, template: node.template, phase, message }, node.parent);
}
