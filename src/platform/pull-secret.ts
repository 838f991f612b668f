import type { Construct } from 'constructs';
import { Secret } from '../constructs/secret';
import { ClusterScope } from '../core/component';
import { privateRegistryHost } from '../core/image';

/** The credentials with which pods of this component's namespace pull from the private image registry. */
export function pullSecret(scope: Construct): Secret {
  const { cluster } = ClusterScope.of(scope);
  const host = privateRegistryHost(cluster);
  return new Secret(scope, 'PullSecret', {
    name: 'registry-pull',
    purpose: `credentials for pulling from ${host}`,
    type: 'kubernetes.io/dockerconfigjson',
    keys: ['.dockerconfigjson'],
    source: cluster.imageRegistry.pullSecret,
    shared: true,
    preparation: 'read -rs PASSWORD  # of USER, which the htpasswd file of the image registry lets in',
    command: `kubectl create secret docker-registry registry-pull --docker-server=${host} --docker-username=USER --docker-password="$PASSWORD"`,
  });
}
