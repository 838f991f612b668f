import { Construct } from 'constructs';
import type { CertificateSource, SecretSource } from '../core/cluster';
import { Component } from '../core/component';
import { fromExisting, type Reference } from '../core/existing';
import { kubernetesObject } from '../core/kubernetes-object';
import type { Certificate } from './certificate-types';
import type { ExternalSecret, SealedSecret } from './secret-types';
import type { Mountable } from './volumes/mountable';

export interface SecretProps {
  readonly name: string;
  /** What it is for, in the list of Secrets to create. */
  readonly purpose: string;
  /** Keys that it holds. */
  readonly keys: readonly [string, ...string[]];
  /** @default Opaque */
  readonly type?: 'Opaque' | 'kubernetes.io/tls' | 'kubernetes.io/dockerconfigjson';
  readonly source: SecretSource;
  /** The `kubectl` command that creates it by hand, without its namespace. */
  readonly command: string;
  /**
   * What to run before, once for all namespaces.
   * @default - nothing
   */
  readonly preparation?: string;
  /**
   * The same value in several namespaces; sealed once, for the whole cluster.
   * @default false
   * @see https://github.com/bitnami-labs/sealed-secrets#scopes
   */
  readonly shared?: boolean;
}

export interface CertificateProps extends Omit<SecretProps, 'source' | 'keys' | 'type'> {
  readonly source: CertificateSource;
  /** Host names that it is for. */
  readonly hosts: readonly [string, ...string[]];
}

/** A Secret by reference: its value is never in this repository in the clear. */
export class Secret extends Construct implements Reference<'Secret'> {
  readonly kind = 'Secret';
  readonly name: string;
  readonly namespace: string;

  /**
   * A TLS certificate and its key, as keys `tls.crt` and `tls.key`: an existing Secret, or one that cert-manager
   * generates in the cluster and renews.
   */
  static certificate(scope: Construct, id: string, props: CertificateProps): Secret {
    const { source, hosts, ...rest } = props;
    if (source.from !== 'generated') {
      return new Secret(scope, id, { ...rest, source, type: 'kubernetes.io/tls', keys: ['tls.crt', 'tls.key'] });
    }
    const secret = new Secret(scope, id, { ...rest, keys: ['tls.crt', 'tls.key'] });
    kubernetesObject<Certificate>(secret, 'Certificate', {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: props.name },
      spec: {
        secretName: props.name,
        dnsNames: [...hosts],
        issuerRef: { group: 'cert-manager.io', kind: source.issuer.kind, name: source.issuer.name },
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
        usages: ['server auth'],
      },
    });
    fromExisting(secret, 'Issuer', {
      kind: source.issuer.kind,
      name: source.issuer.name,
      purpose: 'issues the certificates of the platform',
    });
    return secret;
  }

  constructor(scope: Construct, id: string, props: Omit<SecretProps, 'source'> & { readonly source?: SecretSource }) {
    super(scope, id);
    this.name = props.name;
    this.namespace = Component.ofConstruct(this).defaultNamespace;
    const { source } = props;
    switch (source?.from) {
      case 'existing':
        fromExisting(this, 'Existing', { kind: 'Secret', ...props });
        break;
      case 'sealed':
        kubernetesObject<SealedSecret>(this, 'Resource', {
          apiVersion: 'bitnami.com/v1alpha1',
          kind: 'SealedSecret',
          metadata: {
            name: props.name,
            ...(props.shared && { annotations: { 'sealedsecrets.bitnami.com/cluster-wide': 'true' } }),
          },
          spec: {
            encryptedData: { ...source.encryptedData },
            template: { type: props.type ?? 'Opaque', metadata: { name: props.name } },
          },
        });
        break;
      case 'external':
        fromExisting(this, 'Store', { ...source.store, purpose: 'the store that Secrets are read from' });
        kubernetesObject<ExternalSecret>(this, 'Resource', {
          apiVersion: 'external-secrets.io/v1',
          kind: 'ExternalSecret',
          metadata: { name: props.name },
          spec: {
            refreshInterval: '1h',
            secretStoreRef: { ...source.store },
            target: { name: props.name, creationPolicy: 'Owner', template: { type: props.type ?? 'Opaque' } },
            data: Object.entries(source.paths).map(([secretKey, key]) => ({ secretKey, remoteRef: { key } })),
          },
        });
    }
  }

  /** Its keys as read-only files for the owner and group of the pod. */
  files(name: string): Mountable {
    return { name, source: { secret: { secretName: this.name, defaultMode: 0o440 } } };
  }
}
