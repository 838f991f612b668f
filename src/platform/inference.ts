import type { Probes } from '../constructs/container';
import { Route } from '../constructs/network/route';
import { ServiceAccount } from '../constructs/service-account';
import { WORKLOAD_KINDS, Workload } from '../constructs/serving/workload';
import { type Cluster, type ModelPin, servingEnvironment } from '../core/cluster';
import { ClusterScope, Component } from '../core/component';
import { gatewayPods, hosts } from './gateway';
import { MODELS, pulledModel, sharedModels } from './model-folder';
import type { Namespaces } from './namespaces';
import { pullSecret } from './pull-secret';
import type { Storage } from './storage';

/** Paths of the API, which the host of the UI leads here too, so that its page needs relative URLs only. */
const API_PATHS = ['/predict', '/model', '/ready', '/v2', '/openapi.json'];

const probes: Probes = {
  // A large model may take five minutes to load.
  startup: { httpGet: { path: '/health', port: 'http' }, periodSeconds: 5, failureThreshold: 60 },
  readiness: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 5, failureThreshold: 2 },
  liveness: { httpGet: { path: '/health', port: 'http' }, periodSeconds: 10, failureThreshold: 3 },
};

/**
 * The inference API, serving the pinned version of its model from a folder that it can only read. Without a pin there
 * is nothing to serve: everything but the workload is rendered.
 */
export class Inference extends Component {
  /** Undefined as long as no version of the model is pinned. */
  readonly workload?: Workload;

  constructor(scope: ClusterScope, storage: Storage, namespaces: Namespaces) {
    super(scope, {
      name: 'inference',
      namespace: 'inference',
      wave: 'services',
      project: 'services',
      mayHold: WORKLOAD_KINDS,
    });
    const { cluster } = scope;
    const { model, modelRemote } = cluster.inference;
    const pin = cluster.models[model];
    const models = modelRemote ? pin && pulledModel(this, model, pin, modelRemote) : sharedModels(this, storage);
    const credentials = pullSecret(this);
    if (!pin || !models) return;

    this.workload = new Workload(this, 'Workload', {
      name: 'inference',
      serviceAccount: new ServiceAccount(this, 'ServiceAccount', { name: 'inference', pullSecret: credentials }),
      priorityClass: namespaces.priorities['ml-inference'],
      strategy: cluster.inference.strategy,
      scale: { autoscale: cluster.inference.autoscale },
      placement: cluster.placements.compute,
      servicePorts: { http: 80 },
      annotations: modelAnnotations(model, pin),
      ...(models.initContainers && { initContainers: models.initContainers }),
      containers: [
        {
          name: 'inference',
          image: servingImage(cluster),
          environment: {
            MODEL_DIRECTORY: `${MODELS}/${model}/${pin.version}`,
            MODEL_DIGEST: pin.digest,
            ...servingEnvironment(cluster.inference.program),
          },
          ports: { http: 8080 },
          resources: cluster.inference.resources,
          mounts: [models.mount],
          drainSeconds: 10,
          probes,
        },
      ],
    });
    models.connect(this.workload);
    this.expose(this.workload);
  }

  private expose(workload: Workload): void {
    const { cluster } = ClusterScope.of(this);
    const { api, apiPreview, ui, uiPreview } = hosts(cluster.domain);
    workload.allowFrom(gatewayPods(cluster), 'http', 'people and programs ask for predictions');
    const { service, previewService } = workload;
    new Route(this, 'Route', { name: 'inference', host: api, service, port: 'http' });
    new Route(this, 'UiRoute', { name: 'inference-ui', host: ui, paths: API_PATHS, service, port: 'http' });
    if (cluster.userInterface.strategy.type === 'blueGreen') {
      new Route(this, 'UiPreviewRoute', {
        name: 'inference-ui-preview',
        host: uiPreview,
        paths: API_PATHS,
        service,
        port: 'http',
      });
    }
    if (previewService) {
      new Route(this, 'PreviewRoute', {
        name: 'inference-preview',
        host: apiPreview,
        service: previewService,
        port: 'http',
      });
    }
  }
}

/** The cluster's rules have made sure that there is one. */
function servingImage({ images, inference }: Cluster) {
  const image = images[inference.program.image];
  if (!image) throw new TypeError(`the lock file of images has no ${inference.program.image}`);
  return image;
}

/** In the pod template, so that a change of the pin is a rollout and every pod serves what is pinned. */
function modelAnnotations(name: string, { version, digest }: ModelPin): Record<string, string> {
  return { 'mlops/model': `${name}@${version}`, 'mlops/model-digest': digest };
}
