import { createHash } from 'node:crypto';
import type { V1CronJob, V1StatefulSet } from '@kubernetes/client-node';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { ContainerProps, Mount } from '../constructs/container';
import { Route } from '../constructs/network/route';
import { podTemplate } from '../constructs/pod';
import { BoundRole } from '../constructs/role';
import { Secret } from '../constructs/secret';
import { ServiceAccount } from '../constructs/service-account';
import { Service } from '../constructs/serving/service';
import { temporaryVolume } from '../constructs/volumes/mountable';
import { ClusterScope, Component } from '../core/component';
import type { Pods } from '../core/connections';
import { fromExisting, type Reference } from '../core/existing';
import { privateRegistryHost } from '../core/image';
import { kubernetesObject } from '../core/kubernetes-object';
import { rememberSource } from '../core/source-location';
import { PRIVATE_CA } from './certificate-authority';
import { gatewayPods } from './gateway';
import type { Namespaces } from './namespaces';
import { registryConfiguration, registryPaths, registryPorts } from './registry-configuration';
import type { Storage } from './storage';

const NAME = 'registry';
const COLLECTOR = 'registry-garbage-collection';

/** A registry into which nothing was pushed yet has no such folder, and collecting there fails. */
const collectGarbage = [
  'sh',
  '-c',
  `test ! -d ${registryPaths.blobs}/docker/registry/v2/repositories || exec registry garbage-collect ${registryPaths.configuration}/config.yml`,
];

/**
 * The private image registry: TLS, passwords, storage on one volume, reachable by nodes through a NodePort and by
 * people through a route that takes uploads of any size.
 *
 * Unreferenced blobs must not be collected while something is pushed. So the registry's pod collects before it begins
 * to serve, and a CronJob, on its schedule, merely replaces the pod.
 *
 * @see https://distribution.github.io/distribution/about/garbage-collection/
 */
export class ImageRegistry extends Component {
  readonly service: Service;

