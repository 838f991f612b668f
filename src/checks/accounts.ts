import { workflowSpec } from './argo-pods';
import { perContext } from './per-context';
import { podTemplates } from './pods';
import { at, items, list, text } from './read';

/** A role that is given to accounts. */
export const bindings = perContext((context) => [
  ...context.ofKind('RoleBinding'),
  ...context.ofKind('ClusterRoleBinding'),
]);

/** Accounts that are bound to a role, as `namespace/name`. */
export const boundAccounts = perContext((context): ReadonlySet<string> => {
  const found = new Set<string>();
  for (const object of bindings(context)) {
    for (const { value } of items(at(object.manifest, 'subjects'), '')) {
      if (value.kind !== 'ServiceAccount') continue;
      found.add(`${text(value.namespace) ?? object.manifest.metadata.namespace ?? ''}/${text(value.name) ?? ''}`);
    }
  }
  return found;
});

/** Accounts that something runs as, as `namespace/name`: pods, workflows, sensors and event sources. */
export const usedAccounts = perContext((context): ReadonlySet<string> => {
  const found = new Set<string>();
  const add = (namespace: string, name: unknown) => {
    const known = text(name);
    if (known) found.add(`${namespace}/${known}`);
  };
  for (const { namespace, spec } of podTemplates(context)) add(namespace, spec.serviceAccountName);
  for (const object of context.objects) {
    const namespace = object.manifest.metadata.namespace ?? '';
    const workflow = workflowSpec(object);
    if (workflow) {
      add(namespace, workflow.spec.serviceAccountName);
      add(namespace, at(workflow.spec, 'executor', 'serviceAccountName'));
      add(namespace, at(workflow.spec, 'artifactGC', 'serviceAccountName'));
      for (const { value } of items(workflow.spec.templates, '')) {
        add(namespace, value.serviceAccountName);
        add(namespace, at(value, 'executor', 'serviceAccountName'));
      }
    }
    switch (object.manifest.kind) {
      case 'Sensor':
      case 'EventSource':
        add(namespace, at(object.manifest, 'spec', 'template', 'serviceAccountName'));
        for (const trigger of list(at(object.manifest, 'spec', 'triggers'))) {
          for (const account of serviceAccountNames(trigger)) add(namespace, account);
        }
        break;
      case 'WorkflowEventBinding':
        add(namespace, at(object.manifest, 'spec', 'submit', 'serviceAccountName'));
        break;
      case 'Secret':
        // A token for who is outside the cluster.
        add(namespace, object.manifest.metadata.annotations?.['kubernetes.io/service-account.name']);
        break;
    }
  }
  return found;
});

/** Accounts named anywhere in a value, such as in the workflow that a sensor's trigger submits. */
function serviceAccountNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(serviceAccountNames);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'serviceAccountName' && typeof child === 'string' ? [child] : serviceAccountNames(child),
  );
}
