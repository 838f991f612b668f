import type { Rule } from './rule';
import { ARGUMENT_RULES } from './rules/arguments';
import { ARTIFACT_RULES } from './rules/artifacts';
import { CONTAINER_RULES } from './rules/containers';
import { CRON_RULES } from './rules/cron';
import { DAG_RULES } from './rules/dags';
import { EVENT_RULES } from './rules/events';
import { EXPRESSION_RULES } from './rules/expressions';
import { FAILED_OUTPUT_RULES } from './rules/failed-outputs';
import { FIELD_TYPE_RULES } from './rules/field-types';
import { FLOW_RULES } from './rules/flow';
import { FOREIGN_RULES } from './rules/foreign';
import { HOOK_RULES } from './rules/hooks';
import { LEAF_RULES } from './rules/leaves';
import { LIFECYCLE_RULES } from './rules/lifecycle';
import { LIMIT_RULES } from './rules/limits';
import { LOCK_RULES } from './rules/locks';
import { LOOP_OUTPUT_RULES } from './rules/loop-outputs';
import { METRIC_RULES } from './rules/metrics';
import { NAME_RULES } from './rules/names';
import { NUMBER_RULES } from './rules/numbers';
import { OUTPUT_PARAMETER_RULES } from './rules/output-parameters';
import { OUTPUT_RULES } from './rules/outputs';
import { PARAMETER_RULES } from './rules/parameters';
import { POD_NAME_RULES } from './rules/pod-names';
import { RETRY_RULES } from './rules/retries';
import { STRUCTURE_RULES } from './rules/structure';
import { UNPRINTABLE_RULES } from './rules/unprintable';
import { VARIABLE_RULES } from './rules/variables';

/** Every rule of the linter, by topic. */
export const RULES: readonly Rule[] = [
  ...STRUCTURE_RULES,
  ...FIELD_TYPE_RULES,
  ...NAME_RULES,
  ...POD_NAME_RULES,
  ...LIMIT_RULES,
  ...NUMBER_RULES,
  ...FLOW_RULES,
  ...DAG_RULES,
  ...ARGUMENT_RULES,
  ...PARAMETER_RULES,
  ...UNPRINTABLE_RULES,
  ...EVENT_RULES,
  ...VARIABLE_RULES,
  ...EXPRESSION_RULES,
  ...OUTPUT_RULES,
  ...FAILED_OUTPUT_RULES,
  ...LOOP_OUTPUT_RULES,
  ...OUTPUT_PARAMETER_RULES,
  ...ARTIFACT_RULES,
  ...LEAF_RULES,
  ...CONTAINER_RULES,
  ...FOREIGN_RULES,
  ...RETRY_RULES,
  ...LIFECYCLE_RULES,
  ...HOOK_RULES,
  ...METRIC_RULES,
  ...LOCK_RULES,
  ...CRON_RULES,
];
