import type { Rule } from './rule';
import { ARGUMENT_RULES } from './rules/arguments';
import { ARTIFACT_RULES } from './rules/artifacts';
import { BEHAVIOUR_RULES } from './rules/behaviour';
import { CONTAINER_RULES } from './rules/containers';
import { CRON_RULES } from './rules/cron';
import { EXPRESSION_RULES } from './rules/expressions';
import { FLOW_RULES } from './rules/flow';
import { LEAF_RULES } from './rules/leaves';
import { LIMIT_RULES } from './rules/limits';
import { LOCK_RULES } from './rules/locks';
import { NAME_RULES } from './rules/names';
import { OUTPUT_RULES } from './rules/outputs';
import { STRUCTURE_RULES } from './rules/structure';
import { VARIABLE_RULES } from './rules/variables';

/** Every rule of the linter, by topic. */
export const RULES: readonly Rule[] = [
  ...STRUCTURE_RULES,
  ...NAME_RULES,
  ...LIMIT_RULES,
  ...FLOW_RULES,
  ...ARGUMENT_RULES,
  ...VARIABLE_RULES,
  ...EXPRESSION_RULES,
  ...OUTPUT_RULES,
  ...ARTIFACT_RULES,
  ...LEAF_RULES,
  ...CONTAINER_RULES,
  ...BEHAVIOUR_RULES,
  ...LOCK_RULES,
  ...CRON_RULES,
];
