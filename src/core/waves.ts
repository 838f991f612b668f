/**
 * The order in which the root Application brings components up, as named sync waves: every component of a wave is
 * Synced and Healthy before the next begins. A named wave stands in for dependencies between charts, whose cost in
 * cdk8s is exponential.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
export const waves = {
  /** AppProjects: what the Applications below are permitted to do. */
  projects: -60,
  /** Namespaces, quotas, priority classes and default-deny policies. */
  foundation: -50,
  /** Definitions that operators need but do not bring. */
  definitions: -45,
  /** Upstream operators and their CustomResourceDefinitions. */
  operators: -40,
  /** StorageClasses and PersistentVolumes, which claims of later waves bind. */
  storage: -30,
  /** The Gateway, the private image registry: what workloads are reached by and pulled from. */
  infrastructure: -20,
  /** RBAC and configuration that pipelines run with, and their templates. */
  pipelines: -10,
  /** What serves users. */
  services: 0,
} as const;

export type WaveName = keyof typeof waves;
