/** The client's types call the field `_default`; the API does not. */
export interface LimitRange {
  readonly apiVersion: 'v1';
  readonly kind: 'LimitRange';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly limits: {
      readonly type: 'Container';
      readonly default: Record<string, string>;
      readonly defaultRequest: Record<string, string>;
    }[];
  };
}
