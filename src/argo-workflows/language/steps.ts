import type { AnyArguments, Arguments } from './arguments';
import type { ItemScope } from './dag';
import type { Expr, Presence } from './expr';
import { variableHandle } from './expr';
import type { Inputs } from './inputs';
import { itemHandle, type Loop } from './loop';
import { duplicates, nameProblems } from './names';
import { nestedTemplate } from './nested';
import type { Json } from './node';
import { type NodeRecord, renderNode } from './node-record';
import type { Ended, Handles, NoOutputs, Outputs, OutputsOf, Returned } from './outputs';
import { endedOutputs, type InputHandles, inputHandles, outputHandles, type TaskStatus } from './tasks';
import type { AnyTemplate, Surroundings, Template, Wire } from './template';

/** A step that is not yet part of a group. */
export interface Call<O extends Outputs, out Scope extends string, P extends Presence, Loop extends boolean> {
  readonly kind: 'call';
  /** Only the compiler reads these. */
  readonly types?: { readonly outputs: O; readonly scope: Scope; readonly presence: P; readonly loop: Loop };
}

/** A call whatever it gives. */
export type AnyCall<Scope extends string> = Call<Outputs, Scope, Presence, boolean>;

/** How a step is. */
export interface StepStatus<out Scope extends string> {
  readonly kind: 'step';
  readonly status: Expr<TaskStatus, Scope>;
}

/** A step that has been given its place. */
export interface Step<O extends Outputs, Scope extends string, P extends Presence, Loop extends boolean>
  extends StepStatus<Scope> {
  readonly outputs: Handles<Scope, P, Loop, O>;
}

/** The steps of a group by name. */
export type Group<G, Scope extends string> = {
  readonly [K in keyof G]: G[K] extends Call<infer O, string, infer P, infer Loop> ? Step<O, Scope, P, Loop> : never;
};

/**
 * Groups of steps, one after the other.
 *
 * @typeParam Scope `steps name`: values of this template can only be used in it
 */
export interface Steps<Scope extends string, I extends Inputs> {
  readonly inputs: InputHandles<I, Scope>;

  /** A step that always runs. */
  call<A extends Inputs, O extends Outputs>(
    template: Template<A, O>,
    args: Arguments<A, Scope, 'this step'>,
  ): Call<O, Scope, 'present', false>;

  /** A step that runs if a condition holds, and is skipped otherwise. */
  callWhen<A extends Inputs, O extends Outputs>(
    when: Expr<boolean, Scope>,
    template: Template<A, O>,
    args: Arguments<A, Scope, 'this step'>,
  ): Call<O, Scope, 'absent when the step is skipped', false>;

  /** One step per item of a list that is written here. */
  callEach<const Items extends readonly [Json, ...Json[]], A extends Inputs, O extends Outputs>(
    items: Items,
    template: Template<A, O>,
    args: (item: Expr<Items[number], ItemScope>) => Arguments<A, Scope | ItemScope, 'this step'>,
  ): Call<O, Scope, 'present', true>;

  /** One step per item of a list that is known when the workflow runs; it may be empty. */
  callEachOf<Item, A extends Inputs, O extends Outputs>(
    list: Expr<readonly Item[], Scope>,
    template: Template<A, O>,
    args: (item: Expr<Item, ItemScope>) => Arguments<A, Scope | ItemScope, 'this step'>,
  ): Call<O, Scope, 'absent when the list of the step is empty', true>;

  /** Steps that run side by side; none sees the values of another. The next group begins when all have ended. */
  group<G extends Readonly<Record<string, AnyCall<Scope>>>>(members: G): Group<G, Scope>;

  /** Run a template when a step has ended, whatever its end. What the step gave is there only if it succeeded. */
  onExit<T extends StepStatus<Scope> & { readonly outputs: object }, A extends Inputs, O extends Outputs>(
    step: T,
    template: Template<A, O>,
    args: (outputs: Ended<T['outputs']>) => Arguments<A, Scope, 'this hook'>,
  ): void;

  /** Run a template when a condition on a step begins to hold, such as `build.status.eq('Running')`. */
  onEvent<A extends Inputs, O extends Outputs>(
    step: StepStatus<Scope>,
    event: string,
    when: Expr<boolean, Scope>,
    template: Template<A, O>,
    args: Arguments<A, Scope, 'this hook'>,
  ): void;
}

/** Fields of a steps template. */
export interface StepsProps<I extends Inputs> {
  /** What it takes. @default - nothing */
  readonly inputs?: I;
  /** How many steps of a group run at a time. @default - all */
  readonly parallelism?: number;
}

type CallRecord = Omit<NodeRecord, 'name' | 'hooks'> & { readonly absent: boolean };

