/**
 * Counters and histograms whose series are found once, not at each observation. prom-client builds a key of all labels
 * each time it counts, which for the metrics of one request takes as long as scoring a short text; here counting is an
 * addition, and prom-client only writes the result.
 */
import { Counter, type Histogram, type Registry } from 'prom-client';
import type { MetricDefinition } from './metric-catalogue';

type Labels = Readonly<Record<string, string>>;

/** One series of a counter. */
export interface CounterSeries {
  /** What was counted since the last scrape; add to it. */
  count: number;
}

/** One series of a histogram. */
export interface HistogramSeries {
  observe(value: number): void;
}

/** Registers a counter; returns what creates its series. */
export function cheapCounter(registry: Registry, definition: MetricDefinition): (labels: Labels) => CounterSeries {
  const all: { readonly labels: Labels; readonly series: CounterSeries }[] = [];
  new Counter({
    ...described(definition),
    registers: [registry],
    collect() {
      for (const { labels, series } of all) {
        this.inc(labels, series.count);
        series.count = 0;
      }
    },
  });
  return (labels) => {
    const series = { count: 0 };
    all.push({ labels, series });
    return series;
  };
}

/** Registers a histogram; returns what creates its series. */
export function cheapHistogram(registry: Registry, definition: MetricDefinition): (labels: Labels) => HistogramSeries {
  const { name, help, type, buckets = [] } = definition;
  const all: { readonly labels: Labels; readonly counts: readonly number[]; readonly sum: () => number }[] = [];
  const values = () =>
    all.flatMap(({ labels, counts, sum }) => {
      let count = 0;
      const cumulative = counts.map((inBucket, index) => {
        count += inBucket;
        return { metricName: `${name}_bucket`, labels: { le: buckets[index] ?? '+Inf', ...labels }, value: count };
      });
      const total = { metricName: `${name}_count`, labels, value: count };
      return [...cumulative, { metricName: `${name}_sum`, labels, value: sum() }, total];
    });
  // A registry asks its metrics for no more than this, but is typed to take prom-client's classes only.
  const family = { name, help, type, get: async () => ({ name, help, type, values: values(), aggregator: 'sum' }) };
  registry.registerMetric(family as unknown as Histogram);
  return (labels) => {
    const counts = Array.from({ length: buckets.length + 1 }, () => 0);
    let sum = 0;
    all.push({ labels, counts, sum: () => sum });
    return {
      observe(value) {
        let bucket = 0;
        while (bucket < buckets.length && value > (buckets[bucket] ?? 0)) bucket += 1;
        counts[bucket] = (counts[bucket] ?? 0) + 1;
        sum += value;
      },
    };
  };
}

/** What prom-client wants to know of a metric. */
export function described({ name, help, labels }: MetricDefinition) {
  return { name, help, labelNames: [...labels] };
}
