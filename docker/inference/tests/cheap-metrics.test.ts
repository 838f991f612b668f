import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Counter, Histogram, Registry } from 'prom-client';
import { cheapCounter, cheapHistogram } from '../src/cheap-metrics';

const label = fc.constantFrom('a', 'b', 'quoted "\\\n');

describe('cheap metrics', () => {
  test('are written as prom-client would write its own histogram', async () => {
    const definition = {
      name: 'h',
      help: 'Help.',
      type: 'histogram',
      labels: ['x'],
      buckets: [0.00001, 0.5, 2],
    } as const;
    const observation = fc.tuple(
      label,
      fc.oneof(fc.constantFrom(...definition.buckets), fc.double({ min: 0, max: 3, noNaN: true })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(observation), async (observations) => {
        const [ours, theirs] = [new Registry(), new Registry()];
        const create = cheapHistogram(ours, definition);
        const histogram = new Histogram({
          ...definition,
          labelNames: ['x'],
          buckets: [...definition.buckets],
          registers: [theirs],
        });
        const series = new Map<string, ReturnType<typeof create>>();
        for (const [x, value] of observations) {
          if (!series.has(x)) series.set(x, create({ x }));
          series.get(x)?.observe(value);
          histogram.observe({ x }, value);
        }
        assert.equal(await ours.metrics(), await theirs.metrics());
      }),
    );
  });

  test('are counted as prom-client would count, over several scrapes', async () => {
    const definition = { name: 'c_total', help: 'Help.', type: 'counter', labels: ['x'] } as const;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(label, fc.boolean())), async (steps) => {
        const [ours, theirs] = [new Registry(), new Registry()];
        const create = cheapCounter(ours, definition);
        const counter = new Counter({ ...definition, labelNames: ['x'], registers: [theirs] });
        const series = new Map<string, ReturnType<typeof create>>();
        for (const [x, isScraped] of steps) {
          const counted = series.get(x) ?? create({ x });
          series.set(x, counted);
          counted.count += 1;
          counter.inc({ x });
          if (isScraped) await ours.metrics();
        }
        assert.equal(await ours.metrics(), await theirs.metrics());
      }),
    );
  });
});
