import { type DependsTask, evaluateDepends } from '../expressions/depends';
import type { Value } from '../expressions/values';
import { findCalled } from '../lint/catalogue';
import { fieldsOf, textOf } from '../lint/fields';
import { dependencyNames, dependsOf } from '../lint/graph';
import type { Call, Template } from '../lint/model';
import { type Attempt, attemptNode, skippedNode } from './attempt';
import type { Frame } from './context';
import { type NodeVariables, nodeVariables } from './node-variables';
import { exportGlobals, outerOutputs } from './outputs';
import { isFailed, type Phase, RunError, type RunNode } from './result';
import { extendScope, type Scope, substituteText } from './scope';
import { continuesOn } from './steps';

/** Runs a `dag` template: each task as soon as those it depends on have ended. */
export async function runDag(attempt: Attempt): Promise<RunNode> {
  const { context, frame } = attempt;
  const { template } = frame;
  const targets = targetNames(template, frame.scope, frame.name);
  const nodes = new Map<string, RunNode>();
  const seen = new Map<string, NodeVariables>();
  const started = new Map<string, Promise<void>>();
  const ordered = inOrder(template, targets);
  const ancestors = ancestorsOf(ordered);
  const planned = template.tasks
    .filter((task) => ancestors.has(task.name))
    .map(({ name }) => ({ name: `${frame.name}.${name}`, displayName: name }));
  context.emit({ type: 'planned', parent: frame.name, children: planned });

  const run = async (task: Call): Promise<void> => {
    await Promise.all(dependencyNames(task).map((name) => started.get(name)));
    const nodeName = `${frame.name}.${task.name}`;
    const about = { name: nodeName, displayName: task.name, template: task.template ?? '', parent: frame.name };
    const node = mayRun(task, template, nodes)
      ? await context.runCall({
          context,
          frame,
          call: task,
          nodeName,
          // Nothing else has ended for sure, so the controller shows no more to a task either.
          scope: scopeOf(frame, seen, ancestors.get(task.name) ?? []),
          parent: frame.name,
        })
      : skippedNode(context, about, 'omitted: depends condition not met', 'Omitted');
    nodes.set(task.name, node);
    const called = findCalled(context.catalogue, frame.workflow, task)?.template;
    seen.set(task.name, nodeVariables(node, task, called, context.clock));
  };
  for (const task of ordered) started.set(task.name, run(task));
  await Promise.all(started.values());

  const children = ordered.flatMap((task) => nodes.get(task.name) ?? []);
  const phase = context.signal.aborted ? 'Failed' : dagPhase(template, targets, nodes);
  if (isFailed(phase)) return attemptNode(attempt, { kind: 'DAG', phase, children });
  const outputs = outerOutputs(template, scopeOf(frame, seen, seen.keys()), frame.name, context);
  for (const { name } of ordered) context.exports.get(`${frame.name}.${name}`)?.();
  const name = frame.name.replace(/\(\d+\)$/, '');
  context.exports.set(name, () => exportGlobals(template, outputs, frame.scope, context));
  return attemptNode(attempt, { kind: 'DAG', phase, outputs, children });
}

/** The scope of the DAG with some of its tasks, which have ended. */
function scopeOf(frame: Frame, seen: ReadonlyMap<string, NodeVariables>, names: Iterable<string>): Scope {
  const tasks: Record<string, Value> = { name: frame.name };
  const texts: [string, string][] = [];
  for (const name of names) {
    const node = seen.get(name);
    if (node === undefined) continue;
    tasks[name] = node.variables;
    for (const [rest, text] of node.texts) texts.push([`tasks.${name}.${rest}`, text]);
  }
  return extendScope(frame.scope, { tasks }, texts);
}

/** What each task depends on, directly or not. */
function ancestorsOf(ordered: readonly Call[]): ReadonlyMap<string, ReadonlySet<string>> {
  const ancestors = new Map<string, Set<string>>();
  for (const task of ordered) {
    const own = new Set<string>();
    for (const name of dependencyNames(task)) {
      own.add(name);
      for (const further of ancestors.get(name) ?? []) own.add(further);
    }
    ancestors.set(task.name, own);
  }
  return ancestors;
}

/** The tasks that decide how the DAG ends: those named in `target`, else those that no other depends on. */
function targetNames(template: Template, scope: Scope, where: string): readonly string[] {
  const target = substituteText(textOf(fieldsOf(template.fields.dag).target) ?? '', scope, where);
  const named = target.split(' ').filter((name) => name !== '');
  if (named.length > 0) return named;
  const depended = new Set(template.tasks.flatMap(dependencyNames));
  return template.tasks.map((task) => task.name).filter((name) => !depended.has(name));
}

/** The targets and everything before them, dependencies first. */
function inOrder(template: Template, targets: readonly string[]): readonly Call[] {
  const byName = new Map(template.tasks.map((task) => [task.name, task]));
  const ordered: Call[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const task = byName.get(name);
    if (task === undefined)
      throw new RunError(template.name, `there is no task "${name}"`, 'correct depends or target');
    if (seen.has(name)) return;
    seen.add(name);
    for (const dependency of dependencyNames(task)) visit(dependency);
    ordered.push(task);
  };
  for (const target of targets) visit(target);
  return ordered;
}

function mayRun(task: Call, template: Template, nodes: ReadonlyMap<string, RunNode>): boolean {
  const depends = dependsOf(task);
  if (depends === undefined) return true;
  return evaluateDepends(depends, (each) => holds(each, template, nodes.get(each.name))) === true;
}

function holds(task: DependsTask, template: Template, node: RunNode | undefined): boolean {
  if (node === undefined) return false;
  switch (task.result) {
    case undefined: {
      const call = template.tasks.find((each) => each.name === task.name);
      const done = node.phase === 'Succeeded' || node.phase === 'Skipped' || node.daemoned;
      return done || (call !== undefined && continuesOn(call, node));
    }
    case 'Errored':
      return node.phase === 'Error';
    case 'Daemoned':
      return node.daemoned;
    case 'AnySucceeded':
      return node.children.some((child) => child.phase === 'Succeeded');
    case 'AllFailed':
      return node.children.length > 0 && node.children.every((child) => child.phase === 'Failed');
    default:
      // A daemon is still running, and has not succeeded.
      return node.phase === task.result && !node.daemoned;
  }
}

/** A task that was left out or skipped counts as the tasks before it; a failure before others of its branch. */
function dagPhase(template: Template, targets: readonly string[], nodes: ReadonlyMap<string, RunNode>): Phase {
  const known = new Map<string, Phase>();
  const branchPhase = (task: Call): Phase => {
    const cached = known.get(task.name);
    if (cached !== undefined) return cached;
    const own = nodes.get(task.name)?.phase ?? 'Succeeded';
    const before = (): Phase => {
      const parents = template.tasks.filter((each) => dependencyNames(task).includes(each.name)).map(branchPhase);
      return parents.find(isFailed) ?? 'Succeeded';
    };
    const phase = own === 'Skipped' || own === 'Omitted' ? before() : own;
    known.set(task.name, phase);
    return phase;
  };
  for (const target of targets) {
    const task = template.tasks.find((each) => each.name === target);
    const node = nodes.get(target);
    if (task === undefined || node === undefined) continue;
    const phase = branchPhase(task);
    if (isFailed(phase) && !continuesOn(task, { ...node, phase })) return phase;
  }
  return 'Succeeded';
}
