import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Component } from '../core/component';
import type { Reference } from '../core/existing';
import { rememberSource } from '../core/source-location';

/** What may be done to a kind of object, or to one object of it. */
export interface Permission {
  /** `''` is the core group. */
  readonly apiGroup: string;
  /** Plural, with the subresource if it is one: `pods`, `workflowtasksets/status`. */
  readonly resource: string;
  readonly verbs: readonly string[];
  /** @default - every object of the kind in the namespace; `create` cannot be bound to a name */
  readonly resourceName?: string;
}

export interface RoleProps {
  /** Name of the Role and of its RoleBinding. */
  readonly name: string;
  readonly serviceAccount: Reference<'ServiceAccount'>;
  readonly permissions: readonly [Permission, ...Permission[]];
}

/** A Role in the component's namespace, bound to one ServiceAccount. */
export class BoundRole extends Construct {
  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    const role = new kplus.Role(this, 'Role', { metadata: { name: props.name } });
    for (const { apiGroup, resource, verbs, resourceName } of props.permissions) {
      role.allow([...verbs], apiResource(apiGroup, resource, resourceName));
    }
    const binding = new kplus.RoleBinding(this, 'Binding', { metadata: { name: props.name }, role });
    const account = kplus.ServiceAccount.fromServiceAccountName(this, 'ServiceAccount', props.serviceAccount.name, {
      // Left out, it would be "default".
      namespaceName: props.serviceAccount.namespace ?? Component.ofConstruct(this).defaultNamespace,
    });
    binding.addSubjects(account);
    rememberSource(role.node.defaultChild ?? role);
    rememberSource(binding.node.defaultChild ?? binding);
  }
}

function apiResource(
  apiGroup: string,
  resourceType: string,
  resourceName: string | undefined,
): kplus.IApiResource & kplus.IApiEndpoint {
  const resource = {
    apiGroup,
    resourceType,
    ...(resourceName !== undefined && { resourceName }),
    asApiResource: () => resource,
    asNonApiResource: () => undefined,
  };
  return resource;
}
