import type { ClusterData } from '../core/cluster';
import images from './homelab.images.json';
import models from './homelab.models.json';
import { upstreamOperators } from './operators';

/** Three Ubuntu machines: ubuntu1 controls, ubuntu2 computes, ubuntu3 serves NFS. */
export const homelab: ClusterData = {
  name: 'homelab',
  stage: 'production',
  versions: { kubernetes: '1.34', argoCd: '3.2', argoWorkflows: '3.7' },
  nodes: {
    ubuntu1: {
      role: 'control',
      address: '192.168.10.11',
      capacity: { cpu: '4', memory: '8Gi', ephemeralStorage: '60Gi' },
    },
    ubuntu2: {
      role: 'compute',
      address: '192.168.10.12',
      capacity: { cpu: '8', memory: '32Gi', ephemeralStorage: '200Gi' },
    },
    ubuntu3: {
      role: 'storage',
      address: '192.168.10.13',
      capacity: { cpu: '4', memory: '8Gi', ephemeralStorage: '60Gi' },
    },
  },
  network: { nodes: '192.168.10.0/24', apiServer: { cidr: '192.168.10.11/32', port: 6443 } },
  placements: { compute: { nodeSelector: { 'kubernetes.io/hostname': 'ubuntu2' } } },
  domain: 'homelab.internal',
  repositories: {
    platform: {
      url: 'https://github.com/example/cdk8s-mlops.git',
      revision: 'main',
      pushUrl: 'ssh://git@github.com/example/cdk8s-mlops.git',
      credentials: { from: 'existing' },
    },
    model: {
      url: 'https://github.com/example/models.git',
      revision: 'main',
      pushUrl: 'ssh://git@github.com/example/models.git',
      credentials: { from: 'existing' },
    },
  },
  privateCertificateAuthority: true,
  imageRegistry: {
    host: 'registry.homelab.internal',
    nodePort: 30500,
    htpasswd: { from: 'existing' },
    pullSecret: { from: 'existing' },
    certificate: { from: 'generated', issuer: { kind: 'ClusterIssuer', name: 'private-ca' } },
    garbageCollection: '30 3 * * 0',
  },
  gateway: {
    type: 'gateway',
    className: 'traefik',
    ports: { http: 8000, https: 8443 },
    nodePorts: { http: 30080, https: 30443 },
    certificate: { from: 'generated', issuer: { kind: 'ClusterIssuer', name: 'private-ca' } },
  },
  storage: {
    registry: { type: 'local', node: 'ubuntu2', path: '/srv/mlops/registry', size: '5Gi' },
    training: { type: 'local', node: 'ubuntu2', path: '/srv/mlops/training', size: '5Gi' },
    dvc: { type: 'nfs', server: 'ubuntu3', path: '/srv/nfs/dvc', size: '20Gi' },
    models: { type: 'nfs', server: 'ubuntu3', path: '/srv/nfs/models', size: '10Gi' },
  },
  dataset: { from: 'volume', volume: { type: 'nfs', server: 'ubuntu3', path: '/srv/nfs/reviews', size: '1Gi' } },
  pipelines: {
    gate: { metric: 'accuracy', op: '>=', value: -0.005, compareWith: 'served' },
    approval: true,
    inferenceTest: { accuracy: 0.8, latencyMilliseconds: 250 },
  },
  inference: {
    model: 'sentiment',
    resources: 'small',
    autoscale: { minReplicas: 2, maxReplicas: 5, cpuPercent: 70 },
    strategy: { type: 'rolling' },
  },
  userInterface: { resources: 'small', replicas: 2, strategy: { type: 'blueGreen' } },
  operators: upstreamOperators,
  quotas: {
    registry: { cpu: '4', memory: '4Gi', ephemeralStorage: '8Gi', pods: 6 },
    gateway: { cpu: '1', memory: '1Gi', ephemeralStorage: '1Gi', pods: 2 },
    inference: { cpu: '8', memory: '4Gi', ephemeralStorage: '4Gi', pods: 12 },
    'inference-ui': { cpu: '6', memory: '2Gi', ephemeralStorage: '2Gi', pods: 8 },
    'train-new-model-version': { cpu: '16', memory: '24Gi', ephemeralStorage: '40Gi', pods: 20 },
    'train-and-inference-testing': { cpu: '16', memory: '24Gi', ephemeralStorage: '40Gi', pods: 20 },
    'promote-model-version': { cpu: '4', memory: '4Gi', ephemeralStorage: '10Gi', pods: 10 },
  },
  images,
  models,
};
