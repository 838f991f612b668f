/** Fields that an API server does not let anybody change, of kinds of one API group. */
export interface ImmutableFields {
  readonly group: string;
  readonly kinds: readonly string[];
  /** Paths of the fields; everything below them is meant too. */
  readonly fields: readonly string[];
  /** What to do, in the imperative. */
  readonly fix: string;
}

const orphan = (kind: string) =>
  `give it another name, or delete it once with "kubectl delete ${kind} NAME --cascade=orphan" after merging: its pods go on, and Argo CD makes it again`;
const again = 'give it another name, or delete it once after merging: Argo CD makes it again';

/**
 * What the API server compares on update, by group and kind.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/apps/validation/validation.go
 */
export const immutableFields: readonly ImmutableFields[] = [
  {
    group: 'apps',
    kinds: ['Deployment'],
    fields: ['spec.selector'],
    fix: `keep the selector, or ${orphan('deployment')}; pods that the new selector misses are then deleted by hand`,
  },
  {
    group: 'apps',
    kinds: ['DaemonSet', 'ReplicaSet'],
    fields: ['spec.selector'],
    fix: `keep the selector, or ${again}`,
  },
  {
    group: 'apps',
    kinds: ['StatefulSet'],
    fields: ['spec.selector', 'spec.serviceName', 'spec.podManagementPolicy', 'spec.volumeClaimTemplates'],
    fix: orphan('statefulset'),
  },
  {
    group: 'batch',
    kinds: ['Job'],
    fields: [
      'spec.selector',
      'spec.template',
      'spec.completionMode',
      'spec.podFailurePolicy',
      'spec.successPolicy',
      'spec.backoffLimitPerIndex',
      'spec.managedBy',
    ],
    fix: 'give the Job another name, or annotate it with "argocd.argoproj.io/sync-options: Replace=true,Force=true", with which it runs again',
  },
  {
    group: '',
    kinds: ['Service'],
    fields: ['spec.clusterIP', 'spec.clusterIPs'],
    fix: 'give the Service another name and lead its clients there, or delete it once after merging: clients lose it until Argo CD has made it again',
  },
  {
    group: '',
    kinds: ['PersistentVolumeClaim'],
    fields: [
      'spec.accessModes',
      'spec.dataSource',
      'spec.dataSourceRef',
      'spec.selector',
      'spec.storageClassName',
      'spec.volumeMode',
      'spec.volumeName',
    ],
    fix: 'make a claim of another name beside it, copy the data, then lead its consumers there',
  },
  {
    group: '',
    kinds: ['PersistentVolume'],
    fields: [
      'spec.awsElasticBlockStore',
      'spec.azureDisk',
      'spec.azureFile',
      'spec.cephfs',
      'spec.csi',
      'spec.fc',
      'spec.gcePersistentDisk',
      'spec.hostPath',
      'spec.iscsi',
      'spec.local',
      'spec.nfs',
      'spec.nodeAffinity',
      'spec.volumeMode',
    ],
    fix: 'make a volume of another name with a claim of its own, copy the data, then lead its consumers there',
  },
  {
    group: 'storage.k8s.io',
    kinds: ['StorageClass'],
    fields: ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'],
    fix: 'give the class another name, or delete it once after merging: volumes that it made stay, and Argo CD makes it again',
  },
  {
    group: 'rbac.authorization.k8s.io',
    kinds: ['RoleBinding', 'ClusterRoleBinding'],
    fields: ['roleRef'],
    fix: `${again}, and its subjects lack the role until then`,
  },
  { group: 'scheduling.k8s.io', kinds: ['PriorityClass'], fields: ['value', 'preemptionPolicy'], fix: again },
  { group: '', kinds: ['Secret'], fields: ['type'], fix: again },
  { group: 'networking.k8s.io', kinds: ['IngressClass'], fields: ['spec.controller'], fix: again },
  { group: 'node.k8s.io', kinds: ['RuntimeClass'], fields: ['handler'], fix: again },
  {
    group: 'apiextensions.k8s.io',
    kinds: ['CustomResourceDefinition'],
    fields: ['spec.group', 'spec.names.kind', 'spec.names.plural', 'spec.scope'],
    fix: 'keep it, and define the new shape under another name',
  },
];
