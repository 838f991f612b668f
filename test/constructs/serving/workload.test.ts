import { describe, expect, test } from '@jest/globals';
import type { ContainerProps } from '../../../src/constructs/container';
import { Workload, type WorkloadProps } from '../../../src/constructs/serving/workload';
import { temporaryVolume } from '../../../src/constructs/volumes/mountable';
import { component, written } from '../component';

const image = { repository: 'registry.example.org/api', tag: '1.0.0' };
const probe = { httpGet: { path: '/', port: 'http' } };
const minimalContainer: ContainerProps = { name: 'api', image, resources: 'small' };
const allOfContainer: Required<ContainerProps> = {
  name: 'api',
  image,
  command: ['serve'],
  args: ['--fast'],
  environment: { LEVEL: 'info' },
  ports: { http: 8080 },
  mounts: [{ volume: temporaryVolume('temporary', '16Mi'), path: '/tmp', readOnly: true }],
  resources: 'large',
  accelerator: { resource: 'nvidia.com/gpu', count: 1 },
  probes: { startup: probe, readiness: probe, liveness: probe },
  drainSeconds: 7,
};
const minimal: WorkloadProps = {
  name: 'api',
  serviceAccount: { kind: 'ServiceAccount', name: 'api' },
  priorityClass: { kind: 'PriorityClass', name: 'ml-platform' },
  strategy: { type: 'rolling' },
  scale: { replicas: 1 },
  servicePorts: { http: 80 },
  containers: [minimalContainer],
};
const all: Required<WorkloadProps> = {
  ...minimal,
  containers: [allOfContainer],
  initContainers: [minimalContainer],
  placement: { nodeSelector: { 'kubernetes.io/hostname': 'ubuntu2' }, tolerations: [{ operator: 'Exists' }] },
  usesKubernetesApi: true,
  annotations: { 'example.org/a': 'b' },
  strategy: { type: 'blueGreen', autoPromoteSeconds: 60 },
  scale: { autoscale: { minReplicas: 2, maxReplicas: 4, cpuPercent: 70 } },
};

describe('Workload', () => {
  test('minimal props: a Deployment under the restricted standard, placed anywhere', () => {
    const scope = component();
    new Workload(scope, 'Workload', minimal);
    const { spec } = written(scope, 'Deployment');
    const pod = spec.template.spec;
    expect(spec.replicas).toBe(1);
    expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(pod.containers[0]).toMatchObject({
      image: 'registry.example.org/api:1.0.0',
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      },
    });
    for (const key of ['nodeSelector', 'tolerations', 'affinity', 'topologySpreadConstraints', 'volumes']) {
      expect(pod).not.toHaveProperty(key);
    }
    expect(written(scope, 'PodDisruptionBudget')).toBeUndefined();
    expect(written(scope, 'HorizontalPodAutoscaler')).toBeUndefined();
  });

  test('all props: a Rollout that an autoscaler scales, with everything where Kubernetes reads it', () => {
    const scope = component();
    const workload = new Workload(scope, 'Workload', all);
    const { spec } = written(scope, 'Rollout');
    const pod = spec.template.spec;
    expect(spec).not.toHaveProperty('replicas');
    expect(spec.strategy.blueGreen).toMatchObject({
      activeService: 'api',
      previewService: 'api-preview',
      autoPromotionEnabled: true,
      autoPromotionSeconds: 60,
    });
    expect(workload.previewService?.name).toBe('api-preview');
    expect(spec.template.metadata.annotations).toEqual(all.annotations);
    expect(pod).toMatchObject({
      automountServiceAccountToken: true,
      nodeSelector: all.placement?.nodeSelector,
      tolerations: [{ operator: 'Exists' }, { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
      terminationGracePeriodSeconds: 37,
      volumes: [{ name: 'temporary', emptyDir: { sizeLimit: '16Mi' } }],
    });
    expect(pod.initContainers).toHaveLength(1);
    expect(pod.containers[0]).toMatchObject({
      command: ['serve'],
      args: ['--fast'],
      env: [{ name: 'LEVEL', value: 'info' }],
      ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
      volumeMounts: [{ name: 'temporary', mountPath: '/tmp', readOnly: true }],
      resources: { requests: { 'nvidia.com/gpu': '1' }, limits: { 'nvidia.com/gpu': '1' } },
      startupProbe: probe,
      readinessProbe: probe,
      livenessProbe: probe,
      lifecycle: { preStop: { sleep: { seconds: 7 } } },
    });
    expect(written(scope, 'PodDisruptionBudget').spec.maxUnavailable).toBe(1);
    expect(written(scope, 'HorizontalPodAutoscaler').spec).toMatchObject({
      scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'api' },
      minReplicas: 2,
      maxReplicas: 4,
    });
  });

  test('two volumes of one name are refused: one of them would be lost', () => {
    const mounts = ['/a', '/b'].map((path) => ({ volume: temporaryVolume('temporary', '1Mi'), path }));
    expect(
      () => new Workload(component(), 'Workload', { ...minimal, containers: [{ ...minimalContainer, mounts }] }),
    ).toThrow('two volumes of a pod are called temporary');
  });
});
