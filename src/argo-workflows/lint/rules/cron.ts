import { isTimeZone } from '../../time-zone';
import { isSet, listOf, type Part, partAt, scalarText } from '../fields';
import type { WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { suggest } from '../similar';

const DESCRIPTORS = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/;
const EVERY = /^@every\s+\S+$/;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');
const CONCURRENCY = ['Allow', 'Forbid', 'Replace'];

interface CronField {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
}

const FIELDS: readonly CronField[] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, words: MONTHS },
  { name: 'day of week', from: 0, to: 6, words: DAYS },
];

/** What is wrong with a schedule; undefined when the controller takes it. */
export function scheduleProblem(schedule: string): string | undefined {
  const [zone = ''] = /^(?:TZ|CRON_TZ)=\S*\s+/.exec(schedule) ?? [];
  const text = schedule.slice(zone.length).trim();
  if (zone !== '') {
    const name = zone.trim().replace(/^\w+=/, '');
    if (!isZone(name)) return `"${name}" is no time zone`;
  }
  if (text.startsWith('@')) return DESCRIPTORS.test(text) || EVERY.test(text) ? undefined : `unknown word "${text}"`;
  const fields = text.split(/\s+/);
  if (fields.length !== FIELDS.length) return `${text === '' ? 0 : fields.length} fields instead of 5`;
  for (const [index, field] of FIELDS.entries()) {
    const problem = fieldProblem(fields[index] ?? '', field);
    if (problem !== undefined) return `${field.name}: ${problem}`;
  }
  return undefined;
}

function fieldProblem(text: string, field: CronField): string | undefined {
  for (const part of text.split(',')) {
    const [range = '', step, ...more] = part.split('/');
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return `"${part}" has no valid step`;
    if (range === '*' || range === '?') continue;
    const ends = range.split('-');
    const numbers = ends.map((end) => cronNumber(end, field));
    if (ends.length > 2 || numbers.includes(undefined))
      return `"${part}" is no value from ${field.from} to ${field.to}`;
    const [first = 0, last = first] = numbers;
    if (first > last) return `the range "${part}" runs backwards`;
  }
  return undefined;
}

function cronNumber(text: string, field: CronField): number | undefined {
  const word = field.words?.indexOf(text.toLowerCase()) ?? -1;
  if (word >= 0) return word + field.from;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= field.from && number <= field.to ? number : undefined;
}

/** Go knows three names without a file. */
function isZone(name: string): boolean {
  return ['', 'Local', 'UTC'].includes(name) || isTimeZone(name);
}

function cronSpec(workflow: WorkflowObject): Part | undefined {
  return workflow.kind === 'CronWorkflow' ? partAt({ at: [], fields: workflow.document.object }, 'spec') : undefined;
}

function* schedules(workflow: WorkflowObject): Generator<Problem> {
  const spec = cronSpec(workflow);
  if (spec === undefined) return;
  const list = listOf(spec.fields.schedules);
  if (list.length === 0 && !isSet(spec.fields.schedule)) {
    yield { at: spec.at, what: 'a CronWorkflow without a schedule', fix: 'list one in schedules' };
  }
  for (const [index, item] of list.entries()) {
    const schedule = scalarText(item) ?? '';
    const problem = scheduleProblem(schedule);
    if (problem === undefined) continue;
    const fix = 'write five fields, such as "0 3 * * 1", or @daily';
    yield { at: [...spec.at, 'schedules', index], what: `not a schedule: ${problem}`, value: schedule, fix };
  }
}

function* options(workflow: WorkflowObject): Generator<Problem> {
  const spec = cronSpec(workflow);
  if (spec === undefined) return;
  const zone = scalarText(spec.fields.timezone);
  if (zone !== undefined && !isZone(zone)) {
    yield {
      at: [...spec.at, 'timezone'],
      what: 'no such time zone',
      value: zone,
      fix: 'use a name such as Europe/Berlin',
    };
  }
  const policy = scalarText(spec.fields.concurrencyPolicy);
  if (isSet(policy) && !CONCURRENCY.includes(policy ?? '')) {
    const fix = suggest(policy ?? '', CONCURRENCY, 'use Forbid');
    yield { at: [...spec.at, 'concurrencyPolicy'], what: 'no such policy', value: policy ?? '', fix };
  }
  const deadline = spec.fields.startingDeadlineSeconds;
  if (typeof deadline === 'number' && deadline < 0) {
    const at = [...spec.at, 'startingDeadlineSeconds'];
    yield {
      at,
      what: 'a negative deadline',
      value: String(deadline),
      fix: 'write the seconds after which a missed run is left out',
    };
  }
}

function* scheduledTime(workflow: WorkflowObject): Generator<Problem> {
  if (workflow.kind !== 'Workflow') return;
  if (!JSON.stringify(workflow.spec.fields).includes('workflow.scheduledTime')) return;
  const what = 'workflow.scheduledTime has a value only in runs of a CronWorkflow; here it stays as text';
  yield { at: workflow.spec.at, what, fix: 'use workflow.creationTimestamp, or a CronWorkflow' };
}

export const CRON_RULES: readonly Rule[] = [
  {
    id: 'cron-schedule',
    severity: 'error',
    why: 'The controller refuses a schedule that is not in the five fields of cron, or @daily and its like.',
    check: schedules,
  },
  {
    id: 'cron-option',
    severity: 'error',
    why: 'The controller refuses an unknown time zone or concurrency policy, and a negative deadline.',
    check: options,
  },
  {
    id: 'scheduled-time',
    severity: 'warning',
    why: 'Only the cron controller writes down when a run was due.',
    check: scheduledTime,
  },
];
