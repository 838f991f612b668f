/** How a node ended, as in the status of a Workflow. */
export type Phase = 'Running' | 'Succeeded' | 'Failed' | 'Error' | 'Skipped' | 'Omitted';

export type NodeKind = 'Pod' | 'Steps' | 'DAG' | 'TaskGroup' | 'Retry' | 'Suspend' | 'Skipped';

export interface NodeOutputs {
  readonly parameters: Readonly<Record<string, string>>;
  /** What stands for each artifact: what a mock gave, or the path of a file or folder. */
  readonly artifacts: Readonly<Record<string, string>>;
  /** What the program printed. */
  readonly result?: string;
  readonly exitCode?: number;
}

/**
 * One node of a run, named as the controller names it: `run.task`, `run[0].step`, `run.task(0:item)` in a loop,
 * `run.task(1)` for the second attempt.
 */
export interface RunNode {
  readonly name: string;
  /** The step or task without its surroundings. */
  readonly displayName: string;
  readonly kind: NodeKind;
  /** The template that it ran; empty for what was skipped. */
  readonly template: string;
  readonly phase: Phase;
  readonly message: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: NodeOutputs;
  /** Still serving when its users began; counts as done. */
  readonly daemoned: boolean;
  /** Where a daemon answers. */
  readonly address?: string;
  /** Seconds since the run began, on the clock of the executor. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly children: readonly RunNode[];
}

/** What became of a workflow. */
export interface RunResult {
  /** `Succeeded`, `Failed` or `Error`; an exit handler that fails makes a run fail. */
  readonly phase: Phase;
  readonly message: string;
  readonly root: RunNode;
  /** The nodes of the exit handler and of the workflow's other hooks. */
  readonly hooks: readonly RunNode[];
  /** Outputs with a `globalName`. */
  readonly outputs: Pick<NodeOutputs, 'parameters' | 'artifacts'>;
  /** Seconds. */
  readonly duration: number;
  /** Every node, parents before children. */
  readonly nodes: readonly RunNode[];
  /**
   * The one node of a step, task or full name.
   *
   * @throws {RunError} when there is none, or more than one.
   */
  readonly node: (name: string) => RunNode;
}

/** A run that cannot go on: a reference that never resolves, a missing mock output, a feature that is not supported. */
export class RunError extends Error {
  override readonly name = 'RunError';

  constructor(
    readonly where: string,
    readonly problem: string,
    readonly fix: string,
  ) {
    super(`${where}: ${problem}; ${fix}`);
  }
}

export const NO_OUTPUTS: NodeOutputs = { parameters: {}, artifacts: {} };

export function isFailed(phase: Phase): boolean {
  return phase === 'Failed' || phase === 'Error';
}

/** A node and everything below it, parents first. */
export function flatten(node: RunNode): readonly RunNode[] {
  return [node, ...node.children.flatMap(flatten)];
}

/** What became of a workflow whose nodes have ended. */
export function runResult(
  root: RunNode,
  hooks: readonly RunNode[],
  outputs: RunResult['outputs'],
  duration: number,
): RunResult {
  const failedHook = hooks.find((hook) => hook.name.endsWith('.onExit') && isFailed(hook.phase));
  const nodes = [root, ...hooks].flatMap(flatten);
  const node = (name: string): RunNode => {
    const found = nodes.filter((each) => each.name === name || each.displayName === name);
    const exact = found.find((each) => each.name === name);
    const [only] = found;
    if (exact !== undefined) return exact;
    if (only !== undefined && found.length === 1) return only;
    const names = nodes.map((each) => each.name).join(', ');
    throw new RunError(
      name,
      found.length === 0 ? 'there is no such node' : 'several nodes have this name',
      `use one of ${names}`,
    );
  };
  return {
    phase: isFailed(root.phase) ? root.phase : (failedHook?.phase ?? root.phase),
    message: isFailed(root.phase) ? root.message : (failedHook?.message ?? root.message),
    root,
    hooks,
    outputs,
    duration,
    nodes,
    node,
  };
}
