import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  Application,
  type ApplicationProps,
  type ApplicationSpecIgnoreDifferences,
  type ApplicationSpecSource,
} from '../../../imports/application-argoproj.io';
import type { UpstreamSource } from '../../core/component';
import { rememberSource } from '../../core/source-location';
import { toYaml } from '../../core/yaml';

/** Namespace of Argo CD, its Applications and its AppProjects. */
export const ARGO_CD_NAMESPACE = 'argocd';

/** A difference between Git and the cluster that is right. */
export interface IgnoredDifference {
  /** Why another than Git owns these fields. */
  readonly reason: string;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly jsonPointers: readonly string[];
}

export interface ApplicationSettings {
  readonly name: string;
  readonly project: string;
  /** Folder of plain YAML in a Git repository, or an operator's upstream source. */
  readonly source: { readonly repository: string; readonly revision: string; readonly path: string } | UpstreamSource;
  /** Namespace that objects without one go to. */
  readonly namespace: string;
  /** Order among the Applications of the root Application. */
  readonly wave: number;
  /** Whether deleting the Application deletes what it brought. */
  readonly cascadeDelete: boolean;
  /**
   * Differences that self-heal must leave alone.
   * @default - none
   */
  readonly ignore?: readonly IgnoredDifference[];
}

/**
 * An Application that keeps the cluster equal to Git: pruned and self-healed, retried with the newest commit, compared
 * and applied on the server.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml
 */
export function application(scope: Construct, id: string, settings: ApplicationSettings): ApiObject {
  const { ignore = [] } = settings;
  const props: ApplicationProps = {
    metadata: {
      name: settings.name,
      namespace: ARGO_CD_NAMESPACE,
      annotations: {
        'argocd.argoproj.io/compare-options': 'ServerSideDiff=true',
        'argocd.argoproj.io/sync-wave': String(settings.wave),
        ...('revision' in settings.source && { 'argocd.argoproj.io/manifest-generate-paths': '.' }),
        ...(ignore.length > 0 && { 'mlops/ignored-differences': ignore.map(({ reason }) => reason).join('; ') }),
      },
      ...(settings.cascadeDelete && { finalizers: ['resources-finalizer.argocd.argoproj.io/foreground'] }),
    },
    spec: {
      project: settings.project,
      source: wireSource(settings.source),
      destination: { name: 'in-cluster', namespace: settings.namespace },
      syncPolicy: {
        // Neither `allowEmpty: false` here nor `recurse: false` below: Argo CD drops them when it writes the object, and the
        // Application above it would be OutOfSync after each sync.
        automated: { prune: true, selfHeal: true },
        retry: { limit: 5, refresh: true, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } },
        syncOptions: [
          'CreateNamespace=false',
          'FailOnSharedResource=true',
          'PruneLast=true',
          'PrunePropagationPolicy=foreground',
          // Without a reason it would copy the status of Applications into what the root Application applies.
          ...(ignore.length > 0 ? ['RespectIgnoreDifferences=true'] : []),
          'ServerSideApply=true',
        ],
      },
      revisionHistoryLimit: 5,
      ...(ignore.length > 0 && {
        ignoreDifferences: ignore.map(
          ({ group, kind, name, jsonPointers }): ApplicationSpecIgnoreDifferences => ({
            group,
            kind,
            name,
            jsonPointers: [...jsonPointers],
          }),
        ),
      }),
    },
  };
  const made = new Application(scope, id, props);
  rememberSource(made);
  return made;
}

function wireSource(source: ApplicationSettings['source']): ApplicationSpecSource {
  if ('revision' in source) {
    return {
      repoUrl: source.repository,
      targetRevision: source.revision,
      path: source.path,
      // Said, not guessed: a file that looks like a chart must not turn the folder into one.
      directory: { include: '*.yaml' },
    };
  }
  const common = { repoUrl: source.repository, targetRevision: source.version };
  if (source.type === 'helm') {
    const inGit = source.repository.endsWith('.git');
    return {
      ...common,
      ...(inGit ? { path: source.chart } : { chart: source.chart }),
      helm: { valuesObject: source.values },
    };
  }
  const patches = source.patches.map((patch) => ({ patch: toYaml(patch) }));
  return { ...common, path: source.path, ...(patches.length > 0 && { kustomize: { patches } }) };
}
