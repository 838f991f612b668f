import { Construct } from 'constructs';
import { Component } from './component';

/** Something in the cluster by kind and name; only constructs make one, so that what is named exists. */
export interface Reference<Kind extends string = string> {
  readonly kind: Kind;
  readonly name: string;
  /** Undefined for cluster-scoped kinds. */
  readonly namespace?: string;
}

export interface ExistingProps<Kind extends string> {
  readonly kind: Kind;
  readonly name: string;
  /** @default - the component's namespace; of no meaning for cluster-scoped kinds */
  readonly namespace?: string;
  /** For whom reads the list of what to create: what it is for. */
  readonly purpose: string;
  /** Keys that a Secret or ConfigMap must hold. */
  readonly keys?: readonly string[];
  /** The `kubectl` command that creates it, without its namespace. */
  readonly command?: string;
  /** What to run before, once for all namespaces. */
  readonly preparation?: string;
  /** Whether it can only be made when Argo CD has brought up what makes it. */
  readonly afterSync?: boolean;
}

/**
 * Something that is in the cluster but not in this repository, such as a Secret that a person creates. The only way to
 * refer to an object by its name: `synth` lists it and the reference check knows it.
 */
export class Existing<Kind extends string = string> extends Construct implements Reference<Kind> {
  readonly kind: Kind;
  readonly name: string;
  readonly namespace: string;

  constructor(
    scope: Construct,
    id: string,
    readonly props: ExistingProps<Kind>,
  ) {
    super(scope, id);
    this.kind = props.kind;
    this.name = props.name;
    this.namespace = props.namespace ?? Component.ofConstruct(this).defaultNamespace;
  }
}

/** Refers to something that is in the cluster without being rendered here. */
export function fromExisting<Kind extends string>(
  scope: Construct,
  id: string,
  props: ExistingProps<Kind>,
): Existing<Kind> {
  return new Existing(scope, id, props);
}
