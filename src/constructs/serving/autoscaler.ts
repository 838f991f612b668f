import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import type { Construct } from 'constructs';
import { kubernetesObject } from '../../core/kubernetes-object';

export interface AutoscaleProps {
  /** Two or more, so that one may go. */
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Average use of the requested CPU that is aimed at, in percent. */
  readonly cpuPercent: number;
}

/** What is scaled: the workload then leaves out `replicas`, which belong to the autoscaler. */
export interface ScaleTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/**
 * Scales by CPU: up at once, down over five minutes.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
 */
export function autoscaler(scope: Construct, target: ScaleTarget, props: AutoscaleProps): void {
  kubernetesObject<V2HorizontalPodAutoscaler>(scope, 'Autoscaler', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: target.name },
    spec: {
      scaleTargetRef: { ...target },
      minReplicas: props.minReplicas,
      maxReplicas: props.maxReplicas,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: props.cpuPercent } },
        },
      ],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          policies: [
            { type: 'Percent', value: 100, periodSeconds: 15 },
            { type: 'Pods', value: 2, periodSeconds: 15 },
          ],
          selectPolicy: 'Max',
        },
        scaleDown: {
          stabilizationWindowSeconds: 300,
          policies: [{ type: 'Percent', value: 25, periodSeconds: 60 }],
          selectPolicy: 'Max',
        },
      },
    },
  });
}
