/** Workflows that are not compared, with the reason. What needs more than a test cluster has is found by itself, in prepare.ts. */
export const NOT_COMPARED: Readonly<Record<string, string>> = {
  'dag-task-level-timeout': 'the time that the cluster takes to start a pod decides how it ends',
};
