import type { V1ServiceAccount } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import { Component } from '../core/component';
import type { Reference } from '../core/existing';
import { kubernetesObject } from '../core/kubernetes-object';

export interface ServiceAccountProps {
  readonly name: string;
  /**
   * Credentials for images of a private registry.
   * @default - only images that anybody may pull
   */
  readonly pullSecret?: Reference<'Secret'>;
}

/** The identity of one workload, without a token unless a pod asks for one. */
export class ServiceAccount extends Construct implements Reference<'ServiceAccount'> {
  readonly kind = 'ServiceAccount';
  readonly name: string;
  readonly namespace: string;

  constructor(scope: Construct, id: string, props: ServiceAccountProps) {
    super(scope, id);
    this.name = props.name;
    this.namespace = Component.ofConstruct(this).defaultNamespace;
    kubernetesObject<V1ServiceAccount>(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: props.name },
      automountServiceAccountToken: false,
      ...(props.pullSecret && { imagePullSecrets: [{ name: props.pullSecret.name }] }),
    });
  }
}
