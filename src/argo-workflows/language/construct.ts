import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Manifest } from './manifest';
import { EXECUTOR_RULES } from './workflow-template';

/** What the language makes: a workflow template, a cron workflow or an event binding. */
export interface Renderable {
  readonly name: string;
  toManifest(): Manifest;
}

/**
 * A workflow template, cron workflow or event binding in a chart.
 *
 * @example new WorkflowObject(chart, 'train', workflowTemplate('train', { ... }));
 */
export class WorkflowObject extends ApiObject {
  /** @throws WorkflowError with all mistakes at once */
  constructor(scope: Construct, id: string, definition: Renderable) {
    super(scope, id, definition.toManifest());
  }
}

/** Fields of the identity of workflow pods. */
export interface ExecutorProps {
  /** The name of all its objects. */
  readonly name: string;
}

/**
 * The ServiceAccount that pods of a workflow template run as. It may report results and nothing else; only Argo's own
 * containers get its token, from the Secret that Argo looks for.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/workflow-rbac/
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/service-account-secrets/
 */
export class Executor extends Construct {
  /** The name of the ServiceAccount. */
  readonly name: string;

  constructor(scope: Construct, id: string, { name }: ExecutorProps) {
    super(scope, id);
    this.name = name;
    new ApiObject(this, 'ServiceAccount', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name },
      automountServiceAccountToken: false,
    });
    new ApiObject(this, 'Token', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: `${name}.service-account-token`,
        annotations: { 'kubernetes.io/service-account.name': name },
      },
      type: 'kubernetes.io/service-account-token',
    });
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    new ApiObject(this, 'Role', { apiVersion, kind: 'Role', metadata: { name }, rules: EXECUTOR_RULES });
    new ApiObject(this, 'RoleBinding', {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name }],
    });
  }
}
