/** @see https://github.com/bitnami-labs/sealed-secrets#sealedsecrets-as-templates-for-secrets */
export interface SealedSecret {
  readonly apiVersion: 'bitnami.com/v1alpha1';
  readonly kind: 'SealedSecret';
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
  readonly spec: {
    readonly encryptedData: Record<string, string>;
    readonly template: { readonly type: string; readonly metadata: { readonly name: string } };
  };
}

/** @see https://external-secrets.io/latest/api/externalsecret/ */
export interface ExternalSecret {
  readonly apiVersion: 'external-secrets.io/v1';
  readonly kind: 'ExternalSecret';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly refreshInterval: string;
    readonly secretStoreRef: { readonly kind: string; readonly name: string };
    readonly target: {
      readonly name: string;
      readonly creationPolicy: 'Owner';
      readonly template: { readonly type: string };
    };
    readonly data: { readonly secretKey: string; readonly remoteRef: { readonly key: string } }[];
  };
}
