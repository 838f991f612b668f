import type { RunEvent } from '../events';
import type { NodeKind, Phase } from '../result';

/** A node of a run that may still be going on, for showing it. */
export interface TreeNode {
  readonly name: string;
  readonly displayName: string;
  readonly kind: NodeKind | undefined;
  readonly phase: Phase | 'Pending';
  readonly message: string;
  /** What it waits for; empty when it runs. */
  readonly waiting: string;
  /** How often it was tried again. */
  readonly retries: number;
  readonly daemoned: boolean;
  /** Seconds since the run began. */
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  /** The last line that its program printed. */
  readonly lastLine: string;
  readonly children: readonly TreeNode[];
}

type Mutable = { -readonly [Key in keyof TreeNode]: TreeNode[Key] } & { readonly children: Mutable[] };

/** Follows a run by its events. */
export interface RunTree {
  readonly add: (event: RunEvent) => void;
  /** The entrypoint and then the hooks of the workflow. Attempts are folded into the step that is tried again. */
  readonly roots: () => readonly TreeNode[];
}

/** A tree that grows with the events of a run. */
export function newRunTree(): RunTree {
  const nodes = new Map<string, Mutable>();
  const roots: Mutable[] = [];
  /** Attempts are shown as the node that they belong to. */
  const shown = new Map<string, string>();
  const nameOf = (name: string): string => shown.get(name) ?? name;

  const node = (name: string, displayName: string, parent: string): Mutable => {
    const known = nodes.get(name);
    if (known !== undefined) return known;
    const made: Mutable = {
      name,
      displayName,
      kind: undefined,
      phase: 'Pending',
      message: '',
      waiting: '',
      retries: 0,
      daemoned: false,
      startedAt: undefined,
      finishedAt: undefined,
      lastLine: '',
      children: [],
    };
    nodes.set(name, made);
    (nodes.get(nameOf(parent))?.children ?? roots).push(made);
    return made;
  };

  const start = (event: Extract<RunEvent, { type: 'started' }>): void => {
    const { name, displayName, parent, kind, startedAt } = event.node;
    const outer = nodes.get(nameOf(parent));
    if (outer?.kind === 'Retry' && name.startsWith(`${parent}(`)) {
      shown.set(name, outer.name);
      outer.retries = Number(/\((\d+)\)$/.exec(name)?.[1] ?? 0);
      // What an earlier attempt consisted of is over.
      outer.children.length = 0;
      return;
    }
    const started = node(name, displayName, parent);
    Object.assign(started, { kind, phase: 'Running', startedAt: started.startedAt ?? startedAt });
  };

  const add = (event: RunEvent): void => {
    switch (event.type) {
      case 'started':
        start(event);
        return;
      case 'planned':
        for (const child of event.children) node(child.name, child.displayName, event.parent);
        return;
      case 'ended': {
        const { name, displayName, kind, phase, message, daemoned, startedAt, finishedAt } = event.node;
        const outer = nodes.get(shown.get(name) ?? '');
        if (outer !== undefined) {
          outer.message = message;
          return;
        }
        const known = node(name, displayName, event.parent);
        // Why there is no further attempt says nothing without why the last one failed.
        const reasons = kind === 'Retry' && phase !== 'Succeeded' ? [known.message, message] : [message];
        Object.assign(known, {
          kind,
          phase,
          message: reasons.filter((reason) => reason !== '').join('; '),
          daemoned,
          startedAt,
          finishedAt,
          waiting: '',
        });
        return;
      }
      case 'waiting':
      case 'resumed': {
        const waiting = nodes.get(nameOf(event.name));
        if (waiting !== undefined) waiting.waiting = event.type === 'waiting' ? event.reason : '';
        return;
      }
      case 'log': {
        const printing = nodes.get(nameOf(event.name));
        if (printing !== undefined && event.line.trim() !== '') printing.lastLine = event.line;
        return;
      }
      case 'ready':
        return;
    }
  };
  return { add, roots: () => roots };
}
