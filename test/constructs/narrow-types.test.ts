import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { schemaProblems } from '../../src/checks/schema';
import { loadSchemas } from '../../src/checks/schemas/load';
import type { Certificate, ClusterIssuer } from '../../src/constructs/certificate-types';
import type { LimitRange } from '../../src/constructs/limit-range';
import type { BackendTlsPolicy, Gateway, GatewayClass, HttpRoute } from '../../src/constructs/network/gateway-types';
import type { ExternalSecret, SealedSecret } from '../../src/constructs/secret-types';
import type { Rollout } from '../../src/constructs/serving/rollout';
import type { Manifest } from '../../src/render/model';

const schemas = loadSchemas(join(__dirname, '..', '..', 'schemas'));

/** Every field, those that may be left out too, so that a field which the schema does not know cannot hide. */
type Full<T> = T extends (infer Item)[]
  ? Full<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Full<NonNullable<T[Key]>> }
    : T;

const labels = { 'app.kubernetes.io/name': 'one' };

const rollout: Full<Omit<Rollout, 'spec'>> & {
  spec: Full<Omit<Rollout['spec'], 'template'>> & Pick<Rollout['spec'], 'template'>;
} = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name: 'one', labels },
  spec: {
    replicas: 2,
    revisionHistoryLimit: 3,
    minReadySeconds: 5,
    progressDeadlineSeconds: 600,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'one', image: 'one:1' }] } },
    strategy: {
      blueGreen: {
        activeService: 'one',
        previewService: 'one-preview',
        autoPromotionEnabled: true,
        autoPromotionSeconds: 30,
        scaleDownDelaySeconds: 30,
      },
    },
  },
};

const gatewayClass: Full<GatewayClass> = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'GatewayClass',
  metadata: { name: 'one' },
  spec: { controllerName: 'example.org/controller' },
};

const gateway: Full<Gateway> = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'one' },
  spec: {
    gatewayClassName: 'one',
    listeners: [
      {
        name: 'https',
        port: 443,
        protocol: 'HTTPS',
        tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: 'tls' }] },
        allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: labels } } },
      },
    ],
  },
};

const httpRoute: Full<HttpRoute> = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'one' },
  spec: {
    parentRefs: [{ name: 'one', namespace: 'gateway', sectionName: 'https' }],
    hostnames: ['one.example.org'],
    rules: [
      {
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }],
        backendRefs: [{ name: 'one', port: 80, namespace: 'one' }],
        timeouts: { request: '3600s', backendRequest: '3600s' },
      },
    ],
  },
};

const backendTlsPolicy: Full<BackendTlsPolicy> = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'BackendTLSPolicy',
  metadata: { name: 'one' },
  spec: {
    targetRefs: [{ group: '', kind: 'Service', name: 'one', sectionName: 'https' }],
    validation: { hostname: 'one.example.org', caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] },
  },
};

const certificate: Full<Certificate> = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { name: 'one' },
  spec: {
    secretName: 'one',
    commonName: 'one',
    dnsNames: ['one.example.org'],
    isCA: true,
    duration: '2160h',
    issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'one' },
    privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
    usages: ['server auth'],
  },
};

const clusterIssuer: ClusterIssuer = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'ClusterIssuer',
  metadata: { name: 'one' },
  spec: { ca: { secretName: 'one' } },
};

const sealedSecret: Full<SealedSecret> = {
  apiVersion: 'bitnami.com/v1alpha1',
  kind: 'SealedSecret',
  metadata: { name: 'one', annotations: { 'sealedsecrets.bitnami.com/cluster-wide': 'true' } },
  spec: { encryptedData: { key: 'AgBy' }, template: { type: 'Opaque', metadata: { name: 'one' } } },
};

const externalSecret: Full<ExternalSecret> = {
  apiVersion: 'external-secrets.io/v1',
  kind: 'ExternalSecret',
  metadata: { name: 'one' },
  spec: {
    refreshInterval: '1h',
    secretStoreRef: { kind: 'SecretStore', name: 'one' },
    target: { name: 'one', creationPolicy: 'Owner', template: { type: 'Opaque' } },
    data: [{ secretKey: 'key', remoteRef: { key: 'path' } }],
  },
};

const limitRange: Full<LimitRange> = {
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'one', namespace: 'one' },
  spec: { limits: [{ type: 'Container', default: { cpu: '1' }, defaultRequest: { cpu: '100m' } }] },
};

const all: Record<string, object> = {
  rollout,
  gatewayClass,
  gateway,
  httpRoute,
  backendTlsPolicy,
  certificate,
  clusterIssuer,
  sealedSecret,
  externalSecret,
  limitRange,
};

describe('the narrow interfaces', () => {
  test.each(Object.keys(all))('have no field that the schema of its kind does not know: %s', (name) => {
    expect(schemaProblems(all[name] as Manifest, schemas)).toEqual([]);
  });

  test('would be caught if they had', () => {
    const wrong = { ...gateway, spec: { ...gateway.spec, gatewayClass: 'one' } };
    expect(schemaProblems(wrong as unknown as Manifest, schemas)).not.toEqual([]);
  });
});
