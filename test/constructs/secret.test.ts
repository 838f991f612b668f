import { describe, expect, test } from '@jest/globals';
import { type CertificateProps, Secret, type SecretProps } from '../../src/constructs/secret';
import { component, existing, objects, written } from './component';

const minimal: SecretProps = {
  name: 'api',
  purpose: 'password of the API',
  keys: ['password'],
  source: { from: 'existing' },
  command: 'kubectl create secret generic api --from-file=password',
};
const all: Required<SecretProps> = {
  ...minimal,
  type: 'kubernetes.io/dockerconfigjson',
  source: { from: 'sealed', encryptedData: { password: 'AgBy' } },
  preparation: 'openssl rand -base64 24 > password',
  shared: true,
};
const certificate: CertificateProps = {
  name: 'api',
  purpose: 'TLS certificate of the API',
  hosts: ['api.example.org'],
  source: { from: 'generated', issuer: { kind: 'ClusterIssuer', name: 'private-ca' } },
  command: 'kubectl create secret tls api --cert=tls.crt --key=tls.key',
};

describe('Secret', () => {
  test('minimal props: nothing is rendered, and it is listed among what a person creates', () => {
    const scope = component();
    const secret = new Secret(scope, 'Secret', minimal);
    expect(secret).toMatchObject({ kind: 'Secret', name: 'api', namespace: 'a' });
    expect(objects(scope)).toEqual([]);
    expect(existing(scope)).toMatchObject([{ kind: 'Secret', name: 'api', purpose: minimal.purpose }]);
  });

  test('all props: sealed for the whole cluster, so that every namespace can open it', () => {
    const scope = component();
    new Secret(scope, 'Secret', all);
    expect(written(scope, 'SealedSecret')).toMatchObject({
      metadata: { annotations: { 'sealedsecrets.bitnami.com/cluster-wide': 'true' } },
      spec: {
        encryptedData: { password: 'AgBy' },
        template: { type: 'kubernetes.io/dockerconfigjson', metadata: { name: 'api' } },
      },
    });
    expect(existing(scope)).toEqual([]);
  });

  test('sealed for one namespace unless it is shared', () => {
    const scope = component();
    new Secret(scope, 'Secret', { ...all, shared: false });
    expect(written(scope, 'SealedSecret').metadata).toEqual({ name: 'api' });
  });

  test('from a store: each key from its path, and the store is expected in the cluster', () => {
    const scope = component();
    const store = { kind: 'ClusterSecretStore', name: 'vault' } as const;
    new Secret(scope, 'Secret', {
      ...minimal,
      source: { from: 'external', store, paths: { password: 'api/password' } },
    });
    expect(written(scope, 'ExternalSecret').spec).toMatchObject({
      secretStoreRef: store,
      target: { name: 'api', creationPolicy: 'Owner', template: { type: 'Opaque' } },
      data: [{ secretKey: 'password', remoteRef: { key: 'api/password' } }],
    });
    expect(existing(scope)).toMatchObject([store]);
  });

  test('is mounted as files that only the user and group of the pod read', () => {
    const secret = new Secret(component(), 'Secret', minimal);
    expect(secret.files('password')).toEqual({
      name: 'password',
      source: { secret: { secretName: 'api', defaultMode: 0o440 } },
    });
  });
});

describe('a certificate', () => {
  test('that is generated: cert-manager writes the Secret, and its issuer is expected in the cluster', () => {
    const scope = component();
    Secret.certificate(scope, 'Certificate', certificate);
    expect(written(scope, 'Certificate').spec).toMatchObject({
      secretName: 'api',
      dnsNames: ['api.example.org'],
      issuerRef: { kind: 'ClusterIssuer', name: 'private-ca' },
      privateKey: { rotationPolicy: 'Always' },
    });
    expect(existing(scope)).toMatchObject([{ kind: 'ClusterIssuer', name: 'private-ca' }]);
  });

  test('that somebody brings: a TLS Secret with its two keys', () => {
    const scope = component();
    Secret.certificate(scope, 'Certificate', { ...certificate, source: { from: 'existing' } });
    expect(objects(scope)).toEqual([]);
    expect(existing(scope)).toMatchObject([
      { kind: 'Secret', type: 'kubernetes.io/tls', keys: ['tls.crt', 'tls.key'] },
    ]);
  });
});
