import { NOT_STARTED } from '../../../src/argo-workflows/run/call';
import type { RunNode, RunResult } from '../../../src/argo-workflows/run/result';

/** What both sides tell of one node. */
export interface SeenNode {
  readonly name: string;
  readonly type: string;
  readonly phase: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly result?: string;
  readonly exitCode?: string;
}

/** How a run ended. */
export interface SeenRun {
  readonly phase: string;
  /** Why the controller did not take it or this runner refused it. */
  readonly error?: string;
  /** The API server did not take the object. */
  readonly isNeverStarted?: true;
  readonly outputs: Readonly<Record<string, string>>;
  readonly nodes: readonly SeenNode[];
}

/** A run on this machine, as it is compared. */
export function seenHere(result: RunResult): SeenRun {
  return {
    phase: result.phase,
    outputs: result.outputs.parameters,
    nodes: result.nodes
      .filter(({ message }) => message !== NOT_STARTED)
      .map((node: RunNode) => ({
        name: node.name,
        type: node.kind,
        phase: node.phase,
        parameters: node.outputs.parameters,
        ...(node.outputs.result === undefined ? {} : { result: node.outputs.result }),
        ...(node.outputs.exitCode === undefined ? {} : { exitCode: String(node.outputs.exitCode) }),
      })),
  };
}

/** Nodes that only the controller has, to hold others together. */
const ONLY_THERE = new Set(['StepGroup', 'Container']);

/** Where two runs differ, node by node; nothing when they agree. */
export function differences(there: SeenRun, here: SeenRun): readonly string[] {
  const found: string[] = [];
  const differs = (what: string, a: unknown, b: unknown): void => {
    if (JSON.stringify(a) !== JSON.stringify(b))
      found.push(`${what}: ${JSON.stringify(a)} there, ${JSON.stringify(b)} here`);
  };
  differs('phase', there.phase, here.phase);
  // What both refuse, neither has nodes of.
  if (there.error !== undefined && here.error !== undefined) return [];
  if (here.error !== undefined) found.push(`refused here: ${here.error}`);
  if (there.error !== undefined) found.push(`refused there: ${there.error}`);
  differs('outputs', sorted(there.outputs), sorted(here.outputs));
  const own = new Map(here.nodes.map((node) => [node.name, node]));
  const theirs = new Map(there.nodes.filter((node) => !ONLY_THERE.has(node.type)).map((node) => [node.name, node]));
  for (const [name, node] of theirs) {
    const mine = own.get(name);
    if (mine === undefined) {
      if (here.error === undefined) found.push(`${name}: ${node.type} ${node.phase} there, missing here`);
      continue;
    }
    differs(`${name} phase`, node.phase, mine.phase);
    differs(`${name} parameters`, sorted(node.parameters), sorted(mine.parameters));
    // The controller keeps what was printed only where something refers to it.
    if (node.result !== undefined) differs(`${name} result`, node.result, mine.result);
    if (node.exitCode !== undefined && mine.exitCode !== undefined)
      differs(`${name} exit code`, node.exitCode, mine.exitCode);
  }
  for (const [name, node] of own) {
    // The loop of a step is no node there.
    if (!theirs.has(name) && node.type !== 'TaskGroup')
      found.push(`${name}: missing there, ${node.type} ${node.phase} here`);
  }
  return found;
}

function sorted(record: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
