const NO_CONFIG_MAP = 'names a ConfigMap that is not there: refused at once here, an error of the first step there';

/** Workflows that are not compared, with the reason. What needs more than a test cluster has is found by itself, in prepare.ts. */
export const NOT_COMPARED: Readonly<Record<string, string>> = {
  'dag-task-level-timeout': 'the time that the cluster takes to start a pod decides how it ends',
  forever: 'prints a line a second for 17 minutes',
  'expression-tag-template-workflow': 'formats a time with sprig.date, which is refused here',
  'pod-spec-from-previous-step': 'wants memory that the node may not have left',
  'synchronization-tmpl-level': NO_CONFIG_MAP,
  'synchronization-tmpl-level-legacy': NO_CONFIG_MAP,
  'template-on-exit': 'has a template with a capital letter: an error of its pod there, refused at once here',
  'volumes-emptydir': 'looks at the mounts of its pod, and a process has none',
};
