import { type DependsTask, evaluateDepends } from '../expressions/depends';
import { fieldsOf, isSet, listOf, scalarText } from './fields';
import { ancestorsOf, dependsOf } from './graph';
import type { Call, Template } from './model';

/** How a task can end, as `depends` sees it. */
type Phase = 'Succeeded' | 'Failed' | 'Errored' | 'Skipped' | 'Omitted' | 'Daemoned';

const FAILURES: readonly Phase[] = ['Failed', 'Errored'];

/** The items of the loop are written out, and there is one at least. */
export function hasItems(call: Call): boolean {
  if (call.loop === 'withItems') return listOf(call.fields.withItems).length > 0;
  if (call.loop !== 'withSequence') return false;
  const { count, end } = fieldsOf(call.fields.withSequence);
  // From one end to the other there is always a number, whichever is larger.
  return isSet(end) || Number(scalarText(count)) > 0;
}

/** A loop that has items, each of which runs. */
function alwaysLoops(call: Call): boolean {
  return call.when === undefined && hasItems(call);
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
  // Where no task goes on after a failure, one that is omitted because of it fails the DAG, whose outputs nobody reads.
  const failing = user !== undefined || goesOnAfterFailure(owner);
  if (phasesOf(owner, producer, { failing }).has('Omitted')) phases.push('Omitted');
  return user === undefined ? phases : phases.filter((phase) => mayRun(owner, user, new Map([[producer.name, phase]])));
}

/** How the producer can fail while its user still runs; undefined when that cannot be. */
export function failedWhenUsed(owner: Template, producer: Call, user: Call): Phase | undefined {
  if (owner.kind === 'dag') {
    if (!ancestorsOf(owner, user).has(producer.name)) return undefined;
    return FAILURES.find((phase) => mayRun(owner, user, new Map([[producer.name, phase]])));
  }
  const { failed, error } = fieldsOf(producer.fields.continueOn);
  return failed === true ? 'Failed' : error === true ? 'Errored' : undefined;
}

function mayRun(owner: Template, task: Call, assumed: ReadonlyMap<string, Phase>): boolean {
  const phases = phasesOf(owner, task, { assumed, failing: true });
  return [...phases].some((phase) => phase !== 'Omitted');
}

/** What is known about the tasks of one DAG under one assumption. */
type Endings = Map<string, ReadonlySet<Phase>>;

function goesOnAfterFailure(owner: Template): boolean {
  return owner.tasks.some(
    ({ fields }) =>
      fields.continueOn !== undefined || /\.(Failed|Errored|Omitted|AllFailed)\b/.test(String(fields.depends ?? '')),
  );
}

interface Assumptions {
  /** How some tasks end, by name. */
  readonly assumed?: ReadonlyMap<string, Phase>;
  /** Whether tasks may fail. */
  readonly failing: boolean;
}

/** Every way in which a task can end under some assumptions. */
function phasesOf(
  owner: Template,
  task: Call,
  assumptions: Assumptions,
  endings: Endings = new Map(),
): ReadonlySet<Phase> {
  const fixed = assumptions.assumed?.get(task.name);
  if (fixed !== undefined) return new Set([fixed]);
  const known = endings.get(task.name);
  if (known !== undefined) return known;
  // Tasks that wait for each other are another rule's business; they must only not be followed for ever.
  endings.set(task.name, new Set<Phase>(['Succeeded', 'Failed', 'Errored', 'Omitted']));
  const depends = dependsOf(task);
  const runs =
    depends === undefined
      ? true
      : evaluateDepends(depends, (each) => {
          const dependency = owner.tasks.find((other) => other.name === each.name);
          return dependency && holds(each, owner, phasesOf(owner, dependency, assumptions, endings));
        });
  const ended: readonly Phase[] = assumptions.failing ? ['Succeeded', 'Failed', 'Errored'] : ['Succeeded'];
  const phases = new Set<Phase>(runs === false ? ['Omitted'] : ended);
  if (runs !== false && mayBeSkipped(task)) phases.add('Skipped');
  if (runs === undefined) phases.add('Omitted');
  endings.set(task.name, phases);
  return phases;
}

function holds(task: DependsTask, owner: Template, phases: ReadonlySet<Phase>): boolean | undefined {
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
