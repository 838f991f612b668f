import type { RenderedObject } from '../../render/model';

/** One object that names another. */
export interface ObjectReference {
  /** The object that names. */
  readonly object: RenderedObject;
  /** Path of the name in it. */
  readonly field: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined for cluster-scoped kinds. */
  readonly namespace?: string;
  /** Keys of a Secret or ConfigMap that are read. */
  readonly keys?: readonly string[];
  /** Port of a Service, by number or name. */
  readonly port?: number | string;
  /** The referring object works without it. */
  readonly optional?: boolean;
  /** Whether it must be there before the referring object can be applied and become healthy. */
  readonly needed: boolean;
}

/** Collects the references of one object; a value that is no name, or that is only known at run time, is none. */
export type Collect = (
  field: string,
  kind: string,
  name: unknown,
  more?: Partial<Pick<ObjectReference, 'namespace' | 'keys' | 'port' | 'optional' | 'needed'>>,
) => void;
