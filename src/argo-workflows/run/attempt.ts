import type { Frame, RunContext } from './context';
import { NO_OUTPUTS, type NodeKind, type Phase, type RunNode } from './result';

/** One attempt at a template whose inputs are known. */
export interface Attempt {
  readonly context: RunContext;
  readonly frame: Frame;
  readonly displayName: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly artifacts: Readonly<Record<string, string>>;
  readonly startAt: number;
  readonly number: number;
}

/** A node of this attempt. */
export function attemptNode(
  attempt: Attempt,
  end: Partial<RunNode> & Pick<RunNode, 'kind' | 'phase' | 'finishedAt'>,
): RunNode {
  return {
    name: attempt.frame.name,
    displayName: attempt.displayName,
    template: attempt.frame.template.name,
    message: '',
    inputs: attempt.inputs,
    outputs: NO_OUTPUTS,
    daemoned: false,
    startedAt: attempt.startAt,
    children: [],
    ...end,
  };
}

/** A node that has taken no time and has nothing. */
export function emptyNode(name: string, displayName: string, kind: NodeKind, startAt: number): RunNode {
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
    startedAt: startAt,
    finishedAt: startAt,
    children: [],
  };
}

/** A node for something that does not run. */
export function skippedNode(
  startAt: number,
  nodeName: string,
  displayName: string,
  message: string,
  phase: Phase = 'Skipped',
): RunNode {
  return { ...emptyNode(nodeName, displayName, 'Skipped', startAt), phase, message };
}
