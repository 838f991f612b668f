import type { Check } from './check';
import { claimWave } from './rules/claim-wave';
import { duplicateObject } from './rules/duplicate-object';
import { missingNamespace } from './rules/missing-namespace';
import { replicasOwnedByAutoscaler } from './rules/replicas-owned-by-autoscaler';
import { selectorMismatch } from './rules/selector-mismatch';
import { unresolvedReference } from './rules/unresolved-reference';
import { waveOrder } from './rules/wave-order';

/** Every check, in the order in which its findings are reported: what breaks a sync first, then what is merely unwise. */
export const checks: readonly Check[] = [
  duplicateObject,
  missingNamespace,
  unresolvedReference,
  selectorMismatch,
  waveOrder,
  claimWave,
  replicasOwnedByAutoscaler,
];