  constructor(scope: ClusterScope, storage: Storage, { priorities }: Namespaces) {
    super(scope, {
      name: NAME,
      namespace: NAME,
      wave: 'infrastructure',
      project: 'infrastructure',
      cascadeDelete: false,
    });
    const { cluster } = scope;
    const { imageRegistry } = cluster;
    const podLabels = { 'app.kubernetes.io/name': NAME };

    const mounts = this.mounts(scope, storage);
    const registry: Pick<ContainerProps, 'image' | 'resources' | 'mounts'> = {
      image: cluster.images.registry,
      resources: 'small',
      mounts: mounts.list,
    };
    this.service = new Service(this, 'Service', {
      name: NAME,
      selector: podLabels,
      ports: { https: registryPorts.https },
      nodePorts: { https: imageRegistry.nodePort },
    });
    kubernetesObject<V1StatefulSet>(this, 'Resource', {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: NAME, labels: podLabels },
      spec: {
        replicas: 1,
        // Nobody asks for the one pod by its own name, so it takes no headless Service.
        serviceName: this.service.name,
        selector: { matchLabels: podLabels },
        template: podTemplate(this, {
          serviceAccount: new ServiceAccount(this, 'ServiceAccount', { name: NAME }),
          priorityClass: priorities['ml-platform'],
          labels: podLabels,
          // The registry reads its configuration once, so a new one must be a new pod.
          annotations: { 'mlops/configuration': mounts.configurationHash },
          initContainers: [{ ...registry, name: 'collect-garbage', command: collectGarbage }],
          containers: [
            {
              ...registry,
              name: NAME,
              command: ['registry', 'serve', `${registryPaths.configuration}/config.yml`],
              ports: registryPorts,
              drainSeconds: 5,
              probes: {
                startup: { httpGet: { path: '/debug/health', port: 'debug' }, periodSeconds: 2, failureThreshold: 60 },
                readiness: { httpGet: { path: '/debug/health', port: 'debug' }, periodSeconds: 5 },
                liveness: {
                  httpGet: { path: '/', port: 'https', scheme: 'HTTPS' },
                  periodSeconds: 20,
                  failureThreshold: 3,
                },
              },
            },
          ],
        }),
      },
    });
    const authority = fromExisting(this, 'Authority', {
      kind: 'ConfigMap',
      name: 'registry-ca',
      purpose: `authority that signed the certificate of the image registry; nodes must trust it too`,
      keys: ['ca.crt'],
      afterSync: cluster.privateCertificateAuthority,
      ...(cluster.privateCertificateAuthority && {
        preparation: `kubectl get secret ${PRIVATE_CA} --namespace cert-manager --output 'go-template={{index .data "tls.crt" | base64decode}}' > ca.crt`,
      }),
      command: 'kubectl create configmap registry-ca --from-file=ca.crt',
    });
    new Route(this, 'Route', {
      name: NAME,
      host: imageRegistry.host,
      service: this.service,
      port: 'https',
      upload: true,
      backendAuthority: authority,
    });
    this.connect(podLabels);
    this.scheduleCollection(priorities['ml-platform']);
  }

  private mounts(scope: ClusterScope, storage: Storage): { list: Mount[]; configurationHash: string } {
    const { imageRegistry } = scope.cluster;
    const configuration = registryConfiguration();
    const configMap = new kplus.ConfigMap(this, 'Configuration', {
      metadata: { name: 'registry-configuration' },
      data: { 'config.yml': configuration },
    });
    rememberSource(configMap.node.defaultChild ?? configMap);
    const htpasswd = new Secret(this, 'Htpasswd', {
      name: 'registry-htpasswd',
      purpose: 'users of the image registry, with bcrypt hashes',
      keys: ['htpasswd'],
      source: imageRegistry.htpasswd,
      preparation: 'htpasswd -Bn USER > htpasswd',
      command: 'kubectl create secret generic registry-htpasswd --from-file=htpasswd',
    });
    const certificate = Secret.certificate(this, 'Certificate', {
      name: 'registry-tls',
      purpose: `TLS certificate of ${privateRegistryHost(scope.cluster)}`,
      hosts: [imageRegistry.host],
      source: imageRegistry.certificate,
      command: 'kubectl create secret tls registry-tls --cert=tls.crt --key=tls.key',
    });
    return {
      configurationHash: createHash('sha256').update(configuration).digest('hex').slice(0, 16),
      list: [
        { volume: storage.claim(this, 'registry'), path: registryPaths.blobs },
        {
          volume: { name: 'configuration', source: { configMap: { name: configMap.name } } },
          path: registryPaths.configuration,
          readOnly: true,
        },
        { volume: certificate.files('certificate'), path: registryPaths.certificate, readOnly: true },
        { volume: htpasswd.files('htpasswd'), path: registryPaths.htpasswd, readOnly: true },
      ],
    };
  }

  /** Nodes pull through the NodePort with an address of their own network, people push through the Gateway. */
  private connect(podLabels: Record<string, string>): void {
    const { cluster, connections } = ClusterScope.of(this);
    const registry: Pods = { name: NAME, namespace: NAME, podLabels, policyScope: this };
    const ports = [{ port: registryPorts.https }];
    connections.add({ from: { cidr: cluster.network.nodes }, to: registry, ports, description: 'nodes pull images' });
    connections.add({ from: gatewayPods(cluster), to: registry, ports, description: 'people push images' });
  }

  private scheduleCollection(priorityClass: Reference<'PriorityClass'>): void {
    const { cluster, connections } = ClusterScope.of(this);
    const { apiServer } = cluster.network;
    const podLabels = { 'app.kubernetes.io/name': COLLECTOR };
    const scope = new Construct(this, 'GarbageCollection');
    const serviceAccount = new ServiceAccount(scope, 'ServiceAccount', { name: COLLECTOR });
    new BoundRole(scope, 'Role', {
      name: COLLECTOR,
      serviceAccount,
      permissions: [{ apiGroup: '', resource: 'pods', resourceName: `${NAME}-0`, verbs: ['get', 'delete'] }],
    });
    kubernetesObject<V1CronJob>(scope, 'Resource', {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: COLLECTOR, labels: podLabels },
      spec: {
        schedule: cluster.imageRegistry.garbageCollection,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          spec: {
            backoffLimit: 3,
            activeDeadlineSeconds: 300,
            template: podTemplate(scope, {
              serviceAccount,
              priorityClass,
              labels: podLabels,
              usesKubernetesApi: true,
              restartPolicy: 'Never',
              containers: [
                {
                  name: 'replace-pod',
                  image: cluster.images.kubectl,
                  command: [
                    'kubectl',
                    'delete',
                    'pod',
                    `${NAME}-0`,
                    '--ignore-not-found',
                    '--wait=false',
                    '--cache-dir=/tmp/cache',
                  ],
                  resources: 'small',
                  mounts: [{ volume: temporaryVolume('temporary', '16Mi'), path: '/tmp' }],
                },
              ],
            }),
          },
        },
      },
    });
    connections.add({
      from: { name: COLLECTOR, namespace: NAME, podLabels, policyScope: scope },
      to: { cidr: apiServer.cidr },
      ports: [{ port: apiServer.port }],
      description: 'replaces the pod of the registry',
    });
  }
}
