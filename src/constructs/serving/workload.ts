import type { V1Deployment, V1PodDisruptionBudget } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import type { Strategy } from '../../core/cluster';
import { ClusterScope, Component } from '../../core/component';
import type { Peer, Pods } from '../../core/connections';
import { kubernetesObject } from '../../core/kubernetes-object';
import { type PodProps, podTemplate } from '../pod';
import { type AutoscaleProps, autoscaler } from './autoscaler';
import type { Rollout } from './rollout';
import { Service } from './service';

export interface WorkloadProps extends Omit<PodProps, 'labels' | 'spread' | 'restartPolicy'> {
  /** Name of all its objects, and what its pods are selected by; it cannot change while the workload lives. */
  readonly name: string;
  /** How a new version replaces the old one. */
  readonly strategy: Strategy;
  /** A fixed number of pods, or bounds between which an autoscaler chooses. */
  readonly scale: { readonly replicas: number } | { readonly autoscale: AutoscaleProps };
  /** Ports of its Service by name, each to the container's port of the same name. */
  readonly servicePorts: Readonly<Record<string, number>>;
}

/**
 * Kinds, as `group/Kind`, that a workload may consist of, whatever its props say today. An AppProject that permits
 * only what is there now is one sync behind the commit that needs another.
 */
export const WORKLOAD_KINDS = [
  '/Service',
  '/ServiceAccount',
  'apps/Deployment',
  'argoproj.io/Rollout',
  'autoscaling/HorizontalPodAutoscaler',
  'networking.k8s.io/NetworkPolicy',
  'policy/PodDisruptionBudget',
] as const;

/** Seconds for which a new pod must be ready before the next one is replaced. */
const MIN_READY_SECONDS = 5;
/** Seconds after which an update that does not get on counts as failed. */
const PROGRESS_DEADLINE_SECONDS = 600;

/**
 * Pods that serve requests: a Deployment, or an Argo Rollout when the strategy is blue-green, with Service, disruption
 * budget and autoscaler. Nothing changes for its users while it is updated.
 */
export class Workload extends Construct implements Pods {
  readonly name: string;
  readonly namespace: string;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly policyScope: Construct = this;
  /** What users reach. */
  readonly service: Service;
  /** What answers with the next version until it is promoted; only with a blue-green strategy. */
  readonly previewService?: Service;
  private readonly containerPorts: Readonly<Record<string, number>>;

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    this.name = props.name;
    this.namespace = Component.ofConstruct(this).defaultNamespace;
    this.containerPorts = props.containers[0].ports ?? {};
    this.podLabels = { 'app.kubernetes.io/name': props.name };

    const several = 'autoscale' in props.scale || props.scale.replicas > 1;
    const common = {
      // An autoscaler owns the number of replicas; stating it here would undo every scaling.
      ...('replicas' in props.scale && { replicas: props.scale.replicas }),
      revisionHistoryLimit: 3,
      minReadySeconds: MIN_READY_SECONDS,
      progressDeadlineSeconds: PROGRESS_DEADLINE_SECONDS,
      selector: { matchLabels: { ...this.podLabels } },
      template: podTemplate(this, { ...props, labels: this.podLabels, spread: several }),
    };

    this.service = new Service(this, 'Service', {
      name: props.name,
      selector: this.podLabels,
      ports: props.servicePorts,
      switchedByRollout: props.strategy.type === 'blueGreen',
    });
    const metadata = { name: props.name, labels: { ...this.podLabels } };
    if (props.strategy.type === 'rolling') {
      kubernetesObject<V1Deployment>(this, 'Resource', {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: { ...common, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
      });
    } else {
      this.previewService = new Service(this, 'PreviewService', {
        name: `${props.name}-preview`,
        selector: this.podLabels,
        ports: props.servicePorts,
        switchedByRollout: true,
      });
      const seconds = props.strategy.autoPromoteSeconds;
      kubernetesObject<Rollout>(this, 'Resource', {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Rollout',
        metadata,
        spec: {
          ...common,
          strategy: {
            blueGreen: {
              activeService: this.service.name,
              previewService: this.previewService.name,
              autoPromotionEnabled: seconds !== undefined,
              ...(seconds !== undefined && { autoPromotionSeconds: seconds }),
              // Endpoints are replaced at once; the old pods serve on until every proxy has noticed.
              scaleDownDelaySeconds: 30,
            },
          },
        },
      });
    }

    if (several) this.addDisruptionBudget();
    if ('autoscale' in props.scale) {
      const apiVersion = props.strategy.type === 'rolling' ? 'apps/v1' : 'argoproj.io/v1alpha1';
      const kind = props.strategy.type === 'rolling' ? 'Deployment' : 'Rollout';
      autoscaler(this, { apiVersion, kind, name: props.name }, props.scale.autoscale);
    }
  }

  /**
   * Lets `peer` open connections to the container's port of this name; the policies on both sides are derived. Policies
   * are looked at behind the Service, where only the port of the container is seen.
   */
  allowFrom(peer: Peer, portName: string, description: string): void {
    const port = this.containerPorts[portName];
    if (port === undefined) throw new TypeError(`${this.name} has no port ${portName}`);
    ClusterScope.of(this).connections.add({
      from: peer,
      to: this,
      ports: [{ port }],
      description,
    });
  }

  private addDisruptionBudget(): void {
    kubernetesObject<V1PodDisruptionBudget>(this, 'DisruptionBudget', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: this.name },
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: { ...this.podLabels } },
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    });
  }
}
