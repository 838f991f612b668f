import type { V1Secret } from '@kubernetes/client-node';
import { Construct } from 'constructs';
import type { Manifest } from '../argo-workflows/language';
import { BoundRole } from '../constructs/role';
import { Secret } from '../constructs/secret';
import { ServiceAccount } from '../constructs/service-account';
import { credentialKeys, type GitRepository } from '../core/cluster';
import { ClusterScope, Component } from '../core/component';
import type { Pods } from '../core/connections';
import { kubernetesObject } from '../core/kubernetes-object';
import { type GitAccess, type PipelineEnvironment, REACHES } from '../pipelines/environment';
import { gitServers } from './git-server';
import type { Namespaces } from './namespaces';
import { pullSecret } from './pull-secret';
import type { Storage } from './storage';

export interface PipelineProps {
  /** Name of the pipeline, of its namespace and of its folder. */
  readonly name: 'train-new-model-version' | 'train-and-inference-testing' | 'promote-model-version';
  /** Whether its steps put contents into the DVC remote. */
  readonly contents: 'read' | 'write';
}

/**
 * A namespace in which a pipeline runs: the identity of its pods with the two permissions that they need, the folders
 * that they mount and the connections that they may open.
 */
export class Pipeline extends Component {
  /** What its workflow template is made from. */
  readonly environment: PipelineEnvironment;

  constructor(scope: ClusterScope, storage: Storage, namespaces: Namespaces, props: PipelineProps) {
    super(scope, { name: props.name, namespace: props.name, wave: 'pipelines', project: 'pipelines' });
    const credentials = pullSecret(this);
    const serviceAccount = new ServiceAccount(this, 'ServiceAccount', { name: 'workflow', pullSecret: credentials });
    // Argo's own containers report outputs with it; the steps get no token.
    // https://argo-workflows.readthedocs.io/en/release-3.7/service-account-secrets/
    kubernetesObject<V1Secret>(this, 'Token', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: `${serviceAccount.name}.service-account-token`,
        annotations: { 'kubernetes.io/service-account.name': serviceAccount.name },
      },
      type: 'kubernetes.io/service-account-token',
    });
    // What a pod of Argo Workflows reports its outputs with, and nothing else.
    // https://argo-workflows.readthedocs.io/en/release-3.7/workflow-rbac/
    new BoundRole(this, 'Role', {
      name: 'workflow',
      serviceAccount,
      permissions: [{ apiGroup: 'argoproj.io', resource: 'workflowtaskresults', verbs: ['create', 'patch'] }],
    });
    const { cluster, connections } = scope;
    const { apiServer } = cluster.network;
    connections.add({
      from: this.pods('workflow-pods', {}),
      to: { cidr: apiServer.cidr },
      ports: [{ port: apiServer.port }],
      description: 'steps report their outputs',
    });
    this.environment = {
      cluster,
      serviceAccount,
      pullSecret: credentials,
      priorityClass: namespaces.priorities['ml-batch'],
      placement: cluster.placements.compute,
      modelRepository: this.gitAccess('model-repository', cluster.repositories.model, REACHES.modelRepository),
      contents: storage.claim(this, 'dvc', { readOnly: props.contents === 'read' }),
    };
  }

  /** Pods of the pipeline that have all of these labels. */
  pods(name: string, podLabels: Readonly<Record<string, string>>): Pods {
    return { name, namespace: this.defaultNamespace, podLabels, policyScope: new Construct(this, `Network-${name}`) };
  }

  /** Adds what the pipeline consists of. */
  protected add(id: string, definition: { readonly toManifest: () => Manifest }): void {
    kubernetesObject(this, id, { ...definition.toManifest() });
  }

  /** Lets the pods with a label reach a Git server, with the credentials that the cluster's data names. */
  protected gitAccess(name: string, repository: GitRepository, label: string): GitAccess {
    const { url, pushUrl = url, credentials } = repository;
    const { connections } = ClusterScope.of(this);
    const from = this.pods(`reaches-${name}`, { [label]: 'true' });
    for (const { port, addresses } of gitServers(repository)) {
      for (const to of addresses) {
        connections.add({ from, to, ports: [{ port }], description: `clones and pushes the ${name}` });
      }
    }
    const isPrivate = credentials !== undefined && pushUrl === url;
    if (!credentials) return { url: pushUrl, label, isPrivate };
    const keys = credentialKeys(repository);
    const secret = new Secret(this, `Credentials-${name}`, {
      name: `${name}-credentials`,
      purpose: `lets steps clone and push ${pushUrl}`,
      keys,
      source: credentials,
      command: `kubectl create secret generic ${name}-credentials ${keys.map((key) => `--from-file=${key}`).join(' ')}`,
    });
    const type = keys.includes('token') ? 'token' : 'ssh';
    return { url: pushUrl, label, isPrivate, credentials: { type, files: secret.files(`${name}-credentials`) } };
  }
}
