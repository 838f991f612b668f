/** @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec */
export interface Certificate {
  readonly apiVersion: 'cert-manager.io/v1';
  readonly kind: 'Certificate';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly secretName: string;
    readonly commonName?: string;
    readonly dnsNames?: string[];
    /** Whether it may sign others. */
    readonly isCA?: true;
    /** @default 2160h, three months */
    readonly duration?: string;
    readonly issuerRef: { readonly group: 'cert-manager.io'; readonly kind: string; readonly name: string };
    readonly privateKey: {
      readonly algorithm: 'ECDSA';
      readonly size: 256;
      readonly rotationPolicy: 'Always' | 'Never';
    };
    readonly usages: string[];
  };
}

/** @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.ClusterIssuer */
export interface ClusterIssuer {
  readonly apiVersion: 'cert-manager.io/v1';
  readonly kind: 'ClusterIssuer';
  readonly metadata: { readonly name: string };
  readonly spec: { readonly selfSigned: Record<string, never> } | { readonly ca: { readonly secretName: string } };
}
