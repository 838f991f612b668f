import { describe, expect, test } from '@jest/globals';
import { BoundRole, type Permission, type RoleProps } from '../../src/constructs/role';
import { component, objects, written } from './component';

const minimal: RoleProps = {
  name: 'api',
  serviceAccount: { kind: 'ServiceAccount', name: 'runner' },
  permissions: [{ apiGroup: '', resource: 'pods', verbs: ['get'] }],
};
const allOfPermission: Required<Permission> = {
  apiGroup: 'apps',
  resource: 'deployments/status',
  verbs: ['get', 'patch'],
  resourceName: 'registry',
};

describe('BoundRole', () => {
  test('minimal props: one Role of the namespace, bound to one ServiceAccount', () => {
    const scope = component();
    new BoundRole(scope, 'Role', minimal);
    expect(written(scope, 'Role').rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
    const { roleRef, subjects } = written(scope, 'RoleBinding');
    expect(roleRef).toEqual({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'api' });
    expect(subjects).toEqual([{ apiGroup: '', kind: 'ServiceAccount', name: 'runner', namespace: 'a' }]);
    expect(objects(scope)).toHaveLength(2);
  });

  test('all props: one object of the kind, for an account of another namespace', () => {
    const scope = component();
    const serviceAccount = { kind: 'ServiceAccount', name: 'runner', namespace: 'argo' } as const;
    new BoundRole(scope, 'Role', { ...minimal, serviceAccount, permissions: [allOfPermission] });
    expect(written(scope, 'Role').rules).toEqual([
      { apiGroups: ['apps'], resources: ['deployments/status'], resourceNames: ['registry'], verbs: ['get', 'patch'] },
    ]);
    expect(written(scope, 'RoleBinding').subjects).toMatchObject([{ name: 'runner', namespace: 'argo' }]);
  });
});
