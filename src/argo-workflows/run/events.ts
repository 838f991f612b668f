import type { NodeKind, RunNode } from './result';

/** What is known of a node when it begins. */
export interface StartedNode {
  readonly name: string;
  readonly displayName: string;
  readonly kind: NodeKind;
  /** The template that it runs. */
  readonly template: string;
  /** The node that it belongs to; empty for the root and for hooks of the workflow. */
  readonly parent: string;
  /** Seconds since the run began. */
  readonly startedAt: number;
}

/** A step or task that has not begun. */
export interface PlannedNode {
  readonly name: string;
  readonly displayName: string;
}

/** Something that happened in a run, in the order in which it did. */
export type RunEvent =
  | { readonly type: 'started'; readonly node: StartedNode }
  /** The steps or tasks that a node is going to run or to leave out. */
  | { readonly type: 'planned'; readonly parent: string; readonly children: readonly PlannedNode[] }
  /** It cannot go on before something else does, such as a lock that another node holds. */
  | { readonly type: 'waiting'; readonly name: string; readonly reason: string }
  /** The wait is over. */
  | { readonly type: 'resumed'; readonly name: string }
  /** A daemon answers, and its users may begin. */
  | { readonly type: 'ready'; readonly name: string; readonly address: string }
  | { readonly type: 'ended'; readonly node: RunNode; readonly parent: string }
  /** A line that a program printed, without its end. */
  | { readonly type: 'log'; readonly name: string; readonly stream: 'stdout' | 'stderr'; readonly line: string };
