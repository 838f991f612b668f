import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { cheapCounter, cheapHistogram, described } from './cheap-metrics';
import { inferenceMetrics, type MetricDefinition } from './metric-catalogue';

/** What is known of a model when it is put into service. */
export interface ModelLabels {
  readonly name: string;
  readonly version: string;
  /** `sha256:...` of the model's folder. */
  readonly digest: string;
  /** Revision of the code that trained it. */
  readonly revision: string;
  /** Accuracy on held-out texts, 0 to 1. */
  readonly accuracy: number;
  /** Share of the evaluation texts in each score bin. */
  readonly referenceRatios: readonly number[];
}

/** Counts the requests of one endpoint. */
export interface EndpointMetrics {
  started(): void;
  /** @param code HTTP status sent, or 499 when the client went away first */
  finished(code: number, seconds: number): void;
}

/** Counts what one model is asked and answers. */
export interface ModelMetrics {
  scored(texts: number, bytes: number, seconds: number): void;
  predicted(sentiment: string, bin: number): void;
}

export interface Metrics {
  readonly registry: Registry;
  endpoint(label: string): EndpointMetrics;
  /** Makes `model` the one that `model_info` shows, and gives its counters. */
  serve(model: ModelLabels): ModelMetrics;
  reloaded(result: 'success' | 'error'): void;
}

/** Creates all instruments of the catalogue on a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });

  const requests = cheapCounter(registry, inferenceMetrics.requests);
  const predictions = cheapCounter(registry, inferenceMetrics.predictions);
  const scoreBins = cheapCounter(registry, inferenceMetrics.scoreBin);
  const requestDuration = cheapHistogram(registry, inferenceMetrics.requestDuration);
  const inferenceDuration = cheapHistogram(registry, inferenceMetrics.inferenceDuration);
  const batchSize = cheapHistogram(registry, inferenceMetrics.batchSize)({});
  const inputBytes = cheapHistogram(registry, inferenceMetrics.inputBytes)({});
  const reference = gauge(registry, inferenceMetrics.referenceScoreRatio);
  const accuracy = gauge(registry, inferenceMetrics.evaluationAccuracy);
  const info = gauge(registry, inferenceMetrics.modelInfo);
  const loaded = gauge(registry, inferenceMetrics.modelLoadTimestamp);
  const reloads = cheapCounter(registry, inferenceMetrics.modelReloads);
  const reloadSeries = { success: reloads({ result: 'success' }), error: reloads({ result: 'error' }) };

  let active = 0;
  new Gauge({
    ...described(inferenceMetrics.activeRequests),
    registers: [registry],
    collect() {
      this.set(active);
    },
  });

  return {
    registry,
    endpoint(endpoint) {
      const duration = requestDuration({ endpoint });
      const byCode = new Map<number, { count: number }>();
      const seriesOf = (code: number) => {
        const known = byCode.get(code);
        if (known) return known;
        const status = code < 400 ? 'success' : code < 500 ? 'rejected' : 'error';
        const created = requests({ endpoint, status, code: String(code) });
        byCode.set(code, created);
        return created;
      };
      return {
        started() {
          active += 1;
        },
        finished(code, seconds) {
          active -= 1;
          seriesOf(code).count += 1;
          duration.observe(seconds);
        },
      };
    },
    serve({ name: model, version, digest, revision, accuracy: evaluated, referenceRatios }) {
      for (const ofOneModel of [info, reference, accuracy, loaded]) ofOneModel.reset();
      info.set({ model, version, sha256: digest.replace('sha256:', ''), git_sha: revision }, 1);
      loaded.set({ model, version }, Date.now() / 1000);
      accuracy.set({ model, version }, evaluated);
      referenceRatios.forEach((ratio, bin) => {
        reference.set({ model, version, bin: String(bin) }, ratio);
      });
      const duration = inferenceDuration({ model, version });
      const bins = referenceRatios.map((_, bin) => scoreBins({ model, version, bin: String(bin) }));
      const sentiments = new Map(
        ['positive', 'negative', 'neutral'].map((sentiment) => [sentiment, predictions({ model, version, sentiment })]),
      );
      return {
        scored(texts, bytes, seconds) {
          duration.observe(seconds);
          batchSize.observe(texts);
          inputBytes.observe(bytes);
        },
        predicted(sentiment, bin) {
          const ofSentiment = sentiments.get(sentiment);
          const ofBin = bins[bin];
          if (ofSentiment) ofSentiment.count += 1;
          if (ofBin) ofBin.count += 1;
        },
      };
    },
    reloaded(result) {
      reloadSeries[result].count += 1;
    },
  };
}

function gauge(registry: Registry, definition: MetricDefinition): Gauge {
  return new Gauge({ ...described(definition), registers: [registry] });
}
