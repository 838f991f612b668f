import type {
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1PersistentVolumeSpec,
  V1Volume,
} from '@kubernetes/client-node';
import { Construct } from 'constructs';
import type { LocalVolume, NfsVolume, VolumeSource } from '../../core/cluster';
import { ClusterScope, Component } from '../../core/component';
import type { Reference } from '../../core/existing';
import { kubernetesObject } from '../../core/kubernetes-object';
import { keepOnDeletion } from '../../core/protected';
import type { Mountable } from './mountable';

/** StorageClass of the volumes that are directories of nodes. */
export const LOCAL_STORAGE_CLASS = 'local-storage';

export interface ClaimProps {
  /** Name of the claim and, within pods, of the volume. */
  readonly name: string;
  /** What backs it. */
  readonly source: VolumeSource;
  /**
   * Where the PersistentVolume of a static volume is written; the claim itself belongs to the component that mounts it.
   */
  readonly volumeScope: Construct;
  /**
   * Only ever read: the volume is mounted read-only by the node itself.
   * @default false
   */
  readonly readOnly?: boolean;
}

/**
 * A PersistentVolumeClaim, with the PersistentVolume behind it when that is a directory of a node or of an NFS server.
 * Such a pair is bound to each other in both directions and kept whatever happens to its Application.
 */
export class Claim extends Construct implements Mountable, Reference<'PersistentVolumeClaim'> {
  readonly kind = 'PersistentVolumeClaim';
  readonly name: string;
  readonly namespace: string;
  readonly readOnly: boolean;
  /** The node that pods must run on to mount it, when there is only one. */
  readonly pinnedTo?: string;
  readonly source: Omit<V1Volume, 'name'>;

  constructor(scope: Construct, id: string, props: ClaimProps) {
    super(scope, id);
    const { source } = props;
    this.name = props.name;
    this.namespace = Component.ofConstruct(this).defaultNamespace;
    this.readOnly = props.readOnly ?? false;
    this.source = { persistentVolumeClaim: { claimName: props.name, ...(this.readOnly && { readOnly: true }) } };
    if (source.type === 'local') this.pinnedTo = source.node;

    const volumeName = source.type === 'class' ? undefined : `${this.namespace}-${props.name}`;
    const accessModes = [accessMode(source, this.readOnly)];
    const storageClassName = storageClass(source);
    if (source.type !== 'class' && volumeName) {
      kubernetesObject<V1PersistentVolume>(props.volumeScope, volumeName, {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: volumeName, annotations: keepOnDeletion },
        spec: {
          accessModes,
          capacity: { storage: source.size },
          claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: props.name, namespace: this.namespace },
          persistentVolumeReclaimPolicy: 'Retain',
          storageClassName,
          volumeMode: 'Filesystem',
          ...(source.type === 'local' ? localDirectory(source) : this.nfsExport(source)),
        },
      });
    }
    kubernetesObject<V1PersistentVolumeClaim>(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: props.name, annotations: keepOnDeletion },
      spec: {
        accessModes,
        resources: { requests: { storage: source.size } },
        storageClassName,
        volumeMode: 'Filesystem',
        ...(volumeName && { volumeName }),
      },
    });
  }

  private nfsExport(source: NfsVolume): V1PersistentVolumeSpec {
    const server = ClusterScope.of(this).cluster.nodes[source.server]?.address;
    if (!server) throw new TypeError(`${this.node.path}: ${source.server} is no node of the cluster`);
    return {
      nfs: { server, path: source.path, readOnly: this.readOnly },
      // hard: a writer waits for a server that is away; giving up would leave half a file that looks whole.
      mountOptions: ['nfsvers=4.1', 'hard', 'timeo=600', 'retrans=2', 'noatime', ...(this.readOnly ? ['ro'] : [])],
    };
  }
}

function localDirectory(source: LocalVolume): V1PersistentVolumeSpec {
  return {
    local: { path: source.path },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [source.node] }] },
        ],
      },
    },
  };
}

/** A local directory is one node's, whoever reads it; a share may be mounted by many. */
function accessMode(source: VolumeSource, readOnly: boolean): string {
  if (source.type !== 'nfs') return 'ReadWriteOnce';
  return readOnly ? 'ReadOnlyMany' : 'ReadWriteMany';
}

function storageClass(source: VolumeSource): string {
  switch (source.type) {
    case 'local':
      return LOCAL_STORAGE_CLASS;
    case 'class':
      return source.storageClass;
    case 'nfs':
      // Empty, not absent: absent means the default class, whose provisioner would make a second volume.
      return '';
  }
}
