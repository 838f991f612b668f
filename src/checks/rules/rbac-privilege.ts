import type { RenderedObject } from '../../render/model';
import { bindings } from '../accounts';
import type { Check, Finding } from '../check';
import { at, fields, items, list, scalar } from '../read';

const ESCALATING_VERBS = new Set(['bind', 'escalate', 'impersonate']);
/** Resources through which one becomes somebody else. */
const ESCALATING_RESOURCES = new Set([
  'pods/exec',
  'pods/attach',
  'pods/portforward',
  'pods/ephemeralcontainers',
  'nodes/proxy',
  'serviceaccounts/token',
]);
const WIDE_ROLES = new Set(['cluster-admin', 'admin', 'edit', 'system:masters']);
const EVERYBODY = new Set([
  'system:authenticated',
  'system:unauthenticated',
  'system:anonymous',
  'system:serviceaccounts',
  'system:masters',
]);

/** Permissions that are as good as all permissions. */
export const rbacPrivilege: Check = {
  id: 'rbac-privilege',
  severity: 'error',
  why: 'Whoever takes over a pod has its permissions; wildcards, all Secrets or the right to bind roles make that the whole cluster.',
  *run(context) {
    for (const object of [...context.ofKind('Role'), ...context.ofKind('ClusterRole')]) {
      for (const { value, path } of items(object.manifest.rules, 'rules')) yield* rule(object, value, path);
    }
    for (const object of bindings(context)) {
      const role = fields(object.manifest.roleRef);
      if (role.kind === 'ClusterRole' && WIDE_ROLES.has(scalar(role.name))) {
        yield {
          object,
          field: 'roleRef.name',
          what: 'gives nearly all permissions',
          got: role.name,
          fix: 'bind a Role with what is needed',
        };
      }
      for (const { value, path } of items(object.manifest.subjects, 'subjects')) {
        const isDefault = value.kind === 'ServiceAccount' && value.name === 'default';
        if (!isDefault && !EVERYBODY.has(scalar(value.name).split(':').slice(0, 2).join(':'))) continue;
        yield {
          object,
          field: `${path}.name`,
          what: isDefault ? 'gives permissions to every pod without an account' : 'gives permissions to everybody',
          got: value.name,
          fix: 'name the ServiceAccount that needs them',
        };
      }
    }
  },
};

function* rule(object: RenderedObject, value: Readonly<Record<string, unknown>>, path: string): Generator<Finding> {
  for (const key of ['apiGroups', 'resources', 'verbs', 'nonResourceURLs']) {
    const wide = list(value[key]).find((one) => scalar(one).includes('*') && one !== '/*');
    if (wide !== undefined || list(value[key]).includes('/*')) {
      yield { object, field: `${path}.${key}`, what: 'is a wildcard', got: wide ?? '/*', fix: 'name what is needed' };
    }
  }
  for (const verb of list(value.verbs).filter((one) => ESCALATING_VERBS.has(scalar(one)))) {
    yield {
      object,
      field: `${path}.verbs`,
      what: 'lets its holder take more permissions',
      got: verb,
      fix: 'remove the verb',
    };
  }
  const resources = list(value.resources);
  for (const resource of resources.filter((one) => ESCALATING_RESOURCES.has(scalar(one)))) {
    yield {
      object,
      field: `${path}.resources`,
      what: 'lets its holder act as other pods or accounts',
      got: resource,
      fix: 'remove the resource',
    };
  }
  const reads = list(value.verbs).filter((verb) => verb !== 'create' && verb !== 'delete');
  if (!resources.includes('secrets') || !list(value.apiGroups).includes('') || reads.length === 0) return;
  if (list(at(value, 'resourceNames')).length > 0 && !reads.includes('list') && !reads.includes('watch')) return;
  yield {
    object,
    field: `${path}.resources`,
    what: 'opens every Secret of the namespace',
    got: reads,
    fix: 'list the Secrets under resourceNames, with the verbs get, update and patch only',
  };
}
