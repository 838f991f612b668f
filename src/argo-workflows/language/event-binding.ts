import { literalProblems, refuseHandles, renderArguments } from './arguments';
import type { Inputs, ParameterInput } from './inputs';
import { type Manifest, manifest } from './manifest';
import { nameProblems } from './names';
import { type Problem, WorkflowError } from './problem';
import type { AnyTemplate, Wire } from './template';
import type { WorkflowTemplate } from './workflow-template';

/** A value that is taken from an event. */
export interface EventValue {
  readonly kind: 'event value';
  readonly expression: string;
}

/**
 * A value of the event that starts a run, such as `payload.model`.
 *
 * @param expression on `payload`, `metadata` (headers, in lowercase), `discriminator` and `namespace`
 */
export const eventValue = (expression: string): EventValue => ({ kind: 'event value', expression });

type Key<I extends Inputs, Optional extends boolean> = {
  [K in keyof I]: I[K] extends ParameterInput<unknown, infer O> ? (O extends Optional ? K : never) : never;
}[keyof I];

type EventArgument<X> = X extends ParameterInput<infer T, boolean> ? T | EventValue : never;

/** The arguments of a run that an event starts. */
export type EventArguments<I extends Inputs> = { readonly [K in Key<I, false>]: EventArgument<I[K]> } & {
  readonly [K in Key<I, true>]?: EventArgument<I[K]>;
};

/** Fields of an event binding. */
export interface EventBindingProps<I extends Inputs> {
  /** What it runs. */
  readonly template: WorkflowTemplate<Readonly<Record<string, AnyTemplate>>, I>;
  /** What it is started with. */
  readonly arguments: EventArguments<I>;
  /** Which events: an expression such as `discriminator == "new-data" && payload.model != ""`. */
  readonly selector: string;
  /** Labels of the object. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A rule that starts runs on events that the Argo server receives. */
export interface EventBinding {
  readonly name: string;
  /**
   * The object for Kubernetes.
   *
   * @throws WorkflowError with all mistakes at once
   */
  toManifest(): Manifest;
}

/**
 * A rule that starts runs on events that the Argo server receives at `/api/v1/events`.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/events/
 */
export function eventBinding<const I extends Inputs>(name: string, props: EventBindingProps<I>): EventBinding {
  return { name, toManifest: () => render(name, props as unknown as EventBindingProps<Inputs>) };
}

function render(name: string, props: EventBindingProps<Inputs>): Manifest {
  const where = `event binding "${name}"`;
  const problems: Problem[] = [...nameProblems('event binding', name, where)];
  const report = (problem: Problem) => problems.push(problem);
  if (props.selector.trim() === '') {
    report({ where, what: 'an empty selector, which would match nothing', fix: 'say which events start a run' });
  }
  for (const problem of literalProblems(where, [props.selector, props.labels])) report(problem);
  const values: Readonly<Record<string, unknown>> = props.arguments;
  const events = Object.entries(values).filter((entry): entry is [string, EventValue] => isEventValue(entry[1]));
  const named = new Set(events.map(([key]) => key));
  const literal = Object.fromEntries(Object.entries(values).filter(([key]) => !named.has(key)));
  const others = Object.fromEntries(Object.entries(props.template.inputs).filter(([key]) => !named.has(key)));
  for (const [key] of events.filter(([each]) => props.template.inputs[each]?.kind !== 'parameter')) {
    report({ where, what: 'unknown argument, which Argo would ignore', value: key, fix: 'remove it' });
  }
  refuseHandles(literal, { where, report });
  const given = renderArguments(others, literal, { where: `${where}, arguments`, owner: undefined, report });
  const parameters: readonly Wire[] = [
    ...((given.parameters ?? []) as readonly Wire[]),
    ...events.map(([key, value]) => ({ name: key, valueFrom: { event: value.expression } })),
  ];
  if (problems.length > 0) throw new WorkflowError(problems);
  return manifest(
    'WorkflowEventBinding',
    name,
    props.labels,
    {},
    {
      event: { selector: props.selector },
      submit: {
        workflowTemplateRef: { name: props.template.name },
        ...(parameters.length === 0 ? {} : { arguments: { parameters } }),
      },
    },
  );
}

const isEventValue = (value: unknown): value is EventValue =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'event value';
