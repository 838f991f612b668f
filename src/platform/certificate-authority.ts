import type { Certificate, ClusterIssuer } from '../constructs/certificate-types';
import { type ClusterScope, Component } from '../core/component';
import { kubernetesObject } from '../core/kubernetes-object';

/** Name of the ClusterIssuer that signs, and of the Secret that holds the authority's key. */
export const PRIVATE_CA = 'private-ca';

/** Ten years: everybody who trusts it has to be told when it changes. */
const AUTHORITY_DURATION = '87600h';

/**
 * A certificate authority of the cluster's own: cert-manager makes its key in the cluster, signs it by itself once and
 * signs certificates of the platform with it.
 *
 * @see https://cert-manager.io/docs/configuration/selfsigned/#bootstrapping-ca-issuers
 */
export class CertificateAuthority extends Component {
  constructor(scope: ClusterScope) {
    super(scope, {
      name: 'certificates',
      // A ClusterIssuer reads its Secret from here.
      namespace: 'cert-manager',
      wave: 'certificates',
      project: 'certificates',
      cascadeDelete: false,
    });
    const selfSigned = 'self-signed';
    this.issuer(selfSigned, { selfSigned: {} });
    kubernetesObject<Certificate>(this, 'Certificate', {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: PRIVATE_CA },
      spec: {
        secretName: PRIVATE_CA,
        commonName: `${scope.cluster.name} platform`,
        isCA: true,
        duration: AUTHORITY_DURATION,
        issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: selfSigned },
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Never' },
        usages: ['cert sign', 'crl sign'],
      },
    });
    this.issuer(PRIVATE_CA, { ca: { secretName: PRIVATE_CA } });
  }

  private issuer(name: string, spec: ClusterIssuer['spec']): void {
    kubernetesObject<ClusterIssuer>(this, `issuer-${name}`, {
      apiVersion: 'cert-manager.io/v1',
      kind: 'ClusterIssuer',
      metadata: { name },
      spec,
    });
  }
}