/**
 * A template of groups of steps that run one after the other.
 *
 * @param name unique in its workflow template; also the scope of the values inside
 * @param build makes the groups; the handles that it returns become the outputs
 * @example steps('release', { inputs: { version: input.string() } }, (s) => {
 *   const { build } = s.group({ build: s.call(buildImage, { version: s.inputs.version }) });
 *   s.group({ unit: s.call(test, { image: build.outputs.image }), load: s.call(loadTest, { image: build.outputs.image }) });
 *   return { image: build.outputs.image };
 * });
 */
export function steps<
  const Name extends string,
  const I extends Inputs = Record<never, never>,
  R extends Returned<`steps ${Name}`> = NoOutputs,
>(name: Name, props: StepsProps<I>, build: (s: Steps<`steps ${Name}`, I>) => R): Template<I, OutputsOf<R>> {
  const inputs = props.inputs ?? ({} as I);
  const owner = {};
  const { builder, groups, forgotten } = stepBuilder(inputs, owner);
  const returned = build(builder as unknown as Steps<`steps ${Name}`, I>);
  const where = `steps "${name}"`;
  const { parallelism } = props;
  return nestedTemplate(name, where, { inputs, returned, owner, records: groups.flat(), parallelism }, (around) => ({
    steps: renderGroups(groups, forgotten(), owner, where, around),
  }));
}

function stepBuilder(inputs: Inputs, owner: object) {
  const groups: NodeRecord[][] = [];
  const calls = new Map<object, CallRecord>();
  const placed = new Set<object>();
  const call = (record: CallRecord) => {
    const made = { kind: 'call' };
    calls.set(made, record);
    return made;
  };
  const repeat = (loop: Loop, template: AnyTemplate, args: (item: unknown) => AnyArguments, absent: boolean) =>
    call({ template, arguments: args(itemHandle(loop, owner)), when: undefined, loop, absent });
  const plain = { loop: undefined, when: undefined, absent: false };

  const builder = {
    inputs: inputHandles(inputs, owner),
    call: (template: AnyTemplate, given: AnyArguments) => call({ ...plain, template, arguments: given }),
    callWhen: (when: unknown, template: AnyTemplate, given: AnyArguments) =>
      call({ ...plain, template, arguments: given, when, absent: true }),
    callEach: (items: readonly unknown[], template: AnyTemplate, args: (item: unknown) => AnyArguments) =>
      repeat({ kind: 'items', items }, template, args, false),
    callEachOf: (list: unknown, template: AnyTemplate, args: (item: unknown) => AnyArguments) =>
      repeat({ kind: 'list', list }, template, args, true),
    group: (members: Readonly<Record<string, object>>) => {
      const group: NodeRecord[] = [];
      groups.push(group);
      return Object.fromEntries(
        Object.entries(members).flatMap(([name, member]) => {
          const record = calls.get(member);
          if (record === undefined) return [];
          placed.add(member);
          const { absent, ...rest } = record;
          const step: NodeRecord = { ...rest, name, hooks: [] };
          group.push(step);
          const prefix = ['steps', { name }];
          const outputs = outputHandles(record.template, { owner, prefix, absent, loop: record.loop !== undefined });
          const status = variableHandle([...prefix, 'status'], 'string', { owner });
          return [[name, { kind: 'step', record: step, outputs, status }]];
        }),
      );
    },
    onExit: (
      step: { readonly record: NodeRecord },
      template: AnyTemplate,
      args: (outputs: Record<string, unknown>) => AnyArguments,
    ) => {
      const given = args(endedOutputs(step.record, 'steps', owner));
      step.record.hooks.push({ name: 'exit', when: undefined, template, arguments: given });
    },
    onEvent: (
      step: { readonly record: NodeRecord },
      name: string,
      when: unknown,
      template: AnyTemplate,
      given: AnyArguments,
    ) => {
      step.record.hooks.push({ name, when, template, arguments: given });
    },
  };
  const forgotten = () => [...calls].filter(([call]) => !placed.has(call)).map(([, record]) => record.template.name);
  return { builder, groups, forgotten };
}

function renderGroups(
  groups: readonly (readonly NodeRecord[])[],
  forgotten: readonly string[],
  owner: object,
  where: string,
  surroundings: Surroundings,
): readonly (readonly Wire[])[] {
  for (const template of forgotten) {
    surroundings.report({
      where,
      what: 'a call is in no group, so that it never runs',
      value: template,
      fix: 'group it',
    });
  }
  const all = groups.flat();
  for (const name of duplicates(all.map((record) => record.name))) {
    surroundings.report({ where, what: 'two steps have the same name', value: name, fix: 'rename one of them' });
  }
  if (groups.length === 0 || groups.some((group) => group.length === 0)) {
    surroundings.report({ where, what: 'a group without steps', fix: 'give every group at least one step' });
  }
  return groups.map((group) =>
    group.map((record) => {
      const place = `${where}, step "${record.name}"`;
      for (const problem of nameProblems('step', record.name, place)) surroundings.report(problem);
      return renderNode(record, owner, place, surroundings);
    }),
  );
}
