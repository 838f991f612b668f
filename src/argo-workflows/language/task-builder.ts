import type { AnyArguments } from './arguments';
import { type Dependency, dependsText } from './depends';
import { type Expr, variableHandle } from './expr';
import type { Inputs } from './inputs';
import { itemHandle, type Loop } from './loop';
import { duplicates, nameProblems } from './names';
import { renderNode } from './node-record';
import { circleOf, dependenciesOf, orderProblems, type TaskRecord } from './task-order';
import { endedOutputs, endings, inputHandles, type Ordered, outputHandles } from './tasks';
import type { AnyTemplate, Surroundings, Wire } from './template';

/** What a task waits for beside the tasks whose values it reads. */
export interface TaskOptions<Scope extends string> {
  /** Tasks that must have succeeded (or been skipped) before. @default - none */
  readonly after?: readonly Ordered<Scope>[];
}

/** What a builder callback fills, here without types: `Dag` states them. */
export function taskBuilder(inputs: Inputs) {
  const owner = {};
  const records: TaskRecord[] = [];

  const add = (
    name: string,
    template: AnyTemplate,
    given: AnyArguments,
    more: {
      readonly when?: unknown;
      readonly dependency?: Dependency<string>;
      readonly loop?: Loop;
      readonly options?: TaskOptions<string> | undefined;
      readonly absent?: boolean;
    },
  ) => {
    const record: TaskRecord = {
      name,
      template,
      arguments: given,
      when: more.when,
      loop: more.loop,
      hooks: [],
      after: more.options?.after?.map((task) => task.name) ?? [],
      dependency: more.dependency?.formula,
    };
    records.push(record);
    const prefix = ['tasks', { name }];
    const shape = { owner, prefix, absent: more.absent ?? false, loop: more.loop !== undefined };
    return {
      kind: 'task',
      name,
      record,
      outputs: outputHandles(template, shape),
      status: variableHandle([...prefix, 'status'], 'string', { owner }),
      ...endings(name),
    };
  };

  type Repeat = (
    name: string,
    over: unknown,
    template: AnyTemplate,
    args: (item: Expr<unknown, string>) => AnyArguments,
    options?: TaskOptions<string>,
  ) => unknown;
  const repeat =
    (loopOf: (over: unknown) => Loop, absent: boolean): Repeat =>
    (name, over, template, args, options) => {
      const loop = loopOf(over);
      return add(name, template, args(itemHandle(loop, owner)), { loop, options, absent });
    };
  const sequence = (over: unknown): Loop => ({ kind: 'sequence', ...(over as object) });

  const hook = (
    task: { readonly record: TaskRecord },
    name: string,
    when: unknown,
    template: AnyTemplate,
    given: AnyArguments,
  ) => {
    task.record.hooks.push({ name, when, template, arguments: given });
  };

  const builder = {
    inputs: inputHandles(inputs, owner),
    task: (name: string, template: AnyTemplate, given: AnyArguments, options?: TaskOptions<string>) =>
      add(name, template, given, { options }),
    taskWhen: (
      name: string,
      when: unknown,
      template: AnyTemplate,
      given: AnyArguments,
      options?: TaskOptions<string>,
    ) => add(name, template, given, { when, options, absent: true }),
    taskAfter: (name: string, dependency: Dependency<string>, template: AnyTemplate, given: AnyArguments) =>
      add(name, template, given, { dependency, absent: true }),
    each: repeat((items) => ({ kind: 'items', items: items as readonly unknown[] }), false),
    eachOf: repeat((list) => ({ kind: 'list', list }), true),
    eachNumber: repeat(sequence, false),
    eachNumberOf: repeat(sequence, true),
    onExit: (
      task: { readonly record: TaskRecord },
      template: AnyTemplate,
      args: (outputs: Record<string, unknown>) => AnyArguments,
    ) => hook(task, 'exit', undefined, template, args(endedOutputs(task.record, 'tasks', owner))),
    onEvent: hook,
  };
  return { builder, records, owner };
}

/** The tasks of a DAG, each with the dependencies that its values and conditions imply. */
export function renderTasks(
  records: readonly TaskRecord[],
  owner: object,
  where: string,
  surroundings: Surroundings,
): readonly Wire[] {
  for (const name of duplicates(records.map((record) => record.name))) {
    surroundings.report({ where, what: 'two tasks have the same name', value: name, fix: 'rename one of them' });
  }
  if (records.length === 0 || records.length > 200) {
    const fix = 'a DAG has 1 to 200 tasks: split it into several DAGs';
    surroundings.report({ where, what: 'bad number of tasks', value: records.length, fix });
  }
  const names = new Set(records.map((record) => record.name));
  const circle = circleOf(records);
  if (circle !== undefined) {
    const fix = 'let a task of its own read what comes later';
    surroundings.report({ where, what: 'tasks wait for each other through their hooks', value: circle, fix });
  }
  const reacting = new Set(records.filter((record) => record.dependency !== undefined).map((record) => record.name));
  return records.map((record) => {
    const place = `${where}, task "${record.name}"`;
    for (const problem of nameProblems('task', record.name, place)) surroundings.report(problem);
    const { name, ...rest } = renderNode(record, owner, place, surroundings);
    const depends = dependenciesOf(record, reacting);
    for (const problem of orderProblems(record, depends, names)) surroundings.report({ where: place, ...problem });
    return { name, ...(depends === undefined ? {} : { depends: dependsText(depends) }), ...rest };
  });
}
