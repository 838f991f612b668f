import { hasTags } from '../../expressions/tags';
import { parseQuantity } from '../../quantity';
import { isDuration, isDurationOrSeconds } from '../duration';
import { isSet, type Part, partAt, scalarText, textOf } from '../fields';
import type { WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { allContainers } from './leaves';
import { retryStrategies } from './retries';

/** A text that is to be a duration; numbers without quotes are of the wrong type already. */
function* duration(part: Part, field: string, reads: (text: string) => boolean): Generator<Problem> {
  const text = textOf(part.fields[field]);
  if (text === undefined || text === '' || hasTags(text) || reads(text)) return;
  const fix = 'write a unit, such as 90s, 10m or 1h';
  yield { at: [...part.at, field], what: `${field} is no duration`, value: text, fix };
}

function* durations(workflow: WorkflowObject): Generator<Problem> {
  yield* duration(partAt(workflow.spec, 'podGC'), 'deleteDelayDuration', isDurationOrSeconds);
  for (const retry of retryStrategies(workflow)) {
    const backoff = partAt(retry, 'backoff');
    for (const field of ['duration', 'maxDuration', 'cap']) yield* duration(backoff, field, isDurationOrSeconds);
  }
  for (const template of workflow.allTemplates) {
    yield* duration(partAt(template, 'suspend'), 'duration', isDurationOrSeconds);
    yield* duration(partAt(template, 'memoize'), 'maxAge', isDuration);
    yield* duration(partAt(template, 'containerSet', 'retryStrategy'), 'duration', isDuration);
  }
}

/** A number that may be written as a text, so that it can be filled in. */
function* integer(part: Part, field: string): Generator<Problem> {
  const text = scalarText(part.fields[field]);
  if (text === undefined || text === '' || hasTags(text) || /^[+-]?\d+$/.test(text)) return;
  yield { at: [...part.at, field], what: `${field} is no integer`, value: text, fix: 'write a whole number' };
}

function* retryNumbers(workflow: WorkflowObject): Generator<Problem> {
  for (const retry of retryStrategies(workflow)) {
    yield* integer(retry, 'limit');
    yield* integer(partAt(retry, 'backoff'), 'factor');
  }
  for (const template of workflow.allTemplates)
    yield* integer(partAt(template, 'containerSet', 'retryStrategy'), 'retries');
}

function* negativeNumbers(workflow: WorkflowObject): Generator<Problem> {
  const negative = function* (part: Part, fields: readonly string[], what: string, fix: string): Generator<Problem> {
    for (const field of fields) {
      const value = part.fields[field];
      if (typeof value === 'number' && value < 0) yield { at: [...part.at, field], what, value: String(value), fix };
    }
  };
  const lifetimes = ['secondsAfterCompletion', 'secondsAfterSuccess', 'secondsAfterFailure'];
  const deleted = 'the run is deleted as soon as it ends';
  yield* negative(partAt(workflow.spec, 'ttlStrategy'), lifetimes, deleted, 'leave it out to keep runs, or write 0');
  if (workflow.kind !== 'CronWorkflow') return;
  const cron = partAt({ at: [], fields: workflow.document.object }, 'spec');
  const histories = ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'];
  const ignored = 'a negative number of runs, for which the controller takes its default';
  yield* negative(cron, histories, ignored, 'write how many ended runs to keep');
}

/** A patch may change the amounts before a pod is made. */
function isPatched(workflow: WorkflowObject, template: Part): boolean {
  const { spec } = workflow;
  return [spec, partAt(spec, 'templateDefaults'), template].some((part) => isSet(part.fields.podSpecPatch));
}

function* requests(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    if (isPatched(workflow, template)) continue;
    for (const container of allContainers(template)) {
      const limits = partAt(container, 'resources', 'limits').fields;
      const requested = partAt(container, 'resources', 'requests');
      for (const [name, value] of Object.entries(requested.fields)) {
        const [text, most] = [scalarText(value), scalarText(limits[name])];
        if (text === undefined || most === undefined) continue;
        const [amount, limit] = [parseQuantity(text), parseQuantity(most)];
        if (amount === undefined || limit === undefined || amount <= limit) continue;
        const what = `requests more ${name} than its limit of ${most}: the pod is refused`;
        yield { at: [...requested.at, name], what, value: text, fix: 'request less, or raise the limit' };
      }
    }
  }
}

export const NUMBER_RULES: readonly Rule[] = [
  {
    id: 'duration',
    severity: 'error',
    why: 'Durations are texts that are read only when they are needed: a step ends in an error when it is to wait, be tried again or looked up, and pods are not kept for the time that was meant. argo lint does not look at them.',
    check: durations,
  },
  {
    id: 'retry-number',
    severity: 'error',
    why: 'The numbers of a retry are read at the first failure, and one that is no integer ends the step in an error; argo lint does not look at them.',
    check: retryNumbers,
  },
  {
    id: 'negative-number',
    severity: 'error',
    why: 'A negative time to live does not mean for ever: the run is deleted as soon as it ends. A negative history limit is taken for none.',
    check: negativeNumbers,
  },
  {
    id: 'request-above-limit',
    severity: 'error',
    why: 'The API server refuses a pod that requests more than it may use, when the step begins; argo lint does not compare them.',
    check: requests,
  },
];
