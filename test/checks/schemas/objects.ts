import type { Manifest } from '../../../src/render/model';

/** A valid Deployment; what is given replaces fields at its levels. */
export function deployment(change: { spec?: object; pod?: object; container?: object } = {}): Manifest {
  const labels = { 'app.kubernetes.io/name': 'registry' };
  const container = {
    name: 'registry',
    image: 'registry:2.8.3',
    ports: [{ name: 'http', containerPort: 5000 }],
    resources: {
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { memory: '256Mi', 'example.com/accelerator': 1 },
    },
    readinessProbe: { httpGet: { path: '/', port: 'http' } },
    ...change.container,
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'registry', namespace: 'registry', labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
      template: { metadata: { labels }, spec: { containers: [container], ...change.pod } },
      ...change.spec,
    },
  };
}

/** An object of any kind. */
export function object(apiVersion: string, kind: string, fields: object): Manifest {
  return { apiVersion, kind, metadata: { name: 'example' }, ...fields };
}
