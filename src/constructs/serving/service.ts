import type { V1Service } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { Component } from '../../core/component';
import type { Reference } from '../../core/existing';
import { kubernetesObject } from '../../core/kubernetes-object';

export interface ServiceProps {
  readonly name: string;
  readonly selector: Readonly<Record<string, string>>;
  /** Ports of the Service by name; each leads to the container's port of the same name. */
  readonly ports: Readonly<Record<string, number>>;
  /**
   * Port on every node, by name.
   * @default - reachable in the cluster only
   */
  readonly nodePorts?: Readonly<Record<string, number>>;
  /**
   * A Rollout adds the revision that it serves to the selector.
   *
   * Argo CD then applies the Service as clients do, key by key: the server's way replaces selectors whole, and a Rollout
   * whose Service has lost its revision makes the next one active at once, without a pause.
   * @default false
   * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#server-side-apply
   */
  readonly switchedByRollout?: boolean;
}

/** A stable name and address for pods. */
export class Service extends Construct implements Reference<'Service'> {
  readonly kind = 'Service';
  readonly name: string;
  readonly namespace: string;
  readonly ports: Readonly<Record<string, number>>;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    this.name = props.name;
    this.ports = props.ports;
    this.namespace = Component.ofConstruct(this).defaultNamespace;
    kubernetesObject<V1Service>(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: props.name,
        labels: { ...props.selector },
        ...(props.switchedByRollout && {
          annotations: { 'argocd.argoproj.io/sync-options': 'ServerSideApply=false' },
        }),
      },
      spec: {
        type: props.nodePorts ? 'NodePort' : 'ClusterIP',
        selector: { ...props.selector },
        ports: Object.entries(props.ports).map(([name, port]) => ({
          name,
          port,
          targetPort: name,
          protocol: 'TCP',
          ...(props.nodePorts?.[name] !== undefined && { nodePort: props.nodePorts[name] }),
        })),
      },
    });
  }

  /** The port of this name, for routes and probes. */
  port(name: string): number {
    const port = this.ports[name];
    if (port === undefined)
      throw new TypeError(`Service ${this.name} has no port ${name}, only ${Object.keys(this.ports).join(', ')}`);
    return port;
  }
}
