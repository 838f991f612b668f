import { findCycle } from '../cycle';
import { conjunction, dependsText, type Formula, RESULTS, satisfiable, tasksOf } from './depends';
import { type NodeRecord, readNodes } from './node-record';
import type { Problem } from './problem';

/** A task, and what it waits for besides the values that it reads. */
export interface TaskRecord extends NodeRecord {
  readonly after: readonly string[];
  readonly dependency: Formula | undefined;
}

/** The tasks that a dependency names. */
const namedBy = ({ dependency }: TaskRecord): readonly string[] =>
  dependency === undefined ? [] : tasksOf(dependency);

/**
 * What a task waits for: the tasks whose values it reads, those it runs after, and its dependency.
 *
 * @param reacting tasks that are omitted when what they react to does not happen
 */
export function dependenciesOf(record: TaskRecord, reacting: ReadonlySet<string>): Formula | undefined {
  const { values, absentValues, status } = readNodes(record);
  const isOpen = (task: string) => !namedBy(record).includes(task);
  // What may be absent is so after a failure too: where a dependency names the task, it alone decides.
  const ran = new Set([...values, ...absentValues.filter(isOpen), ...record.after]);
  const terms = [...ran].map((task): Formula => {
    const token: Formula = { kind: 'token', task, result: 'Ran' };
    // A task that reacts to a failure is omitted where there is none; whoever has a fallback for its values goes on.
    return reacting.has(task) ? { kind: 'or', left: token, right: { kind: 'token', task, result: 'Omitted' } } : token;
  });
  const ended = status
    .filter(isOpen)
    .map((task) =>
      RESULTS.map((result): Formula => ({ kind: 'token', task, result })).reduce(
        (left, right): Formula => ({ kind: 'or', left, right }),
      ),
    );
  return conjunction([...terms, ...ended, ...(record.dependency === undefined ? [] : [record.dependency])]);
}

/** Why a task would wait for ever, or be left out against what its dependency says. */
export function orderProblems(
  record: TaskRecord,
  depends: Formula | undefined,
  names: ReadonlySet<string>,
): readonly Omit<Problem, 'where'>[] {
  const foreign = (depends === undefined ? [] : tasksOf(depends)).filter((task) => !names.has(task));
  const problems: Omit<Problem, 'where'>[] = foreign.map((value) => ({
    what: 'it waits for a task that this DAG does not have',
    value,
    fix: 'a DAG of the same name has it: use the tasks of this one',
  }));
  const fix = 'do not read the outputs of a task that failed; use its status or constants';
  const { dependency } = record;
  const lost = readNodes(record).values.filter(
    (task) => dependency !== undefined && namedBy(record).includes(task) && mayRunAfterFailureOf(task, dependency),
  );
  if (depends !== undefined && !satisfiable(depends)) {
    const what = 'the task waits for an end of another task and for its values, which never come together';
    problems.push({ what, value: dependsText(depends), fix });
  } else {
    const what = 'the task is to run after the failure of another task, whose values it reads';
    problems.push(...lost.map((value) => ({ what, value, fix })));
  }
  return problems;
}

function mayRunAfterFailureOf(task: string, dependency: Formula): boolean {
  return (['Failed', 'Errored'] as const).some((result) =>
    satisfiable({ kind: 'and', left: dependency, right: { kind: 'token', task, result } }),
  );
}

/** Tasks that wait for each other, as text. Only hooks, which may read tasks that are declared later, make a circle. */
export function circleOf(records: readonly TaskRecord[]): string | undefined {
  const waits = new Map(
    records.map((record) => {
      const { values, absentValues, status } = readNodes(record);
      return [record.name, [...values, ...absentValues, ...status, ...record.after, ...namedBy(record)]];
    }),
  );
  return findCycle([...waits.keys()], (name) => waits.get(name) ?? [])?.join(' → ');
}
