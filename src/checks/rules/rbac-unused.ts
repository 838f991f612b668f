import { bindings, usedAccounts } from '../accounts';
import type { Check } from '../check';
import { fields, items, scalar } from '../read';

/** Permissions that nobody uses now and that somebody will find later. */
export const rbacUnused: Check = {
  id: 'rbac-unused',
  severity: 'warning',
  why: 'A role or account that nothing uses is a permission without an owner.',
  *run(context) {
    const bound = new Set(
      bindings(context).map(({ manifest }) => {
        const { kind, name } = fields(manifest.roleRef);
        return kind === 'ClusterRole'
          ? `ClusterRole//${scalar(name)}`
          : `Role/${manifest.metadata.namespace ?? ''}/${scalar(name)}`;
      }),
    );
    for (const kind of ['Role', 'ClusterRole']) {
      for (const object of context.ofKind(kind)) {
        const { name, namespace = '' } = object.manifest.metadata;
        // Aggregated roles are collected by their labels.
        const aggregated = Object.keys(object.manifest.metadata.labels ?? {}).some((key) =>
          key.startsWith('rbac.authorization.k8s.io/aggregate-to'),
        );
        if (bound.has(`${kind}/${namespace}/${name}`) || aggregated) continue;
        yield {
          object,
          what: 'is bound to nobody',
          got: name,
          fix: `bind it to the account that needs it, or remove it`,
        };
      }
    }
    for (const object of bindings(context)) {
      if (items(object.manifest.subjects, '').length > 0) continue;
      yield {
        object,
        field: 'subjects',
        what: 'binds nobody',
        got: object.manifest.subjects ?? 'nothing',
        fix: 'name the account that needs the role, or remove the binding',
      };
    }
    for (const object of context.ofKind('ServiceAccount')) {
      const { name, namespace = '' } = object.manifest.metadata;
      // `default` is there anyway; rendered, it is told to give out no token.
      if (name === 'default' || usedAccounts(context).has(`${namespace}/${name}`)) continue;
      yield { object, what: 'is used by no pod', got: name, fix: 'run a workload as it, or remove it' };
    }
  },
};
