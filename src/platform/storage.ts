import type { V1StorageClass } from '@kubernetes/client-node';
import type { Construct } from 'constructs';
import { Claim, LOCAL_STORAGE_CLASS } from '../constructs/volumes/claim';
import type { Cluster } from '../core/cluster';
import { type ClusterScope, Component } from '../core/component';
import { kubernetesObject } from '../core/kubernetes-object';

export type VolumeName = keyof Cluster['storage'];

/**
 * The StorageClass and the PersistentVolumes. Each claim belongs to the component that mounts it; the volume behind it,
 * which no namespace has, belongs here.
 */
export class Storage extends Component {
  private readonly cluster: Cluster;

  constructor(scope: ClusterScope) {
    super(scope, { name: 'storage', namespace: 'default', wave: 'storage', project: 'storage', cascadeDelete: false });
    this.cluster = scope.cluster;
    kubernetesObject<V1StorageClass>(this, 'StorageClass', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: LOCAL_STORAGE_CLASS },
      provisioner: 'kubernetes.io/no-provisioner',
      reclaimPolicy: 'Retain',
      // A volume that is not bound yet waits for its pod, so that both end up on the same node.
      volumeBindingMode: 'WaitForFirstConsumer',
    });
  }

  /** A claim of `consumer`'s namespace on one of the cluster's folders, with a volume of its own. */
  claim(consumer: Construct, name: VolumeName, options: { readonly readOnly?: boolean } = {}): Claim {
    return new Claim(consumer, `claim-${name}`, {
      name,
      source: this.cluster.storage[name],
      volumeScope: this,
      ...options,
    });
  }

  /** A read-only claim on the folder of reviews; undefined when the data set comes from elsewhere. */
  claimDataset(consumer: Construct): Claim | undefined {
    const { dataset } = this.cluster;
    if (dataset.from !== 'volume') return undefined;
    return new Claim(consumer, 'claim-dataset', {
      name: 'dataset',
      source: dataset.volume,
      volumeScope: this,
      readOnly: true,
    });
  }
}
