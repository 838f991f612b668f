import { expect, test } from '@jest/globals';
import { type AutoscaleProps, autoscaler, type ScaleTarget } from '../../../src/constructs/serving/autoscaler';
import { component, written } from '../component';

const target: ScaleTarget = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' };
const all: Required<AutoscaleProps> = { minReplicas: 2, maxReplicas: 6, cpuPercent: 70 };

test('an autoscaler keeps to its bounds, grows at once and shrinks over five minutes', () => {
  const scope = component();
  autoscaler(scope, target, all);
  expect(written(scope, 'HorizontalPodAutoscaler').spec).toMatchObject({
    scaleTargetRef: target,
    minReplicas: 2,
    maxReplicas: 6,
    metrics: [{ resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }],
    behavior: { scaleUp: { stabilizationWindowSeconds: 0 }, scaleDown: { stabilizationWindowSeconds: 300 } },
  });
});
