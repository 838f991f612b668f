import type { V1PodTemplateSpec } from '@kubernetes/client-node';

/**
 * An Argo Rollout, in the fields that this platform uses.
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/specification/
 */
export interface Rollout {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'Rollout';
  readonly metadata: { readonly name: string; readonly labels?: Record<string, string> };
  readonly spec: {
    /** Left out when an autoscaler owns it. */
    readonly replicas?: number;
    readonly revisionHistoryLimit: number;
    readonly minReadySeconds: number;
    readonly progressDeadlineSeconds: number;
    readonly selector: { readonly matchLabels: Record<string, string> };
    readonly template: V1PodTemplateSpec;
    readonly strategy: { readonly blueGreen: BlueGreen };
  };
}

/** @see https://argo-rollouts.readthedocs.io/en/stable/features/bluegreen/ */
export interface BlueGreen {
  readonly activeService: string;
  readonly previewService: string;
  readonly autoPromotionEnabled: boolean;
  readonly autoPromotionSeconds?: number;
  readonly scaleDownDelaySeconds: number;
}
