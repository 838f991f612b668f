import type { V1Ingress } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { ClusterScope } from '../../core/component';
import type { Reference } from '../../core/existing';
import { kubernetesObject } from '../../core/kubernetes-object';
import { Secret } from '../secret';
import type { Service } from '../serving/service';
import type { BackendTlsPolicy, HttpRoute } from './gateway-types';

/** Where routes hang: the platform's Gateway, in whose namespace it lives. */
export const GATEWAY = { name: 'public', namespace: 'gateway', section: 'https' } as const;

export interface RouteProps {
  readonly name: string;
  /** Host that it answers for. Every route has its own, or paths of its own on it; paths are never rewritten. */
  readonly host: string;
  /**
   * Beginnings of the paths that it takes.
   * @default - all of the host
   */
  readonly paths?: readonly string[];
  readonly service: Service;
  /** Name of the Service's port. */
  readonly port: string;
  /**
   * Bodies of any size, streamed both ways, for up to an hour: an image layer is gigabytes.
   * @default - the controller's limits
   */
  readonly upload?: boolean;
  /**
   * The pods speak TLS themselves; their certificate carries this route's host and is signed by this authority.
   * @default - plain HTTP within the cluster
   */
  readonly backendAuthority?: Reference<'ConfigMap'>;
}

const UPLOAD_SECONDS = 3600;

/** Leads requests for a host to a Service, through the Gateway API or ingress-nginx, whichever the cluster has. */
export class Route extends Construct {
  constructor(scope: Construct, id: string, props: RouteProps) {
    super(scope, id);
    if (ClusterScope.of(this).cluster.gateway.type === 'gateway') this.httpRoute(props);
    else this.ingress(props, ClusterScope.of(this).cluster.gateway.className);
  }

  private httpRoute({ name, host, paths = ['/'], service, port, upload, backendAuthority }: RouteProps): void {
    kubernetesObject<HttpRoute>(this, 'Resource', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name },
      spec: {
        parentRefs: [{ name: GATEWAY.name, namespace: GATEWAY.namespace, sectionName: GATEWAY.section }],
        hostnames: [host],
        rules: [
          {
            matches: paths.map((value) => ({ path: { type: 'PathPrefix', value } })),
            backendRefs: [{ name: service.name, port: service.port(port) }],
            ...(upload && { timeouts: { request: `${UPLOAD_SECONDS}s`, backendRequest: `${UPLOAD_SECONDS}s` } }),
          },
        ],
      },
    });
    if (!backendAuthority) return;
    kubernetesObject<BackendTlsPolicy>(this, 'BackendTlsPolicy', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'BackendTLSPolicy',
      metadata: { name },
      spec: {
        targetRefs: [{ group: '', kind: 'Service', name: service.name, sectionName: port }],
        validation: {
          hostname: host,
          caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: backendAuthority.name }],
        },
      },
    });
  }

  private ingress(props: RouteProps, ingressClassName: string): void {
    const { name, host, paths = ['/'], service, port } = props;
    // An Ingress reads the certificate from its own namespace, where a Gateway has one for all.
    const certificate = Secret.certificate(this, 'Certificate', {
      name: `${name}-tls`,
      purpose: `TLS certificate of ${host}`,
      hosts: [host],
      source: ClusterScope.of(this).cluster.gateway.certificate,
      command: `kubectl create secret tls ${name}-tls --cert=tls.crt --key=tls.key`,
    });
    const annotations = {
      ...(props.upload && uploadAnnotations),
      ...(props.backendAuthority && backendAnnotations(host)),
    };
    kubernetesObject<V1Ingress>(this, 'Resource', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, ...(Object.keys(annotations).length > 0 && { annotations }) },
      spec: {
        ingressClassName,
        tls: [{ hosts: [host], secretName: certificate.name }],
        rules: [
          {
            host,
            http: {
              paths: paths.map((path) => ({
                path,
                pathType: 'Prefix',
                backend: { service: { name: service.name, port: { name: port } } },
              })),
            },
          },
        ],
      },
    });
  }
}

/** @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/ */
const uploadAnnotations = {
  'nginx.ingress.kubernetes.io/proxy-body-size': '0',
  'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
  'nginx.ingress.kubernetes.io/proxy-request-buffering': 'off',
  'nginx.ingress.kubernetes.io/proxy-read-timeout': String(UPLOAD_SECONDS),
  'nginx.ingress.kubernetes.io/proxy-send-timeout': String(UPLOAD_SECONDS),
};

function backendAnnotations(host: string): Record<string, string> {
  return {
    'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS',
    'nginx.ingress.kubernetes.io/proxy-ssl-name': host,
    'nginx.ingress.kubernetes.io/proxy-ssl-server-name': 'on',
  };
}
