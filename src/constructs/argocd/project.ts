import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { AppProject } from '../../../imports/appproject-argoproj.io';
import { rememberSource } from '../../core/source-location';
import { ARGO_CD_NAMESPACE } from './application';

/** A kind by group and name; the core group is empty, `*` stands for all. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

export interface ProjectSettings {
  readonly name: string;
  readonly description: string;
  /** URLs from which its Applications may come. */
  readonly repositories: readonly string[];
  readonly namespaces: readonly string[];
  readonly clusterKinds: readonly GroupKind[];
  readonly namespacedKinds: readonly GroupKind[];
  readonly wave: number;
}

/**
 * What the Applications of one concern may do: from where, to where, and which kinds. Argo CD refuses the rest.
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/project-specification/
 */
export function project(scope: Construct, id: string, settings: ProjectSettings): ApiObject {
  const made = new AppProject(scope, id, {
    metadata: {
      name: settings.name,
      namespace: ARGO_CD_NAMESPACE,
      annotations: { 'argocd.argoproj.io/sync-wave': String(settings.wave) },
    },
    spec: {
      description: settings.description,
      sourceRepos: [...settings.repositories],
      destinations: settings.namespaces.map((namespace) => ({
        name: 'in-cluster',
        server: 'https://kubernetes.default.svc',
        namespace,
      })),
      clusterResourceWhitelist: [...settings.clusterKinds],
      namespaceResourceWhitelist: [...settings.namespacedKinds],
    },
  });
  rememberSource(made);
  return made;
}
