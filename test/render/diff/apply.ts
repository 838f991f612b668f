import type { FieldChange, Step } from '../../../src/render/diff/values';

/** Carries listed changes out on the old value, as their documentation says; the proof that the list is complete. */
export function apply(before: unknown, changes: readonly FieldChange[]): unknown {
  const whole = changes.find(({ path }) => path.length === 0);
  if (whole?.type === 'changed') return whole.after;
  if (Array.isArray(before)) {
    return changes.some(({ path }) => typeof path[0] === 'object') || whole?.type === 'reordered'
      ? applyNamed(before, changes)
      : applyPositions(before, changes);
  }
  if (typeof before !== 'object' || before === null) return before;
  const result = new Map(Object.entries(before));
  for (const [step, own] of byStep(changes)) {
    if (typeof step !== 'string') throw new TypeError('a field is named by a string');
    const end = own.find(({ path }) => path.length === 1);
    if (end?.type === 'added') result.set(step, end.after);
    else if (end?.type === 'removed') result.delete(step);
    else result.set(step, apply(result.get(step), own.map(below)));
  }
  return Object.fromEntries(result);
}

function applyPositions(before: readonly unknown[], changes: readonly FieldChange[]): unknown[] {
  const isEnd = ({ path }: FieldChange) => path.length === 1;
  const removed = new Set(changes.filter((one) => one.type === 'removed' && isEnd(one)).map(({ path }) => path[0]));
  const result = before.filter((_, position) => !removed.has(position));
  for (const change of changes) {
    if (change.type === 'added' && isEnd(change)) result.splice(Number(change.path[0]), 0, change.after);
  }
  const inner = changes.filter((one) => !(isEnd(one) && one.type !== 'changed' && one.type !== 'reordered'));
  for (const [step, own] of byStep(inner)) {
    const position = Number(step);
    result[position] = apply(result[position], own.map(below));
  }
  return result;
}

function applyNamed(before: readonly unknown[], changes: readonly FieldChange[]): unknown[] {
  const { by } = changes.flatMap(({ path }) => (typeof path[0] === 'object' ? [path[0]] : []))[0] ?? { by: 'name' };
  const result = new Map(before.map((item) => [nameIn(item, by), item]));
  for (const [step, own] of byStep(changes.filter(({ path }) => path.length > 0))) {
    if (typeof step !== 'object') throw new TypeError('an item is named');
    const end = own.find(({ path }) => path.length === 1);
    if (end?.type === 'added') result.set(step.name, end.after);
    else if (end?.type === 'removed') result.delete(step.name);
    else result.set(step.name, apply(result.get(step.name), own.map(below)));
  }
  const order = changes.find(({ path, type }) => path.length === 0 && type === 'reordered');
  return order?.type === 'reordered' ? order.after.map((name) => result.get(name)) : [...result.values()];
}

function nameIn(item: unknown, by: string): unknown {
  return (item as Readonly<Record<string, unknown>>)[by];
}

function below<Change extends FieldChange>(change: Change): Change {
  return { ...change, path: change.path.slice(1) };
}

function byStep(changes: readonly FieldChange[]): [Step, FieldChange[]][] {
  const groups = new Map<string, [Step, FieldChange[]]>();
  for (const change of changes) {
    const [step] = change.path;
    if (step === undefined) continue;
    const group = groups.get(JSON.stringify(step)) ?? [step, []];
    groups.set(JSON.stringify(step), group);
    group[1].push(change);
  }
  return [...groups.values()];
}
