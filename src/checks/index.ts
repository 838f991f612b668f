import type { Check } from './check';
import { claimWave } from './rules/claim-wave';
import { containerProbes } from './rules/container-probes';
import { containerResources } from './rules/container-resources';
import { containerSecurity } from './rules/container-security';
import { drain } from './rules/drain';
import { duplicateObject } from './rules/duplicate-object';
import { imageDigest } from './rules/image-digest';
import { imagePinned } from './rules/image-pinned';
import { invalidText } from './rules/invalid-text';
import { literalSecret } from './rules/literal-secret';
import { missingNamespace } from './rules/missing-namespace';
import { names } from './rules/names';
import { namespaceBounds } from './rules/namespace-bounds';
import { networkPolicyCoverage } from './rules/network-policy-coverage';
import { nodeCapacity } from './rules/node-capacity';
import { nodePortCollision } from './rules/node-port-collision';
import { nodeSelectorUnknown } from './rules/node-selector-unknown';
import { placementLevel } from './rules/placement-level';
import { podDisruption } from './rules/pod-disruption';
import { portMismatch } from './rules/port-mismatch';
import { projectPermissions } from './rules/project-permissions';
import { protectedData } from './rules/protected-data';
import { quotaCapacity } from './rules/quota-capacity';
import { rbacPrivilege } from './rules/rbac-privilege';
import { rbacUnused } from './rules/rbac-unused';
import { replicasOwnedByAutoscaler } from './rules/replicas-owned-by-autoscaler';
import { routeAttachment } from './rules/route-attachment';
import { routeRewrite } from './rules/route-rewrite';
import { routeWeights } from './rules/route-weights';
import { selectorMismatch } from './rules/selector-mismatch';
import { serviceAccountOwn } from './rules/service-account-own';
import { size } from './rules/size';
import { syncWave } from './rules/sync-wave';
import { unresolvedReference } from './rules/unresolved-reference';
import { versionTarget } from './rules/version-target';
import { volumeAccess } from './rules/volume-access';
import { volumeAffinity } from './rules/volume-affinity';
import { volumeBinding } from './rules/volume-binding';
import { waveOrder } from './rules/wave-order';
import { workflowInGit } from './rules/workflow-in-git';

/** Every check, in the order of its findings: what no cluster would take, what would not work, what is not safe. */
export const checks: readonly Check[] = [
  duplicateObject,
  missingNamespace,
  names,
  invalidText,
  size,
  syncWave,
  placementLevel,
  versionTarget,
  workflowInGit,
  unresolvedReference,
  selectorMismatch,
  portMismatch,
  nodePortCollision,
  waveOrder,
  claimWave,
  projectPermissions,
  volumeBinding,
  volumeAccess,
  volumeAffinity,
  nodeSelectorUnknown,
  nodeCapacity,
  quotaCapacity,
  namespaceBounds,
  replicasOwnedByAutoscaler,
  routeAttachment,
  routeRewrite,
  routeWeights,
  containerResources,
  containerProbes,
  drain,
  podDisruption,
  protectedData,
  containerSecurity,
  serviceAccountOwn,
  literalSecret,
  rbacPrivilege,
  networkPolicyCoverage,
  imagePinned,
  imageDigest,
  rbacUnused,
];
