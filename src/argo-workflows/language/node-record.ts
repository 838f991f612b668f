import { type AnyArguments, type ArgumentPlace, renderArguments, renderField } from './arguments';
import { originOf } from './artifact';
import { isHandle, nodeOf, type Owner } from './expr';
import { condition, valueExpression } from './expression-text';
import { type Loop, renderLoop } from './loop';
import { duplicates, nameProblems } from './names';
import { type Absence, references, type Segment } from './node';
import { type AnyTemplate, definitionOf, foreignOf, reference, type Surroundings, type Wire } from './template';

/** A template that runs when something happens to a task, step or workflow. */
export interface HookRecord {
  readonly name: string;
  /** When it runs; the hook `exit` needs none. */
  readonly when: unknown;
  readonly template: AnyTemplate;
  readonly arguments: AnyArguments;
}

/** What the tasks of a DAG and the steps of a steps template have in common. */
export interface NodeRecord {
  readonly name: string;
  readonly template: AnyTemplate;
  readonly arguments: AnyArguments;
  readonly when: unknown;
  readonly loop: Loop | undefined;
  readonly hooks: HookRecord[];
}

/** All fields of a task or step but `depends`. */
export function renderNode(record: NodeRecord, owner: Owner, where: string, surroundings: Surroundings): Wire {
  const place: ArgumentPlace = { where, owner, report: surroundings.report };
  if (record.loop !== undefined) checkLooped(record, place);
  checkItems(record, place);
  checkHooks(record, place);
  const given = renderArguments(record.template.inputs, record.arguments, place);
  return {
    name: record.name,
    ...reference(record.template),
    ...(Object.keys(given).length > 0 ? { arguments: given } : {}),
    ...(record.when === undefined ? {} : { when: renderCondition(record.when, `${where}, condition`, place) }),
    ...(record.loop === undefined ? {} : renderLoop(record.loop, place)),
    ...(record.hooks.length === 0 ? {} : { hooks: renderHooks(record.hooks, place) }),
  };
}

/** Lifecycle hooks, which Argo keeps by name. */
export function renderHooks(hooks: readonly HookRecord[], place: ArgumentPlace): Wire {
  for (const name of duplicates(hooks.map((hook) => hook.name))) {
    const fix = name === 'exit' ? 'run both in one DAG' : 'rename one of them';
    place.report({ where: place.where, what: 'two hooks have the same name', value: name, fix });
  }
  return Object.fromEntries(
    hooks.map((hook) => {
      const where = `${place.where}, hook "${hook.name}"`;
      for (const problem of nameProblems('hook', hook.name, where)) place.report(problem);
      const given = renderArguments(hook.template.inputs, hook.arguments, { ...place, where });
      const expression =
        hook.when === undefined
          ? {}
          : { expression: renderField(nodeOf(hook.when), 'boolean', hook.when, { ...place, where }, valueExpression) };
      return [
        hook.name,
        { ...reference(hook.template), ...(Object.keys(given).length > 0 ? { arguments: given } : {}), ...expression },
      ];
    }),
  );
}

function renderCondition(when: unknown, where: string, place: ArgumentPlace): string {
  return renderField(nodeOf(when), 'boolean', when, { ...place, where }, condition);
}

/** The types tell the item of a loop from other values, not from the item of another loop. */
function checkItems(record: NodeRecord, place: ArgumentPlace): void {
  for (const [name, value] of Object.entries(record.arguments)) {
    if (!isHandle(value)) continue;
    const loops = references(nodeOf(value)).flatMap((each) => each.loop ?? []);
    if (loops.every((loop) => loop === record.loop)) continue;
    const where = `${place.where}, input "${name}"`;
    place.report({ where, what: 'the item of another loop is used', fix: 'use the item that this loop gives' });
  }
}

