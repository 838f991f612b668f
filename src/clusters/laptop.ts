import type { ClusterData } from '../core/cluster';
import { homelab } from './homelab';
import images from './laptop.images.json';
import models from './laptop.models.json';

const directory = '/var/lib/mlops';
/** What `kind create cluster` calls its node; k3d says k3d-k3s-default-server-0. */
const node = 'kind-control-plane';

/** One node of kind or k3d on one machine: no NFS, folders of the node in its place. */
export const laptop: ClusterData = {
  ...homelab,
  name: 'laptop',
  stage: 'dev',
  nodes: {
    [node]: { role: 'all', address: '172.18.0.2', capacity: { cpu: '4', memory: '8Gi', ephemeralStorage: '40Gi' } },
  },
  network: { nodes: '172.18.0.0/16', apiServer: { cidr: '172.18.0.2/32', port: 6443 } },
  placements: {},
  domain: 'laptop.internal',
  privateCertificateAuthority: false,
  imageRegistry: {
    host: 'registry.laptop.internal',
    nodePort: 30500,
    htpasswd: { from: 'existing' },
    pullSecret: { from: 'existing' },
    certificate: { from: 'existing' },
    garbageCollection: '30 3 * * 0',
  },
  gateway: {
    type: 'gateway',
    className: 'traefik',
    ports: { http: 8000, https: 8443 },
    nodePorts: { http: 30080, https: 30443 },
    certificate: { from: 'existing' },
  },
  storage: {
    registry: { type: 'class', storageClass: 'standard', size: '5Gi' },
    training: { type: 'local', node, path: `${directory}/training`, size: '5Gi' },
    dvc: { type: 'local', node, path: `${directory}/dvc`, size: '5Gi' },
    models: { type: 'local', node, path: `${directory}/models`, size: '2Gi' },
  },
  dataset: { from: 'volume', volume: { type: 'local', node, path: `${directory}/reviews`, size: '1Gi' } },
  pipelines: { ...homelab.pipelines, approval: false },
  userInterface: { resources: 'small', replicas: 1, strategy: { type: 'rolling' } },
  images,
  models,
};
