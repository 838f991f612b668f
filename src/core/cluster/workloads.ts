import { z } from 'zod';
import { servingProgram, textServing } from './model-programs';
import { certificateSource, modelRemote, secretSource } from './storage';
import {
  bytes,
  checked,
  cores,
  cronSchedule,
  dnsLabel,
  dnsSubdomain,
  gitUrl,
  hostName,
  httpUrl,
  imageDigest,
  matches,
  nodePort,
  port,
  resourceProfile,
} from './values';

/** An image of the lock file: repository, tag and, once read from its registry, digest. */
export const image = z.strictObject({
  /**
   * Host, port and path, without a tag; or a path alone for an image in the cluster's own image registry, so that the
   * same lock file suits another cluster.
   */
  repository: checked(
    matches(/^([a-z0-9.-]+(:\d+)?\/)?[a-z0-9._-]+(\/[a-z0-9._-]+)*$/, 'is not an image repository'),
    'write host, port if it has one, and path, such as docker.io/library/registry, or the path alone, such as trainer',
  ),
  tag: checked((value) => {
    if (!/^\w[\w.-]{0,127}$/.test(value)) return 'is not an image tag';
    return value === 'latest' ? 'names another image tomorrow' : undefined;
  }, 'write the tag of one version, such as 2.8.3'),
  /** @default - not read yet: synth lists the image as not pinned */
  digest: imageDigest.optional(),
});

/** The images that the platform itself runs, by their names in the lock file. */
export const platformImages = {
  registry: image,
  kubectl: image,
  inference: image,
  ui: image,
  trainer: image,
  dvc: image,
  deployer: image,
};

/** The served version of a model. */
export const modelPin = z.strictObject({
  version: checked(matches(/^v\d+\.\d+\.\d+$/, 'is not a version of a model'), 'write a version such as v1.2.0'),
  /** Digest of the version's folder, as its Git tag states it. */
  digest: imageDigest,
});

/** How a new version replaces the old one. */
export const strategy = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('rolling') }),
  z.strictObject({
    /** An Argo Rollout: the new version answers on the preview host until it is promoted. */
    type: z.literal('blueGreen'),
    /**
     * Seconds after which a healthy preview is promoted by itself.
     * @default - promoted by hand
     */
    autoPromoteSeconds: z.int().min(1).optional(),
  }),
]);

export const inference = z.strictObject({
  /** Name of the model in the lock file of model pins. */
  model: dnsLabel,
  /**
   * What serves it, for a model that is not one of texts.
   * @default - the platform's own inference server
   */
  program: servingProgram.default(textServing),
  /**
   * Where a promotion asks which version is served, when people and programs are served elsewhere.
   * @default - the Service in this cluster
   */
  url: httpUrl.optional(),
  /**
   * Where each pod brings the pinned version from before it serves, in a cluster that the folder of served models does
   * not reach.
   * @default - from the folder `storage.models`, which a promotion fills
   */
  modelRemote: modelRemote.optional(),
  resources: resourceProfile,
  autoscale: z.strictObject({
    minReplicas: z.int().min(2),
    maxReplicas: z.int().min(2),
    /** Average use of the requested CPU to keep, in percent. */
    cpuPercent: z.int().min(1).max(100),
  }),
  strategy,
});

export const userInterface = z.strictObject({
  resources: resourceProfile,
  replicas: z.int().min(1),
  strategy,
});

export const imageRegistry = z.strictObject({
  /** Name by which nodes and people reach it; its certificate must carry it. */
  host: hostName,
  /** Port on every node, for nodes that pull. */
  nodePort,
  /** htpasswd file with bcrypt hashes, under the key `htpasswd`. */
  htpasswd: secretSource,
  /** Credentials with which the cluster's nodes pull, as `.dockerconfigjson`. */
  pullSecret: secretSource,
  certificate: certificateSource,
  /** When unreferenced blobs are removed. */
  garbageCollection: cronSchedule,
});

/** What routes people's requests into the cluster. */
export const gateway = z.discriminatedUnion('type', [
  z.strictObject({
    /** Gateway API, by a controller such as Traefik. */
    type: z.literal('gateway'),
    /** Name of the GatewayClass. */
    className: dnsSubdomain,
    /**
     * Ports of the listeners. Traefik listens where its entry points do, 8000 and 8443 in its chart, and its Service
     * leads 80 and 443 there.
     */
    ports: z.strictObject({ http: port, https: port }),
    /**
     * Ports on every node that lead to the listeners, where no load balancer is; for an operator installed from here.
     * @default - a Service of type LoadBalancer, which never becomes healthy on a cluster that has none
     */
    nodePorts: z.strictObject({ http: nodePort, https: nodePort }).optional(),
    certificate: certificateSource,
  }),
  z.strictObject({
    /** Ingress, by ingress-nginx. */
    type: z.literal('ingress-nginx'),
    className: dnsSubdomain,
    certificate: certificateSource,
  }),
]);

/** An operator on its upstream source, at a pinned version. */
export const operator = z.strictObject({
  /** Git or Helm repository; another one for a mirror or an air gap. */
  repository: gitUrl,
  /** Git tag, or version of the Helm chart. */
  version: checked(
    matches(/^v?\d+\.\d+\.\d+$/, 'is not a pinned version'),
    'write a tag or chart version such as v3.2.11',
  ),
});

/** Upper bounds of everything that runs in a namespace at once. */
export const quota = z.strictObject({
  cpu: cores,
  memory: bytes,
  ephemeralStorage: bytes,
  pods: z.int().min(1),
});

export type ImageLock = z.output<typeof image>;
export type ModelPin = z.output<typeof modelPin>;
export type Strategy = z.output<typeof strategy>;
export type Operator = z.output<typeof operator>;
export type Quota = z.output<typeof quota>;
export type GatewaySettings = z.output<typeof gateway>;
