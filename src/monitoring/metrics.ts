/**
 * The metrics that rules, alerts and dashboards may speak of. What a server exports is defined once, beside the server,
 * because its image must be complete in itself; this is the door through which the platform sees it.
 */
export { inferenceMetrics, type MetricDefinition, runtimeMetrics } from '../../docker/inference/src/metric-catalogue';
