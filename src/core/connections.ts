import type { Construct } from 'constructs';

/** Pods that take part in the network: selected by labels in a namespace. */
export interface Pods {
  readonly namespace: string;
  readonly podLabels: Readonly<Record<string, string>>;
  /** Name of their policy, unique in the namespace. */
  readonly name: string;
  /** Where their policy is written; left out for pods of others, which have policies of their own or none. */
  readonly policyScope?: Construct;
}

/** Addresses outside the pods: nodes, the API server, the internet. */
export interface Addresses {
  readonly cidr: string;
  readonly except?: readonly string[];
}

export type Peer = Pods | Addresses;

export interface Port {
  readonly port: number;
  /** @default TCP */
  readonly protocol?: 'TCP' | 'UDP';
}

/** One permitted direction: `from` may open connections to `to` on these ports. */
export interface Edge {
  readonly from: Peer;
  readonly to: Peer;
  readonly ports: readonly Port[];
  /** Why, for the picture of the network. */
  readonly description: string;
}

export function isAddresses(peer: Peer): peer is Addresses {
  return 'cidr' in peer;
}

/** All edges of a cluster; policies on both sides are derived from them once everything is constructed. */
export class Connections {
  private readonly declared: Edge[] = [];

  get edges(): readonly Edge[] {
    return this.declared;
  }

  add(edge: Edge): void {
    this.declared.push(edge);
  }
}
