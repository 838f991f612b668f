import { Route } from '../constructs/network/route';
import { ServiceAccount } from '../constructs/service-account';
import { WORKLOAD_KINDS, Workload } from '../constructs/serving/workload';
import { temporaryVolume } from '../constructs/volumes/mountable';
import { type ClusterScope, Component } from '../core/component';
import { gatewayPods, hosts } from './gateway';
import type { Inference } from './inference';
import type { Namespaces } from './namespaces';
import { pullSecret } from './pull-secret';

/** The web page on which people try the model. */
export class UserInterface extends Component {
  readonly workload: Workload;

  constructor(scope: ClusterScope, namespaces: Namespaces, inference: Inference) {
    super(scope, {
      name: 'inference-ui',
      namespace: 'inference-ui',
      wave: 'services',
      project: 'services',
      mayHold: WORKLOAD_KINDS,
    });
    const { cluster } = scope;
    const { strategy, replicas, resources } = cluster.userInterface;
    this.workload = new Workload(this, 'Workload', {
      name: 'inference-ui',
      serviceAccount: new ServiceAccount(this, 'ServiceAccount', {
        name: 'inference-ui',
        pullSecret: pullSecret(this),
      }),
      priorityClass: namespaces.priorities['ml-platform'],
      strategy,
      scale: { replicas },
      servicePorts: { http: 80 },
      containers: [
        {
          name: 'ui',
          image: cluster.images.ui,
          ports: { http: 8080 },
          resources,
          mounts: [{ volume: temporaryVolume('temporary', '16Mi'), path: '/tmp' }],
          drainSeconds: 5,
          probes: {
            startup: { httpGet: { path: '/health', port: 'http' }, periodSeconds: 2, failureThreshold: 30 },
            readiness: { httpGet: { path: '/', port: 'http' }, periodSeconds: 5, failureThreshold: 2 },
            liveness: { httpGet: { path: '/health', port: 'http' }, periodSeconds: 10, failureThreshold: 3 },
          },
        },
      ],
    });
    const { ui, uiPreview } = hosts(cluster.domain);
    const { service, previewService } = this.workload;
    this.workload.allowFrom(gatewayPods(cluster), 'http', 'people open the page');
    inference.workload?.allowFrom(this.workload, 'http', 'the page tells whether the API is ready');
    new Route(this, 'Route', { name: 'inference-ui', host: ui, service, port: 'http' });
    if (previewService) {
      new Route(this, 'PreviewRoute', {
        name: 'inference-ui-preview',
        host: uiPreview,
        service: previewService,
        port: 'http',
      });
    }
  }
}
