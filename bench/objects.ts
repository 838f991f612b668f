import type {
  V1ConfigMap,
  V1Deployment,
  V1Namespace,
  V1NetworkPolicy,
  V1Service,
  V1ServiceAccount,
} from '@kubernetes/client-node';
import { type ClusterScope, Component } from '../src/core/component';
import { kubernetesObject } from '../src/core/kubernetes-object';

/** Makes so many objects in so many components, in sets of what a small service consists of. */
export function constructObjects(scope: ClusterScope, count: number, components: number): void {
  const each = count / components;
  for (let index = 0; index < components; index++) {
    const name = `component-${index}`;
    const component = new Component(scope, { name, namespace: name, wave: 'services', project: 'services' });
    namespace(component, name);
    defaultDeny(component);
    for (let made = 2, set = 0; made < each; set++) {
      for (const make of [serviceAccount, configMap, deployment, service]) {
        if (made >= each) break;
        make(component, `service-${set}`);
        made += 1;
      }
    }
  }
}

function namespace(component: Component, name: string): void {
  const labels = Object.fromEntries(
    ['enforce', 'audit', 'warn'].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, 'restricted'],
      [`pod-security.kubernetes.io/${mode}-version`, 'v1.34'],
    ]),
  );
  kubernetesObject<V1Namespace>(component, 'namespace', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels, annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' } },
  });
}

function defaultDeny(component: Component): void {
  kubernetesObject<V1NetworkPolicy>(component, 'default-deny', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'default-deny' },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
}

function serviceAccount(component: Component, name: string): void {
  kubernetesObject<V1ServiceAccount>(component, `${name}-account`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name },
    automountServiceAccountToken: false,
  });
}

function configMap(component: Component, name: string): void {
  kubernetesObject<V1ConfigMap>(component, `${name}-settings`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: { 'settings.json': `${JSON.stringify({ name, level: 'info', limits: [1, 2, 3] }, undefined, 2)}\n` },
  });
}

function service(component: Component, name: string): void {
  kubernetesObject<V1Service>(component, `${name}-service`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      type: 'ClusterIP',
      selector: { 'app.kubernetes.io/name': name },
      ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
    },
  });
}

function deployment(component: Component, name: string): void {
  const labels = { 'app.kubernetes.io/name': name };
  const probe = (path: string) => ({ httpGet: { path, port: 'http' }, periodSeconds: 5 });
  const amounts = (cpu: string) => ({ cpu, memory: '64Mi', 'ephemeral-storage': '32Mi' });
  kubernetesObject<V1Deployment>(component, name, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 10001,
            runAsGroup: 10001,
            fsGroup: 10001,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          terminationGracePeriodSeconds: 40,
          containers: [
            {
              name: 'main',
              image: `registry.example.org/${name}:1.0.0@sha256:${'a'.repeat(64)}`,
              imagePullPolicy: 'Always',
              ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
              resources: { requests: amounts('10m'), limits: amounts('1') },
              startupProbe: probe('/health'),
              readinessProbe: probe('/ready'),
              livenessProbe: probe('/health'),
              lifecycle: { preStop: { sleep: { seconds: 5 } } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
                privileged: false,
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
              },
              volumeMounts: [{ name: 'settings', mountPath: '/etc/settings', readOnly: true }],
            },
          ],
          volumes: [{ name: 'settings', configMap: { name } }],
        },
      },
    },
  });
}
