import { type DependsTask, evaluateDepends } from '../expressions/depends';
import { fieldsOf, listOf } from './fields';
import { dependsOf } from './graph';
import type { Call, Template } from './model';

/** How a task can end, as `depends` sees it. */
type Phase = 'Succeeded' | 'Failed' | 'Errored' | 'Skipped' | 'Omitted' | 'Daemoned';

/** The list of the loop is written out and not empty, and each item runs. */
export function alwaysLoops(call: Call): boolean {
  return call.loop === 'withItems' && listOf(call.fields.withItems).length > 0 && call.when === undefined;
}

/** Whether the step or task may be skipped: by its `when`, or by a list that may be empty. */
export function mayBeSkipped(call: Call): boolean {
  if (call.when !== undefined && call.when.trim() !== 'true') return true;
  return call.loop !== undefined && !alwaysLoops(call);
}

/** How the producer can end without outputs while its user still runs; empty when that cannot be. */
export function absentWhenUsed(owner: Template, producer: Call, user: Call | undefined): readonly Phase[] {
  if (owner.kind !== 'dag') return mayBeSkipped(producer) ? ['Skipped'] : [];
  const phases: Phase[] = [...(mayBeSkipped(producer) ? (['Skipped'] as const) : [])];
  if (phasesOf(owner, producer).has('Omitted')) phases.push('Omitted');
  return user === undefined ? phases : phases.filter((phase) => mayRun(owner, user, new Map([[producer.name, phase]])));
}

function mayRun(owner: Template, task: Call, assumed: ReadonlyMap<string, Phase>): boolean {
  const phases = phasesOf(owner, task, assumed);
  return [...phases].some((phase) => phase !== 'Omitted');
}

/** Every way in which a task can end, when some tasks are assumed to end in one way. */
function phasesOf(
  owner: Template,
  task: Call,
  assumed: ReadonlyMap<string, Phase> = new Map(),
  path: ReadonlySet<string> = new Set(),
): ReadonlySet<Phase> {
  const fixed = assumed.get(task.name);
  if (fixed !== undefined) return new Set([fixed]);
  if (path.has(task.name)) return new Set<Phase>(['Succeeded', 'Failed', 'Errored', 'Omitted']);
  const inner = new Set([...path, task.name]);
  const known = new Map<string, ReadonlySet<Phase>>();
  const endings = (name: string): ReadonlySet<Phase> | undefined => {
    const dependency = owner.tasks.find((each) => each.name === name);
    if (dependency === undefined) return undefined;
    const phases = known.get(name) ?? phasesOf(owner, dependency, assumed, inner);
    known.set(name, phases);
    return phases;
  };
  const depends = dependsOf(task);
  const runs =
    depends === undefined ? true : evaluateDepends(depends, (each) => holds(each, owner, endings(each.name)));
  if (runs === false) return new Set(['Omitted']);
  const ended: Phase[] = ['Succeeded', 'Failed', 'Errored'];
  if (mayBeSkipped(task)) ended.push('Skipped');
  // Daemons count as done while they run.
  if (runs === undefined) ended.push('Omitted');
  return new Set(ended);
}

function holds(task: DependsTask, owner: Template, phases: ReadonlySet<Phase> | undefined): boolean | undefined {
  if (phases === undefined) return undefined;
  if (task.result === 'AnySucceeded' || task.result === 'AllFailed') {
    return [...phases].some((phase) => phase === 'Succeeded' || phase === 'Failed') ? undefined : false;
  }
  const accepted = new Set<string>(task.result === undefined ? acceptedByDefault(task.name, owner) : [task.result]);
  const hits = [...phases].filter((phase) => accepted.has(phase)).length;
  if (hits === 0) return task.result === 'Daemoned' ? undefined : false;
  return hits === phases.size ? true : undefined;
}

function acceptedByDefault(name: string, owner: Template): readonly Phase[] {
  const goesOn = fieldsOf(owner.tasks.find((task) => task.name === name)?.fields.continueOn);
  const accepted: Phase[] = ['Succeeded', 'Skipped', 'Daemoned'];
  if (goesOn.failed === true) accepted.push('Failed');
  if (goesOn.error === true) accepted.push('Errored');
  return accepted;
}
