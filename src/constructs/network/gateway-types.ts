/** @see https://gateway-api.sigs.k8s.io/reference/spec/#gateway */
export interface Gateway {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'Gateway';
  readonly metadata: { readonly name: string };
  readonly spec: { readonly gatewayClassName: string; readonly listeners: Listener[] };
}

export interface Listener {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly tls?: {
    readonly mode: 'Terminate';
    readonly certificateRefs: { readonly kind: 'Secret'; readonly name: string }[];
  };
  readonly allowedRoutes: {
    readonly namespaces:
      | { readonly from: 'Same' }
      | { readonly from: 'Selector'; readonly selector: { readonly matchLabels: Record<string, string> } };
  };
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httproute */
export interface HttpRoute {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'HTTPRoute';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly parentRefs: { readonly name: string; readonly namespace?: string; readonly sectionName: string }[];
    readonly hostnames?: string[];
    readonly rules: HttpRouteRule[];
  };
}

export interface HttpRouteRule {
  readonly matches?: { readonly path: { readonly type: 'PathPrefix' | 'Exact'; readonly value: string } }[];
  readonly filters?: {
    readonly type: 'RequestRedirect';
    readonly requestRedirect: { readonly scheme: 'https'; readonly statusCode: 301 };
  }[];
  readonly backendRefs?: { readonly name: string; readonly port: number; readonly namespace?: string }[];
  readonly timeouts?: { readonly request: string; readonly backendRequest: string };
}

/** @see https://gateway-api.sigs.k8s.io/api-types/backendtlspolicy/ */
export interface BackendTlsPolicy {
  readonly apiVersion: 'gateway.networking.k8s.io/v1';
  readonly kind: 'BackendTLSPolicy';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly targetRefs: {
      readonly group: '';
      readonly kind: 'Service';
      readonly name: string;
      readonly sectionName: string;
    }[];
    readonly validation: {
      readonly hostname: string;
      readonly caCertificateRefs: { readonly group: ''; readonly kind: 'ConfigMap'; readonly name: string }[];
    };
  };
}
