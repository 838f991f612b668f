import { describe, expect, test } from '@jest/globals';
import { inferenceMetrics, type MetricDefinition, runtimeMetrics } from '../../src/monitoring/metrics';

const definitions: readonly MetricDefinition[] = Object.values(inferenceMetrics);

describe('metric catalogue', () => {
  test('gives every metric a name of its own', () => {
    const names = [...definitions.map(({ name }) => name), ...runtimeMetrics];
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(definitions)('$name follows the naming conventions of Prometheus', ({ name, type, help, labels }) => {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(help).toMatch(/\.$/);
    for (const label of labels) expect(label).toMatch(/^(?!le$|quantile$)[a-z][a-z0-9_]*$/);
  });

  test.each(definitions)('$name has ascending buckets if and only if it is a histogram', ({ type, buckets }) => {
    expect(buckets !== undefined).toBe(type === 'histogram');
    expect(buckets).toEqual(buckets && [...new Set(buckets)].sort((a, b) => a - b));
  });
});