/** What a hook can see of its own task depends on when it runs. */
function checkHooks(record: NodeRecord, place: ArgumentPlace): void {
  for (const hook of record.hooks) {
    const where = `${place.where}, hook "${hook.name}"`;
    const isExit = hook.when === undefined;
    if (hook.name === 'exit' && !isExit) {
      const fix = 'rename it, or use onExit';
      place.report({ where, what: 'a hook with a condition has the name of the exit hook', fix });
    }
    const own = Object.values(hook.arguments)
      .flatMap(readsOf)
      .filter(({ path: [, node] }) => typeof node === 'object' && node.name === record.name);
    const given = own.filter(({ path }) => path[2] !== 'status');
    if (record.loop !== undefined && own.length > 0) {
      const fix = 'run a task after the loop';
      place.report({ where, what: 'a hook of a loop reads its own task, which Argo resolves before it runs', fix });
    } else if (!isExit && given.length > 0) {
      const fix = 'read them in onExit';
      place.report({ where, what: 'a hook reads the outputs of its own task, which are not there yet', fix });
    } else if (given.some(({ path }) => path[2] !== 'outputs' || path[3] === 'result')) {
      const what = 'a hook reads the standard output or the address of its own task, which Argo does not hand over';
      place.report({ where, what, fix: 'write a file and use output.path' });
    } else if (given.some(({ absent }) => absent !== 'ended')) {
      const fix = 'use the outputs that onExit hands over, with a fallback';
      place.report({ where, what: 'a hook reads outputs of its own task, which are not there when it failed', fix });
    }
  }
}

/** A default of a looped output would stand in the place of the list. */
function checkLooped(record: NodeRecord, place: ArgumentPlace): void {
  for (const [name, declared] of Object.entries(record.template.outputs)) {
    if (declared.kind === 'parameter' && declared.valueFrom.default !== undefined) {
      place.report({
        where: place.where,
        what: `the looped template "${record.template.name}" has an output with a default, which replaces the whole list when the loop is empty`,
        value: name,
        fix: 'remove the default, and use .or([...]) where the list is read',
      });
    }
  }
}

/** The tasks or steps that a record reads: for values, for values that may be absent, and only for the status. */
export function readNodes(record: NodeRecord): {
  readonly values: readonly string[];
  readonly absentValues: readonly string[];
  readonly status: readonly string[];
} {
  const handles = [record.when, ...loopHandles(record.loop), ...Object.values(record.arguments)];
  const hooked = record.hooks.flatMap((hook) => [hook.when, ...Object.values(hook.arguments)]);
  const values = new Set<string>();
  const absentValues = new Set<string>();
  const status = new Set<string>();
  for (const value of [...handles, ...hooked]) {
    for (const { path, absent } of readsOf(value)) {
      const [root, node, property] = path;
      if ((root !== 'tasks' && root !== 'steps') || typeof node !== 'object' || node.name === record.name) continue;
      (property === 'status' ? status : absent === 'never' ? values : absentValues).add(node.name);
    }
  }
  const without = (names: ReadonlySet<string>, ...others: readonly ReadonlySet<string>[]) =>
    [...names].filter((name) => !others.some((other) => other.has(name)));
  return {
    values: [...values],
    absentValues: without(absentValues, values),
    status: without(status, values, absentValues),
  };
}

/** A variable that a value reads; where it may be absent, the types have seen to it that something stands in for it. */
interface Read {
  readonly path: readonly Segment[];
  readonly absent: Absence;
}

function readsOf(value: unknown): readonly Read[] {
  const origin = originOf(value);
  // An artifact that is not there is left out where it is optional, whoever reads it.
  if (origin !== undefined) return [{ path: origin.path, absent: origin.optional ? 'ended' : 'never' }];
  return isHandle(value) ? references(nodeOf(value)) : [];
}

function loopHandles(loop: Loop | undefined): readonly unknown[] {
  if (loop === undefined || loop.kind === 'items') return [];
  return loop.kind === 'list' ? [loop.list] : [loop.count, loop.start, loop.end];
}

/** Every template that records run here, without those of other workflow templates. */
export function childrenOf(records: readonly NodeRecord[]): readonly AnyTemplate[] {
  return records
    .flatMap((record) => [record.template, ...record.hooks.map((hook) => hook.template)])
    .filter((template) => foreignOf(template) === undefined && definitionOf(template) !== undefined);
}
