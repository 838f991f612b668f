import { describe, expect, test } from '@jest/globals';
import { Claim, type ClaimProps } from '../../../src/constructs/volumes/claim';
import { component, objects, written } from '../component';

const local = { type: 'local', node: 'ubuntu2', path: '/srv/mlops/training', size: '5Gi' } as const;
const nfs = { type: 'nfs', server: 'ubuntu3', path: '/srv/nfs/models', size: '10Gi' } as const;
const provisioned = { type: 'class', storageClass: 'standard', size: '1Gi' } as const;

function claim(props: Omit<ClaimProps, 'name' | 'volumeScope'>) {
  const scope = component();
  const made = new Claim(scope, 'Claim', { name: 'api', volumeScope: scope, ...props });
  const [volume, one] = [written(scope, 'PersistentVolume', 'a-api'), written(scope, 'PersistentVolumeClaim')];
  return { made, volume, claim: one, objects: objects(scope) };
}

describe('a claim', () => {
  test('of a local directory is bound in both directions, to one node, and kept', () => {
    const { made, volume, claim: one } = claim({ source: local });
    expect(made).toMatchObject({ name: 'api', namespace: 'a', readOnly: false, pinnedTo: 'ubuntu2' });
    expect(volume.spec).toMatchObject({
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '5Gi' },
      claimRef: { name: 'api', namespace: 'a' },
      persistentVolumeReclaimPolicy: 'Retain',
      local: { path: '/srv/mlops/training' },
    });
    const [term] = volume.spec.nodeAffinity.required.nodeSelectorTerms;
    expect(term.matchExpressions).toEqual([{ key: 'kubernetes.io/hostname', operator: 'In', values: ['ubuntu2'] }]);
    expect(one.spec).toMatchObject({ volumeName: 'a-api', storageClassName: 'local-storage' });
    for (const { metadata } of [volume, one]) {
      expect(metadata.annotations).toEqual({ 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' });
    }
  });

  test('of an NFS export is for many, at the address of the server, and waits for a server that is away', () => {
    const { made, volume, claim: one } = claim({ source: nfs });
    expect(made.pinnedTo).toBeUndefined();
    expect(volume.spec).toMatchObject({
      accessModes: ['ReadWriteMany'],
      nfs: { server: '192.168.10.13', path: '/srv/nfs/models', readOnly: false },
      storageClassName: '',
    });
    expect(volume.spec.mountOptions).toContain('hard');
    expect(volume.spec.mountOptions).not.toContain('ro');
    expect(one.spec.storageClassName).toBe('');
  });

  test('that is only read is mounted read-only by the node and by the pod', () => {
    const { made, volume } = claim({ source: nfs, readOnly: true });
    expect(volume.spec).toMatchObject({ accessModes: ['ReadOnlyMany'], nfs: { readOnly: true } });
    expect(volume.spec.mountOptions).toContain('ro');
    expect(made.source).toEqual({ persistentVolumeClaim: { claimName: 'api', readOnly: true } });
  });

  test('of a StorageClass has no volume of ours', () => {
    const { objects: all, claim: one } = claim({ source: provisioned });
    expect(all).toHaveLength(1);
    expect(one.spec).toMatchObject({ storageClassName: 'standard', resources: { requests: { storage: '1Gi' } } });
    expect(one.spec).not.toHaveProperty('volumeName');
  });

  test('of an export on a machine that the cluster does not have is refused', () => {
    expect(() => claim({ source: { ...nfs, server: 'ubuntu9' } })).toThrow('ubuntu9 is no node of the cluster');
  });
});
