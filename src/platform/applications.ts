import { ApiObject } from 'cdk8s';
import { ARGO_CD_NAMESPACE, application, type IgnoredDifference } from '../constructs/argocd/application';
import { type GroupKind, project } from '../constructs/argocd/project';
import { credentialKeys, type GitRepository } from '../core/cluster';
import { type ClusterScope, Component } from '../core/component';
import { allow } from '../core/exceptions';
import { fromExisting } from '../core/existing';
import type { Scopes } from '../core/scopes';
import { waves } from '../core/waves';

/** Name of the component that holds the Applications: what the root Application watches. */
export const APPLICATIONS = 'applications';

const projectDescriptions: Readonly<Record<string, string>> = {
  certificates: 'the private certificate authority',
  foundation: 'namespaces and what bounds them',
  infrastructure: 'the Gateway and the private image registry',
  operators: 'upstream operators at pinned versions',
  pipelines: 'pipelines and what they run with',
  root: 'Applications and AppProjects of the platform',
  services: 'what serves users',
  storage: 'volumes',
};

/** What one AppProject must permit; grows with the objects of its components. */
interface Grants {
  readonly repositories: Set<string>;
  readonly namespaces: Set<string>;
  readonly clusterKinds: Set<string>;
  readonly namespacedKinds: Set<string>;
}

/**
 * One Application for each component and one AppProject for each concern, computed from the objects that the components
 * hold. Call it when all of them are made.
 */
export function deriveApplications(scope: ClusterScope, scopes: Scopes): void {
  const { cluster, components } = scope;
  const { platform } = cluster.repositories;
  const applications = new Component(scope, {
    name: APPLICATIONS,
    namespace: ARGO_CD_NAMESPACE,
    wave: 'projects',
    project: 'root',
    cascadeDelete: false,
  });
  allow(
    applications,
    'wave-order',
    'bootstrap brings Argo CD, its namespace and its definitions before the first sync',
  );
  repositoryAccess(applications, cluster.repositories.platform);
  const projectName = (name: string) => `${cluster.name}-${name}`;
  const grants = new Map<string, Grants>();
  const grantsOf = (name: string): Grants => {
    const found = grants.get(name) ?? {
      repositories: new Set(),
      namespaces: new Set(),
      clusterKinds: new Set(),
      namespacedKinds: new Set(),
    };
    grants.set(name, found);
    return found;
  };

  for (const component of components) {
    collectGrants(component, grantsOf(component.project), platform.url, scopes);
    application(applications, `application-${component.name}`, {
      name: `${cluster.name}-${component.name}`,
      project: projectName(component.project),
      source: component.upstream ?? {
        repository: platform.url,
        revision: platform.revision,
        path: `dist/${cluster.name}/${component.name}`,
      },
      namespace: component.defaultNamespace,
      wave: waves[component.wave],
      cascadeDelete: component.cascadeDelete,
      ignore: [...replicasOfAutoscalers(component), ...selectorsOfRollouts(component)],
    });
  }

  // The root Application holds itself too, so that its own settings follow Git.
  const root = grantsOf('root');
  root.repositories.add(platform.url);
  root.namespaces.add(ARGO_CD_NAMESPACE);
  root.namespacedKinds.add('argoproj.io/Application').add('argoproj.io/AppProject');
  application(applications, 'root', {
    name: cluster.name,
    project: projectName('root'),
    source: { repository: platform.url, revision: platform.revision, path: `dist/${cluster.name}/${APPLICATIONS}` },
    namespace: ARGO_CD_NAMESPACE,
    wave: waves.projects,
    cascadeDelete: false,
  });
  for (const [name, { repositories, namespaces, clusterKinds, namespacedKinds }] of grants) {
    project(applications, `project-${name}`, {
      name: projectName(name),
      description: projectDescriptions[name] ?? name,
      repositories: [...repositories].sort(),
      namespaces: [...namespaces].sort(),
      clusterKinds: [...clusterKinds].sort().map(groupKind),
      namespacedKinds: [...namespacedKinds].sort().map(groupKind),
      wave: waves.projects,
    });
  }
}

