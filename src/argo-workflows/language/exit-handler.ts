import type { Dag } from './dag';
import { type Expr, variableHandle } from './expr';
import type { Inputs, ParameterInput } from './inputs';
import { childrenOf } from './node-record';
import { renderTasks, taskBuilder } from './task-builder';
import { type AnyTemplate, define, type Template } from './template';

/** How a workflow ended, readable only once it has. */
export interface ExitContext<I extends Inputs> extends Omit<Dag<'exit handler', Record<never, never>>, 'inputs'> {
  readonly status: Expr<'Succeeded' | 'Failed' | 'Error', 'exit handler'>;
  /** The failed steps as a JSON list of objects with `displayName`, `message` and more; `null` where there are none. */
  readonly failures: Expr<string, 'exit handler'>;
  /** In seconds. */
  readonly duration: Expr<number, 'exit handler'>;
  /** What the workflow was started with. */
  readonly parameters: WorkflowParameters<I, 'exit handler'>;
}

/** What a workflow was started with, as handles. */
export type WorkflowParameters<I extends Inputs, Scope extends string> = {
  readonly [K in keyof I as I[K] extends ParameterInput<unknown, boolean> ? K : never]: I[K] extends ParameterInput<
    infer T,
    boolean
  >
    ? Expr<T, Scope>
    : never;
};

/** The parameters of a workflow as handles. */
export function workflowParameters<I extends Inputs, Scope extends string>(
  inputs: I,
  owner?: object,
): WorkflowParameters<I, Scope> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, declared]) =>
      declared.kind === 'parameter'
        ? [
            [
              name,
              variableHandle(['workflow', 'parameters', { name }], declared.type, owner === undefined ? {} : { owner }),
            ],
          ]
        : [],
    ),
  ) as WorkflowParameters<I, Scope>;
}

/** The name of the template of the exit handler. */
const NAME = 'exit-handler';

/** The template that runs when the workflow has ended, whatever its end. */
export function exitHandler<I extends Inputs>(inputs: I, build: (x: ExitContext<I>) => void): AnyTemplate {
  const { builder, records, owner } = taskBuilder({});
  const context = {
    ...builder,
    status: variableHandle(['workflow', 'status'], 'string', { owner }),
    // Argo quotes this text once more than others, as if it were JSON.
    failures: variableHandle(['workflow', 'failures'], 'json', { owner }),
    duration: variableHandle(['workflow', 'duration'], 'number', { owner }),
    parameters: workflowParameters(inputs, owner),
  };
  build(context as unknown as ExitContext<I>);
  const made: Template<Record<never, never>, Record<never, never>> = define(
    NAME,
    {},
    {},
    {
      children: childrenOf(records),
      render: (surroundings) => ({ dag: { tasks: renderTasks(records, owner, 'exit handler', surroundings) } }),
    },
  );
  return made;
}
