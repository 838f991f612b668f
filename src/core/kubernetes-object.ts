import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { rememberSource } from './source-location';

/** What every object in wire format has. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/**
 * Emits an object in wire format. Its type comes from `@kubernetes/client-node` or from one of this project's narrow
 * interfaces, so that fields have the API's own names and nothing is filtered on the way out.
 *
 * @throws when the object has no name: names made from construct paths change when code is moved, and selectors and
 * volumes are bound to names.
 */
export function kubernetesObject<T extends KubernetesObject>(scope: Construct, id: string, object: T): ApiObject {
  const { apiVersion, kind, metadata } = object;
  if (!apiVersion || !kind || !metadata?.name)
    throw new TypeError(`${scope.node.path}/${id}: apiVersion, kind and metadata.name are required`);
  const apiObject = new ApiObject(scope, id, {
    ...object,
    apiVersion,
    kind,
    metadata: { ...metadata, name: metadata.name },
  });
  rememberSource(apiObject);
  return apiObject;
}
