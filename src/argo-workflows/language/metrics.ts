import { type ArgumentPlace, literalProblems, renderField } from './arguments';
import { type Expr, isHandle, nodeOf, variableHandle } from './expr';
import { condition } from './expression-text';
import { duplicates, nameProblems } from './names';
import type { Wire } from './template';

type Value<Scope extends string> = string | number | boolean | Expr<string | number | boolean, Scope>;

interface Common<Scope extends string> {
  /** Argo puts `argo_workflows_` before it. */
  readonly name: string;
  readonly help: string;
  /** Keep the number of different values small: each is a time series. @default - none */
  readonly labels?: Readonly<Record<string, Value<Scope>>>;
  /** Whether it is emitted at all. @default - always */
  readonly when?: Expr<boolean, Scope>;
}

/**
 * A Prometheus metric that the controller emits.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/metrics/#custom-metrics
 */
export type Metric<Scope extends string> = Common<Scope> &
  (
    | {
        readonly kind: 'counter';
        /** How much is added. @default 1 */
        readonly value?: Value<Scope>;
      }
    | {
        readonly kind: 'gauge';
        readonly value: Value<Scope>;
        /** Whether it is emitted while the step runs; only durations can be. @default false */
        readonly realtime?: boolean;
      }
    | {
        readonly kind: 'histogram';
        readonly value: Value<Scope>;
        /** Upper bounds of the buckets, ascending. */
        readonly buckets: readonly [number, ...number[]];
      }
  );

/** What a metric of a template can use. */
export interface TemplateMetricContext<Scope extends string> {
  readonly status: Expr<'Succeeded' | 'Failed' | 'Error' | 'Skipped' | 'Omitted', Scope>;
  /** In seconds. */
  readonly duration: Expr<number, Scope>;
}

/** The variables of {@link TemplateMetricContext}. */
export const templateMetricContext = <Scope extends string>(): TemplateMetricContext<Scope> => ({
  status: variableHandle(['status'], 'string'),
  duration: variableHandle(['duration'], 'number'),
});

/** The `metrics` of a workflow or template. */
export function renderMetrics(metrics: readonly Metric<string>[], place: ArgumentPlace): Wire {
  if (metrics.length === 0) return {};
  for (const name of duplicates(metrics.map((metric) => metric.name))) {
    place.report({
      where: place.where,
      what: 'two metrics have the same name',
      value: name,
      fix: 'rename one of them',
    });
  }
  return { metrics: { prometheus: metrics.map((metric) => renderMetric(metric, place)) } };
}

function renderMetric(metric: Metric<string>, outer: ArgumentPlace): Wire {
  const place = { ...outer, where: `${outer.where}, metric "${metric.name}"` };
  const write = (value: unknown) => {
    if (!isHandle(value)) return String(value);
    return renderField(nodeOf(value), 'string', value, place);
  };
  const problems = [
    ...nameProblems('metric', metric.name, place.where),
    ...Object.keys(metric.labels ?? {}).flatMap((label) => nameProblems('metric', label, place.where)),
    ...literalProblems(place.where, [
      metric.help,
      ...Object.values(metric.labels ?? {}).filter((each) => !isHandle(each)),
    ]),
  ];
  for (const problem of problems) place.report(problem);
  if (metric.help.trim() === '') place.report({ where: place.where, what: 'no help', fix: 'say what it measures' });
  const labels = Object.entries(metric.labels ?? {}).map(([key, value]) => ({ key, value: write(value) }));
  return {
    name: metric.name,
    help: metric.help,
    ...(labels.length === 0 ? {} : { labels }),
    ...(metric.when === undefined
      ? {}
      : { when: renderField(nodeOf(metric.when), 'boolean', metric.when, place, condition) }),
    ...kindOf(metric, write),
  };
}

function kindOf(metric: Metric<string>, write: (value: unknown) => string): Wire {
  switch (metric.kind) {
    case 'counter':
      return { counter: { value: write(metric.value ?? 1) } };
    case 'gauge':
      return { gauge: { realtime: metric.realtime ?? false, value: write(metric.value) } };
    case 'histogram':
      return { histogram: { buckets: metric.buckets, value: write(metric.value) } };
  }
}
