import { scheduleProblem } from '../../schedule';
import { isTimeZone } from '../../time-zone';
import { isSet, listOf, type Part, partAt, scalarText } from '../fields';
import type { WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { suggest } from '../similar';

const CONCURRENCY = ['Allow', 'Forbid', 'Replace'];

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
    const [prefix = '', zone = ''] = /^(?:TZ|CRON_TZ)=(\S*)\s+/.exec(schedule) ?? [];
    const problem = isZone(zone) ? scheduleProblem(schedule.slice(prefix.length)) : `"${zone}" is no time zone`;
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
