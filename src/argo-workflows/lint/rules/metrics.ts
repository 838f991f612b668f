import { fieldsOf, isFields, isSet, listOf, type Part, partsAt, scalarText } from '../fields';
import type { WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { suggest } from '../similar';

const OPERATIONS = ['Set', 'Add', 'Sub'];
const METRIC_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

function* metrics(workflow: WorkflowObject): Generator<Problem> {
  for (const part of [workflow.spec, ...workflow.allTemplates]) {
    for (const metric of partsAt(part, 'metrics', 'prometheus')) {
      const name = scalarText(metric.fields.name) ?? '';
      if (!METRIC_NAME.test(name)) {
        const fix = 'use letters, digits and "_"; no digit first';
        yield { at: [...metric.at, 'name'], what: 'not a name for a metric', value: name, fix };
      }
      for (const label of partsAt(metric, 'labels')) {
        const key = scalarText(label.fields.key) ?? '';
        if (METRIC_NAME.test(key)) continue;
        yield {
          at: [...label.at, 'key'],
          what: 'not a name for a label of a metric',
          value: key,
          fix: 'use letters, digits and "_"',
        };
      }
      if (!isSet(metric.fields.help))
        yield { at: metric.at, what: 'a metric without help', value: name, fix: 'say in help what it measures' };
      yield* metricValue(metric);
    }
  }
}

function* metricValue(metric: Part): Generator<Problem> {
  for (const kind of ['gauge', 'counter', 'histogram']) {
    if (!isFields(metric.fields[kind])) continue;
    const { value, realtime, buckets, operation } = fieldsOf(metric.fields[kind]);
    const at = [...metric.at, kind];
    if (!isSet(value)) yield { at, what: `a ${kind} without value`, fix: 'set value' };
    if (kind === 'histogram') yield* bucketOrder(at, buckets);
    if (isSet(operation) && !OPERATIONS.includes(String(operation))) {
      const fix = suggest(String(operation), OPERATIONS, 'use Set');
      yield { at: [...at, 'operation'], what: 'no such operation', value: String(operation), fix };
    }
    if (realtime === true && String(value).includes('resourcesDuration.')) {
      const what =
        'the resources that a step used are known only when it has ended, so a realtime gauge cannot show them';
      yield { at: [...at, 'value'], what, value: String(value), fix: 'leave realtime out' };
    }
  }
}

function* bucketOrder(at: Problem['at'], buckets: unknown): Generator<Problem> {
  if (buckets === undefined || buckets === null) {
    yield { at, what: 'a histogram without buckets', fix: 'list the bounds in buckets' };
    return;
  }
  const bounds = listOf(buckets).map(Number);
  const index = bounds.findIndex((bound, position) => bound <= (bounds[position - 1] ?? Number.NEGATIVE_INFINITY));
  if (index < 0) return;
  yield {
    at: [...at, 'buckets', index],
    what: 'buckets that do not ascend: the metric is never made',
    value: String(bounds[index]),
    fix: 'write each bound once, the smallest first',
  };
}

function* emptyHistograms(workflow: WorkflowObject): Generator<Problem> {
  for (const part of [workflow.spec, ...workflow.allTemplates]) {
    for (const metric of partsAt(part, 'metrics', 'prometheus')) {
      const { buckets } = fieldsOf(metric.fields.histogram);
      if (!Array.isArray(buckets) || buckets.length > 0) continue;
      const what = 'a histogram with one bucket, which holds every value';
      yield { at: [...metric.at, 'histogram', 'buckets'], what, fix: 'list bounds, such as [1, 10, 60]' };
    }
  }
}

export const METRIC_RULES: readonly Rule[] = [
  {
    id: 'metric',
    severity: 'error',
    why: 'The controller refuses a metric without a valid name, help and value, and cannot make a histogram whose buckets do not ascend.',
    check: metrics,
  },
  {
    id: 'empty-histogram',
    severity: 'warning',
    why: 'Without bounds a histogram only counts, which a counter does as well.',
    check: emptyHistograms,
  },
];
