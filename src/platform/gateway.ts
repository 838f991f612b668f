import type { Gateway as GatewayObject, HttpRoute } from '../constructs/network/gateway-types';
import { GATEWAY } from '../constructs/network/route';
import { Secret } from '../constructs/secret';
import type { Cluster, GatewaySettings } from '../core/cluster';
import { type ClusterScope, Component } from '../core/component';
import type { Pods } from '../core/connections';
import { Existing } from '../core/existing';
import { kubernetesObject } from '../core/kubernetes-object';
import { PART_OF } from '../core/metadata';

type GatewayApi = Extract<GatewaySettings, { type: 'gateway' }>;

/** Hosts of the platform; each service has one of its own. */
export function hosts(domain: string) {
  return {
    api: `api.${domain}`,
    apiPreview: `preview-api.${domain}`,
    ui: `ui.${domain}`,
    uiPreview: `preview-ui.${domain}`,
  };
}

/** Pods of the controller, which open the connections that routes lead. */
export function gatewayPods({ gateway }: Cluster): Pods {
  const controller = gateway.type === 'gateway' ? 'traefik' : 'ingress-nginx';
  return { name: 'gateway', namespace: controller, podLabels: { 'app.kubernetes.io/name': controller } };
}

/** The door of the cluster: one Gateway for all hosts of its domain, with TLS; plain HTTP is sent there. */
export class Gateway extends Component {
  constructor(scope: ClusterScope, { className, ports, certificate: source }: GatewayApi) {
    super(scope, { name: 'gateway', namespace: GATEWAY.namespace, wave: 'infrastructure', project: 'infrastructure' });
    const { domain } = scope.cluster;
    const certificate = Secret.certificate(this, 'Certificate', {
      name: 'public-tls',
      purpose: `TLS certificate of *.${domain}`,
      hosts: [`*.${domain}`],
      source,
      command: 'kubectl create secret tls public-tls --cert=tls.crt --key=tls.key',
    });
    new Existing(this, 'GatewayClass', {
      kind: 'GatewayClass',
      name: className,
      purpose: 'the Gateway controller brings it',
    });
    kubernetesObject<GatewayObject>(this, 'Resource', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: GATEWAY.name },
      spec: {
        gatewayClassName: className,
        listeners: [
          { name: 'http', port: ports.http, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'Same' } } },
          {
            name: GATEWAY.section,
            port: ports.https,
            protocol: 'HTTPS',
            tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: certificate.name }] },
            allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: PART_OF } } },
          },
        ],
      },
    });
    kubernetesObject<HttpRoute>(this, 'RedirectToHttps', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'redirect-to-https' },
      spec: {
        parentRefs: [{ name: GATEWAY.name, sectionName: 'http' }],
        rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] }],
      },
    });
  }
}
