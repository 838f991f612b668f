import type { Arguments } from './arguments';
import type { Dependency } from './depends';
import type { Expr } from './expr';
import type { Inputs } from './inputs';
import type { LiteralSequence, Sequence } from './loop';
import { nestedTemplate } from './nested';
import type { Json } from './node';
import type { Ended, NoOutputs, Outputs, OutputsOf, Returned } from './outputs';
import { renderTasks, type TaskOptions, taskBuilder } from './task-builder';
import type { Endings, InputHandles, LoopTask, OrderedTask, ReactingTask } from './tasks';
import type { Template } from './template';

/** The scope of a loop's item: only the arguments of that loop. All loops share it, which keeps compiling cheap. */
export type ItemScope = 'item of a loop';

/**
 * The tasks of a DAG. A task waits for every task whose values it reads; nothing else needs to be said.
 *
 * @typeParam Scope `DAG name`: values of this DAG can only be used in it
 */
export interface Dag<Scope extends string, I extends Inputs> {
  readonly inputs: InputHandles<I, Scope>;

  /** A task that always runs. */
  task<A extends Inputs, O extends Outputs, const Name extends string>(
    name: Name,
    template: Template<A, O>,
    args: Arguments<A, Scope, Name>,
    options?: TaskOptions<Scope>,
  ): OrderedTask<O, Scope, 'present'>;

  /** A task that runs if a condition holds, and is skipped otherwise. */
  taskWhen<A extends Inputs, O extends Outputs, const Name extends string>(
    name: Name,
    when: Expr<boolean, Scope>,
    template: Template<A, O>,
    args: Arguments<A, Scope, Name>,
    options?: TaskOptions<Scope>,
  ): OrderedTask<O, Scope, `absent when ${Name} is skipped`>;

  /** A task that runs if others ended in a given way, such as after a failure. */
  taskAfter<A extends Inputs, O extends Outputs, const Name extends string>(
    name: Name,
    dependency: Dependency<Scope>,
    template: Template<A, O>,
    args: Arguments<A, Scope, Name>,
  ): ReactingTask<O, Scope, `absent when ${Name} is omitted`>;

  /** One task per item of a list that is written here. */
  each<const Items extends readonly [Json, ...Json[]], A extends Inputs, O extends Outputs, const Name extends string>(
    name: Name,
    items: Items,
    template: Template<A, O>,
    args: (item: Expr<Items[number], ItemScope>) => Arguments<A, Scope | ItemScope, Name>,
    options?: TaskOptions<Scope>,
  ): LoopTask<O, Scope, 'present'>;

  /** One task per item of a list that is known when the workflow runs; it may be empty. */
  eachOf<Item, A extends Inputs, O extends Outputs, const Name extends string>(
    name: Name,
    list: Expr<readonly Item[], Scope>,
    template: Template<A, O>,
    args: (item: Expr<Item, ItemScope>) => Arguments<A, Scope | ItemScope, Name>,
    options?: TaskOptions<Scope>,
  ): LoopTask<O, Scope, `absent when the list of ${Name} is empty`>;

  /** One task per number of a sequence that is written here. With a `format`, use the item as text. */
  eachNumber<A extends Inputs, O extends Outputs, const Name extends string>(
    name: Name,
    sequence: LiteralSequence,
    template: Template<A, O>,
    args: (item: Expr<number, ItemScope>) => Arguments<A, Scope | ItemScope, Name>,
    options?: TaskOptions<Scope>,
  ): LoopTask<O, Scope, 'present'>;

  /** One task per number of a sequence whose bounds are known when the workflow runs; it may be empty. */
  eachNumberOf<A extends Inputs, O extends Outputs, const Name extends string>(
    name: Name,
    sequence: Sequence<Scope>,
    template: Template<A, O>,
    args: (item: Expr<number, ItemScope>) => Arguments<A, Scope | ItemScope, Name>,
    options?: TaskOptions<Scope>,
  ): LoopTask<O, Scope, `absent when the sequence of ${Name} is empty`>;

  /** Run a template when a task has ended, whatever its end. What the task gave is there only if it succeeded. */
  onExit<T extends Endings<Scope> & { readonly outputs: object }, A extends Inputs, O extends Outputs>(
    task: T,
    template: Template<A, O>,
    args: (outputs: Ended<T['outputs']>) => Arguments<A, Scope, 'this hook'>,
  ): void;

  /** Run a template when a condition on a task begins to hold, such as `t.status.eq('Running')`. */
  onEvent<A extends Inputs, O extends Outputs>(
    task: Endings<Scope>,
    event: string,
    when: Expr<boolean, Scope>,
    template: Template<A, O>,
    args: Arguments<A, Scope, 'this hook'>,
  ): void;
}

/** Fields of a DAG template. */
export interface DagProps<I extends Inputs> {
  /** What it takes. @default - nothing */
  readonly inputs?: I;
  /** How many of its tasks run at a time. @default - all that can */
  readonly parallelism?: number;
  /**
   * Whether a failure decides about the DAG although tasks that wait for it have not begun. It stops nothing: tasks of
   * other branches still begin, so give those a dependency that are to be spared.
   * @default true
   * @see https://argo-workflows.readthedocs.io/en/release-3.7/fields/#dagtemplate
   */
  readonly failFast?: boolean;
}

/**
 * A template of tasks with dependencies.
 *
 * @param name unique in its workflow template; also the scope of the values inside
 * @param build makes the tasks; the handles that it returns become the outputs
 * @example dag('pipeline', { inputs: { url: input.string() } }, (d) => {
 *   const fetched = d.task('fetch', fetch, { url: d.inputs.url });
 *   return { data: fetched.outputs.data };
 * });
 */
export function dag<
  const Name extends string,
  const I extends Inputs = Record<never, never>,
  R extends Returned<`DAG ${Name}`> = NoOutputs,
>(name: Name, props: DagProps<I>, build: (d: Dag<`DAG ${Name}`, I>) => R): Template<I, OutputsOf<R>> {
  const inputs = props.inputs ?? ({} as I);
  const { builder, records, owner } = taskBuilder(inputs);
  const returned = build(builder as unknown as Dag<`DAG ${Name}`, I>);
  const where = `DAG "${name}"`;
  return nestedTemplate(
    name,
    where,
    { inputs, returned, owner, records, parallelism: props.parallelism },
    (around) => ({
      dag: {
        ...(props.failFast === undefined ? {} : { failFast: props.failFast }),
        tasks: renderTasks(records, owner, where, around),
      },
    }),
  );
}
