import { describe, expect, test } from '@jest/globals';
import { ServiceAccount, type ServiceAccountProps } from '../../src/constructs/service-account';
import { component, written } from './component';

const minimal: ServiceAccountProps = { name: 'api' };
const all: Required<ServiceAccountProps> = { name: 'api', pullSecret: { kind: 'Secret', name: 'registry-pull' } };

describe('ServiceAccount', () => {
  test('minimal props: no token, and no image that needs credentials', () => {
    const scope = component();
    const account = new ServiceAccount(scope, 'ServiceAccount', minimal);
    expect(account).toMatchObject({ kind: 'ServiceAccount', name: 'api', namespace: 'a' });
    expect(written(scope, 'ServiceAccount')).toEqual({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'api' },
      automountServiceAccountToken: false,
    });
  });

  test('all props', () => {
    const scope = component();
    new ServiceAccount(scope, 'ServiceAccount', all);
    expect(written(scope, 'ServiceAccount')).toMatchObject({ imagePullSecrets: [{ name: 'registry-pull' }] });
  });
});
