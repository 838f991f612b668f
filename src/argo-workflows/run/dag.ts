import { type DependsTask, evaluateDepends } from '../expressions/depends';
import type { Value } from '../expressions/values';
import { findCalled } from '../lint/catalogue';
import { fieldsOf, textOf } from '../lint/fields';
import { dependencyNames, dependsOf } from '../lint/graph';
import type { Call, Template } from '../lint/model';
import { type Attempt, attemptNode, skippedNode } from './attempt';
import { nodeVariables } from './node-variables';
import { exportGlobals, outerOutputs } from './outputs';
import { isFailed, type Phase, RunError, type RunNode } from './result';
import { type Scope, substituteText } from './scope';
import { continuesOn } from './steps';

/** Runs a `dag` template: each task as soon as those it depends on have ended. */
export function runDag(attempt: Attempt): RunNode {
  const { context, frame } = attempt;
  const { template } = frame;
  const targets = targetNames(template, frame.scope, frame.name);
  const nodes = new Map<string, RunNode>();
  // One growing map for all tasks: copying it for each would make long DAGs slow.
  const tasks: Record<string, Value> = { name: frame.name };
  const texts = new Map(frame.scope.texts);
  const scope: Scope = { variables: { ...frame.scope.variables, tasks }, texts };

  for (const task of inOrder(template, targets)) {
    const nodeName = `${frame.name}.${task.name}`;
    const dependencies = dependencyNames(task).flatMap((name) => nodes.get(name) ?? []);
    const startAt = Math.max(attempt.startAt, ...dependencies.map((node) => node.finishedAt));
    const node = mayRun(task, template, nodes)
      ? context.runCall({ context, frame, call: task, nodeName, scope, startAt })
      : skippedNode(startAt, nodeName, task.name, 'omitted: depends condition not met', 'Omitted');
    nodes.set(task.name, node);
    const seen = nodeVariables(node, task, findCalled(context.catalogue, frame.workflow, task)?.template);
    tasks[task.name] = seen.variables;
    for (const [name, text] of seen.texts) texts.set(`tasks.${task.name}.${name}`, text);
  }

  const children = [...nodes.values()];
  const finishedAt = Math.max(attempt.startAt, ...children.map((node) => node.finishedAt));
  const phase = dagPhase(template, targets, nodes);
  if (isFailed(phase)) return attemptNode(attempt, { kind: 'DAG', phase, finishedAt, children });
  const outputs = outerOutputs(template, scope, frame.name);
  exportGlobals(template, outputs, frame.scope, context);
  return attemptNode(attempt, { kind: 'DAG', phase, outputs, finishedAt, children });
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
