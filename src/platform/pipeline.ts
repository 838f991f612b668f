import { Construct } from 'constructs';
import { BoundRole } from '../constructs/role';
import { ServiceAccount } from '../constructs/service-account';
import { ClusterScope, Component } from '../core/component';
import type { Pods } from '../core/connections';
import { allow } from '../core/exceptions';
import { pullSecret } from './pull-secret';
import type { Storage, VolumeName } from './storage';

export interface PipelineProps {
  /** Name of the pipeline, of its namespace and of its folder. */
  readonly name: 'train-new-model-version' | 'train-and-inference-testing' | 'promote-model-version';
  /** Folders that its steps mount, and whether they only read them. */
  readonly folders: Partial<Record<VolumeName, 'read' | 'write'>>;
  /** Whether its steps read the labelled reviews. */
  readonly dataset: boolean;
}

/** Networks that are nobody's on the internet; a step that may reach the internet may not reach these by it. */
const PRIVATE_NETWORKS = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];

/**
 * A namespace in which a pipeline runs: the identity of its pods with the two permissions that they need, the folders
 * that they mount and the connections that they may open.
 */
export class Pipeline extends Component {
  readonly serviceAccount: ServiceAccount;

  constructor(scope: ClusterScope, storage: Storage, props: PipelineProps) {
    super(scope, { name: props.name, namespace: props.name, wave: 'pipelines', project: 'pipelines' });
    this.serviceAccount = new ServiceAccount(this, 'ServiceAccount', {
      name: 'workflow',
      pullSecret: pullSecret(this),
    });
    allow(this.serviceAccount, 'rbac-unused', 'runs of the pipeline, which are not in Git, use it');
    // What a pod of Argo Workflows reports its outputs with, and nothing else.
    // https://argo-workflows.readthedocs.io/en/stable/workflow-rbac/
    new BoundRole(this, 'Role', {
      name: 'workflow',
      serviceAccount: this.serviceAccount,
      permissions: [{ apiGroup: 'argoproj.io', resource: 'workflowtaskresults', verbs: ['create', 'patch'] }],
    });
    for (const [name, use] of Object.entries(props.folders)) {
      storage.claim(this, name as VolumeName, { readOnly: use === 'read' });
    }
    if (props.dataset) storage.claimDataset(this);
    this.connect(props);
  }

  private connect(props: PipelineProps): void {
    const { cluster, connections } = ClusterScope.of(this);
    const pods: Pods = {
      name: 'workflow-pods',
      namespace: props.name,
      podLabels: {},
      policyScope: new Construct(this, 'Network'),
    };
    const { apiServer } = cluster.network;
    connections.add({
      from: pods,
      to: { cidr: apiServer.cidr },
      ports: [{ port: apiServer.port }],
      description: 'steps report their outputs',
    });
    if (props.dataset && cluster.dataset.from === 'url') {
      const { url, networks = ['0.0.0.0/0'] } = cluster.dataset;
      const { protocol, port } = new URL(url);
      for (const cidr of networks) {
        connections.add({
          from: pods,
          to: { cidr, ...(cidr === '0.0.0.0/0' && { except: PRIVATE_NETWORKS }) },
          ports: [{ port: port ? Number(port) : protocol === 'https:' ? 443 : 80 }],
          description: 'fetches the data set',
        });
      }
    }
  }
}
