import { describe, expect, test } from '@jest/globals';
import { Route, type RouteProps } from '../../../src/constructs/network/route';
import { Service } from '../../../src/constructs/serving/service';
import type { Component } from '../../../src/core/component';
import { component, existing, objects, written } from '../component';

const host = 'api.example.org';
const nginx = { type: 'ingress-nginx', className: 'nginx', certificate: { from: 'existing' } } as const;
const service = (scope: Component) =>
  new Service(scope, 'Service', { name: 'api', selector: { app: 'api' }, ports: { http: 80 } });
const minimal = (scope: Component): RouteProps => ({ name: 'api', host, service: service(scope), port: 'http' });
const all = (scope: Component): Required<RouteProps> => ({
  ...minimal(scope),
  paths: ['/predict', '/model'],
  upload: true,
  backendAuthority: { kind: 'ConfigMap', name: 'private-ca' },
});

describe('through the Gateway API', () => {
  test('minimal props: all of the host, to the port of the Service', () => {
    const scope = component();
    new Route(scope, 'Route', minimal(scope));
    expect(written(scope, 'HTTPRoute').spec).toEqual({
      parentRefs: [{ name: 'public', namespace: 'gateway', sectionName: 'https' }],
      hostnames: [host],
      rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name: 'api', port: 80 }] }],
    });
    expect(written(scope, 'BackendTLSPolicy')).toBeUndefined();
  });

  test('all props: an hour for an upload, and the certificate of the pods is verified', () => {
    const scope = component();
    new Route(scope, 'Route', all(scope));
    expect(written(scope, 'HTTPRoute').spec.rules).toEqual([
      {
        matches: ['/predict', '/model'].map((value) => ({ path: { type: 'PathPrefix', value } })),
        backendRefs: [{ name: 'api', port: 80 }],
        timeouts: { request: '3600s', backendRequest: '3600s' },
      },
    ]);
    expect(written(scope, 'BackendTLSPolicy').spec).toEqual({
      targetRefs: [{ group: '', kind: 'Service', name: 'api', sectionName: 'http' }],
      validation: { hostname: host, caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'private-ca' }] },
    });
  });
});

describe('through ingress-nginx', () => {
  test('minimal props: TLS with a Secret of its own namespace, and no annotation', () => {
    const scope = component({ gateway: nginx });
    new Route(scope, 'Route', minimal(scope));
    const { metadata, spec } = written(scope, 'Ingress');
    expect(metadata).toEqual({ name: 'api' });
    expect(spec).toMatchObject({
      ingressClassName: 'nginx',
      tls: [{ hosts: [host], secretName: 'api-route-tls' }],
      rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix' }] } }],
    });
    expect(existing(scope)).toMatchObject([{ kind: 'Secret', name: 'api-route-tls' }]);
    expect(objects(scope).filter(({ kind }) => kind === 'HTTPRoute')).toEqual([]);
  });

  test('all props: bodies of any size are streamed both ways, and the pods are spoken to over TLS', () => {
    const scope = component({ gateway: nginx });
    new Route(scope, 'Route', all(scope));
    const { metadata, spec } = written(scope, 'Ingress');
    expect(metadata.annotations).toEqual({
      'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS',
      'nginx.ingress.kubernetes.io/proxy-body-size': '0',
      'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
      'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
      'nginx.ingress.kubernetes.io/proxy-request-buffering': 'off',
      'nginx.ingress.kubernetes.io/proxy-send-timeout': '3600',
      'nginx.ingress.kubernetes.io/proxy-ssl-name': host,
      'nginx.ingress.kubernetes.io/proxy-ssl-server-name': 'on',
    });
    expect(spec.rules[0].http.paths.map(({ path }: { path: string }) => path)).toEqual(['/predict', '/model']);
  });
});
