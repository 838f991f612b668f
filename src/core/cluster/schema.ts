import { z } from 'zod';
import { gitRepository, pipelines } from './pipelines';
import { artifactStore, dataset, storage } from './storage';
import {
  address,
  bytes,
  checked,
  cidr,
  clusterName,
  cores,
  dnsLabel,
  dnsSubdomain,
  hostName,
  labelKey,
  labels,
  matches,
  port,
} from './values';
import {
  gateway,
  image,
  imageRegistry,
  inference,
  modelPin,
  operator,
  platformImages,
  quota,
  userInterface,
} from './workloads';

const node = z.strictObject({
  /** What the node is for; a word for people, placement goes by labels. */
  role: z.enum(['control', 'compute', 'storage', 'all']),
  /** Its address in the network of the nodes. */
  address,
  /** What pods can use of it, as `kubectl describe node` shows under Allocatable. */
  capacity: z.strictObject({
    cpu: cores,
    memory: bytes,
    ephemeralStorage: bytes,
    /** Extended resources, such as `nvidia.com/gpu: 1`. */
    accelerators: z.record(labelKey, z.int().min(1)).optional(),
  }),
  /**
   * Labels beside `kubernetes.io/hostname`, which is the node's name.
   * @default {}
   */
  labels: labels.optional(),
});

const toleration = z.strictObject({
  key: labelKey.optional(),
  operator: z.enum(['Exists', 'Equal']).optional(),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
  tolerationSeconds: z.int().optional(),
});

const placement = z.strictObject({
  nodeSelector: labels.optional(),
  tolerations: z.array(toleration).optional(),
});

/** The names of the namespaces that the platform owns. */
export const namespaceNames = [
  'registry',
  'gateway',
  'inference',
  'inference-ui',
  'train-new-model-version',
  'train-and-inference-testing',
  'promote-model-version',
] as const;

export type NamespaceName = (typeof namespaceNames)[number];

export const clusterSchema = z.strictObject({
  /** Prefix of its Applications and AppProjects, and its folder in `dist/`. */
  name: clusterName,
  stage: z.enum(['dev', 'staging', 'production']),
  /** Versions that run there; a field that is newer fails synth. */
  versions: z.strictObject({
    kubernetes: checked(matches(/^1\.\d+$/, 'is not a minor version'), 'write a version such as 1.34'),
    argoCd: checked(matches(/^\d+\.\d+$/, 'is not a minor version'), 'write a version such as 3.2'),
    argoWorkflows: checked(matches(/^\d+\.\d+$/, 'is not a minor version'), 'write a version such as 3.7'),
  }),
  /** By name, which is their label `kubernetes.io/hostname`. */
  nodes: z.record(dnsSubdomain, node),
  network: z.strictObject({
    /** Network of the nodes, from which they pull images and reach NodePorts. */
    nodes: cidr,
    /** Where pods reach the API server, behind its Service. */
    apiServer: z.strictObject({ cidr, port }),
  }),
  placements: z.strictObject({
    /** Where heavy workloads run. Left out, they run anywhere. */
    compute: placement.optional(),
  }),
  /** Domain under which the platform's hosts live. */
  domain: hostName,
  repositories: z.strictObject({
    /** This repository, watched by Argo CD. */
    platform: gitRepository,
    /** Git and DVC metadata of model versions; another repository than the platform's. */
    model: gitRepository,
  }),
  /**
   * Whether cert-manager keeps a certificate authority of the cluster's own, as ClusterIssuer `private-ca`, for domains
   * that no public authority certifies.
   */
  privateCertificateAuthority: z.boolean(),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).default('Always'),
  imageRegistry,
  gateway,
  storage,
  /**
   * Where the steps of a run hand files to each other, as artifacts of Argo Workflows.
   * @default - in a folder of the training volume that is removed when the run has ended
   */
  artifactStore: artifactStore.optional(),
  dataset,
  pipelines,
  inference,
  userInterface,
  /** Operators that this platform installs; one left out comes with the cluster or is not wanted. */
  operators: z.strictObject({
    argoCd: operator.optional(),
    argoWorkflows: operator.optional(),
    argoRollouts: operator.optional(),
    argoEvents: operator.optional(),
    certManager: operator.optional(),
    sealedSecrets: operator.optional(),
    metricsServer: operator.optional(),
    /** Definitions of the Gateway API, which its controllers do not bring. */
    gatewayApi: operator.optional(),
    traefik: operator.optional(),
  }),
  quotas: z.record(z.enum(namespaceNames), quota),
  /** `src/clusters/<cluster>.images.json`; others than those of the platform are for the cluster's own steps. */
  images: z.object(platformImages).catchall(image),
  /** `src/clusters/<cluster>.models.json` */
  models: z.record(dnsLabel, modelPin),
});

/** A cluster as its file in `src/clusters/` states it. */
export type ClusterData = z.input<typeof clusterSchema>;
/** A validated cluster. */
export type Cluster = z.output<typeof clusterSchema>;
export type ClusterNode = z.output<typeof node>;