/**
 * What Argo CD reads a private platform repository with. Its copy of the key is in a form of its own.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repositories
 */
function repositoryAccess(scope: Component, repository: GitRepository): void {
  const { url, pushUrl = url, credentials } = repository;
  if (!credentials || pushUrl !== url) return;
  const ssh = credentialKeys(repository).includes('ssh-privatekey');
  const secret = ssh
    ? '--from-file=sshPrivateKey=ssh-privatekey'
    : '--from-literal=username=git --from-file=password=token';
  const literals = `--from-literal=type=git --from-literal=url=${url}`;
  fromExisting(scope, 'RepositoryAccess', {
    kind: 'Secret',
    name: 'platform-repository',
    purpose: ssh
      ? `lets Argo CD read ${url}, whose host key must be in the ConfigMap argocd-ssh-known-hosts-cm`
      : `lets Argo CD read ${url}`,
    keys: ssh ? ['type', 'url', 'sshPrivateKey'] : ['type', 'url', 'username', 'password'],
    command: [
      `kubectl create secret generic platform-repository ${literals} ${secret} --dry-run=client --output yaml`,
      'kubectl label --local --filename - --output yaml argocd.argoproj.io/secret-type=repository',
      'kubectl apply --filename -',
    ].join(' | '),
  });
}

function collectGrants(component: Component, grants: Grants, platformUrl: string, scopes: Scopes): void {
  grants.namespaces.add(component.defaultNamespace);
  if (component.upstream) {
    grants.repositories.add(component.upstream.repository);
    for (const namespace of component.provides.namespaces ?? []) grants.namespaces.add(namespace);
    for (const kind of component.provides.clusterKinds ?? []) grants.clusterKinds.add(kind);
    // An upstream source is pinned, and its namespaced kinds are its own business.
    for (const kind of component.provides.namespacedKinds ?? ['*/*']) grants.namespacedKinds.add(kind);
    return;
  }
  grants.repositories.add(platformUrl);
  for (const kind of component.mayHold) grants.namespacedKinds.add(kind);
  for (const object of component.node.findAll().filter((construct) => ApiObject.isApiObject(construct))) {
    const kind = `${object.apiGroup === 'core' ? '' : object.apiGroup}/${object.kind}`;
    if (scopes(object.apiVersion, object.kind) === 'Cluster') grants.clusterKinds.add(kind);
    else grants.namespacedKinds.add(kind);
    if (object.metadata.namespace) grants.namespaces.add(object.metadata.namespace);
  }
}

function groupKind(text: string): GroupKind {
  const slash = text.indexOf('/');
  return { group: text.slice(0, slash), kind: text.slice(slash + 1) };
}

/** An autoscaler owns the replicas of its target; self-heal must not undo it. */
function replicasOfAutoscalers(component: Component): IgnoredDifference[] {
  return component.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
    .map((autoscaler) => {
      const { apiVersion, kind, name } = autoscaler.toJson().spec.scaleTargetRef;
      const group = String(apiVersion).includes('/') ? String(apiVersion).split('/')[0] : '';
      return {
        reason: `the HorizontalPodAutoscaler ${autoscaler.name} owns the replicas of ${kind} ${name}`,
        group: group ?? '',
        kind: String(kind),
        name: String(name),
        jsonPointers: ['/spec/replicas'],
      };
    });
}

/** The Rollouts controller points the Services of a blue-green Rollout to one of its ReplicaSets. */
function selectorsOfRollouts(component: Component): IgnoredDifference[] {
  return component.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .filter(({ kind }) => kind === 'Rollout')
    .flatMap((rollout) => {
      const { activeService, previewService } = rollout.toJson().spec.strategy.blueGreen;
      return [activeService, previewService].map((service) => ({
        reason: `the Rollout ${rollout.name} owns the selector of Service ${service}`,
        group: '',
        kind: 'Service',
        name: String(service),
        jsonPointers: ['/spec/selector'],
      }));
    });
}
