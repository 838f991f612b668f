/**
 * Every metric that this server exports: the one place where their names, labels and buckets are written.
 * The server builds its instruments from it; rules, alerts and dashboards import it through `src/monitoring/metrics.ts`.
 * It depends on nothing, so that both can.
 */

/** One metric family of the Prometheus exposition format. */
export interface MetricDefinition {
  /** Family name; a histogram's series are `<name>_bucket`, `<name>_sum` and `<name>_count`. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** What is measured, with its unit; the `# HELP` line. */
  readonly help: string;
  /** Label names; all of them have a closed set of values. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, ascending, without `+Inf`. A latency objective must be one of them. */
  readonly buckets?: readonly number[];
}

/** Metrics of the inference API itself. */
export const inferenceMetrics = {
  requests: {
    name: 'inference_requests_total',
    type: 'counter',
    help: 'Requests by endpoint, outcome (success, rejected: the fault of the request, error: ours) and HTTP code; 499: the client went away. Probes and scrapes are not counted.',
    labels: ['endpoint', 'status', 'code'],
  },
  requestDuration: {
    name: 'inference_request_duration_seconds',
    type: 'histogram',
    help: 'Seconds from the arrival of a request to the end of its reply.',
    labels: ['endpoint'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2.5],
  },
  inferenceDuration: {
    name: 'model_inference_duration_seconds',
    type: 'histogram',
    help: 'Seconds that the model took to score the texts of one request.',
    labels: ['model', 'version'],
    buckets: [0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05],
  },
  activeRequests: {
    name: 'inference_active_requests',
    type: 'gauge',
    help: 'Requests being answered now.',
    labels: [],
  },
  batchSize: {
    name: 'inference_batch_size',
    type: 'histogram',
    help: 'Texts per scored request.',
    labels: [],
    buckets: [1, 2, 4, 8, 16, 32, 64],
  },
  inputBytes: {
    name: 'inference_input_bytes',
    type: 'histogram',
    help: 'Bytes of text (UTF-8) per scored request.',
    labels: [],
    buckets: [64, 256, 1024, 4096, 16384, 65536, 262144],
  },
  predictions: {
    name: 'inference_predictions_total',
    type: 'counter',
    help: 'Scored texts by predicted sentiment.',
    labels: ['model', 'version', 'sentiment'],
  },
  scoreBin: {
    name: 'inference_score_bin_total',
    type: 'counter',
    help: 'Scored texts by bin of the reference histogram; against model_reference_score_ratio this shows drift.',
    labels: ['model', 'version', 'bin'],
  },
  referenceScoreRatio: {
    name: 'model_reference_score_ratio',
    type: 'gauge',
    help: "Share of the model's own evaluation texts in each score bin.",
    labels: ['model', 'version', 'bin'],
  },
  evaluationAccuracy: {
    name: 'model_eval_accuracy',
    type: 'gauge',
    help: 'Accuracy on held-out texts, as written down when the model was trained (0 to 1).',
    labels: ['model', 'version'],
  },
  modelInfo: {
    name: 'model_info',
    type: 'gauge',
    help: 'Always 1; its labels identify the model that is served: sha256 is the digest of its folder, git_sha the code that trained it.',
    labels: ['model', 'version', 'sha256', 'git_sha'],
  },
  modelLoadTimestamp: {
    name: 'model_load_timestamp_seconds',
    type: 'gauge',
    help: 'Unix time at which the served model was loaded.',
    labels: ['model', 'version'],
  },
  modelReloads: {
    name: 'model_reload_total',
    type: 'counter',
    help: 'Attempts to load a model folder by result; after an error the model served before stays.',
    labels: ['result'],
  },
} as const satisfies Record<string, MetricDefinition>;

/** Families about the process and the Node.js runtime, which prom-client defines and exports on Linux. */
export const runtimeMetrics = [
  'process_cpu_seconds_total',
  'process_cpu_system_seconds_total',
  'process_cpu_user_seconds_total',
  'process_heap_bytes',
  'process_max_fds',
  'process_open_fds',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
  'process_virtual_memory_bytes',
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
  'nodejs_active_resources',
  'nodejs_active_resources_total',
  'nodejs_eventloop_lag_max_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_min_seconds',
  'nodejs_eventloop_lag_p50_seconds',
  'nodejs_eventloop_lag_p90_seconds',
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_stddev_seconds',
  'nodejs_external_memory_bytes',
  'nodejs_gc_duration_seconds',
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_heap_space_size_available_bytes',
  'nodejs_heap_space_size_total_bytes',
  'nodejs_heap_space_size_used_bytes',
  'nodejs_version_info',
] as const;
