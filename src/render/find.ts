import { distance } from 'fastest-levenshtein';
import { fileName } from './layout';
import type { RenderedCluster, RenderedComponent, RenderedObject } from './model';

/** A rendered object with the place where it is. */
export interface Located {
  readonly object: RenderedObject;
  readonly component: RenderedComponent;
  /** Path below `dist/`. */
  readonly file: string;
}

/** Kinds as kubectl's users know them. */
const shortNames: Readonly<Record<string, string>> = {
  cm: 'ConfigMap',
  cj: 'CronJob',
  crd: 'CustomResourceDefinition',
  deploy: 'Deployment',
  hpa: 'HorizontalPodAutoscaler',
  ing: 'Ingress',
  netpol: 'NetworkPolicy',
  ns: 'Namespace',
  pc: 'PriorityClass',
  pdb: 'PodDisruptionBudget',
  pv: 'PersistentVolume',
  pvc: 'PersistentVolumeClaim',
  quota: 'ResourceQuota',
  sa: 'ServiceAccount',
  sc: 'StorageClass',
  sts: 'StatefulSet',
  svc: 'Service',
};

/** Every object of these clusters with its file, in order of files. */
export function locate(clusters: readonly RenderedCluster[]): Located[] {
  return clusters.flatMap(({ name, components }) =>
    components.flatMap((component) =>
      component.objects.map((object) => ({
        object,
        component,
        file: `${name}/${component.name}/${fileName(object, component.namespace)}`,
      })),
    ),
  );
}

/** Objects of this kind and name in any namespace; kinds as in manifests, in lower case, plural or short. */
export function findByName(objects: readonly Located[], kind: string, name: string): Located[] {
  const wanted = longKind(kind).toLowerCase();
  return objects.filter(({ object: { manifest } }) => {
    const own = manifest.kind.toLowerCase();
    const isKind = [own, `${own}s`, `${own}es`, own.replace(/y$/, 'ies')].includes(wanted);
    return isKind && manifest.metadata.name === name;
  });
}

/** `StatefulSet` for `sts`; what is no short name stays as it is. */
export function longKind(kind: string): string {
  return shortNames[kind.toLowerCase()] ?? kind;
}

/** The few candidates that are most like what was asked for, the best first. */
export function nearest(wanted: string, candidates: readonly string[], most = 3): string[] {
  const lower = wanted.toLowerCase();
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, far: distance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}
