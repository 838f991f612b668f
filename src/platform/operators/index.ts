import type { Cluster } from '../../core/cluster';
import { type ClusterScope, Component, type ComponentProps } from '../../core/component';
import { argoCd } from './argo-cd';
import { argoWorkflows } from './argo-workflows';
import { argoEvents, argoRollouts, certManager, gatewayApi, metricsServer, sealedSecrets, traefik } from './upstream';

const installers = {
  argoCd,
  argoWorkflows,
  argoRollouts,
  argoEvents,
  certManager,
  sealedSecrets,
  metricsServer,
  gatewayApi,
  traefik,
};

/** The operators that the cluster's data asks for, from their upstream sources. */
function wanted(cluster: Cluster): ComponentProps[] {
  return Object.entries(installers).flatMap(([name, install]) => {
    const operator = cluster.operators[name as keyof typeof installers];
    return operator ? [install(operator, cluster)] : [];
  });
}

/** Namespaces of operators; those that Kubernetes itself brings are not ours to make. */
export function operatorNamespaces(cluster: Cluster): string[] {
  const theirs = new Set(['default', 'kube-system']);
  return [...new Set(['argocd', ...wanted(cluster).map(({ namespace }) => namespace)])].filter(
    (name) => !theirs.has(name),
  );
}

/** Operators as Applications on their upstream sources, with this platform's configuration inside. */
export function operators(scope: ClusterScope): Component[] {
  return wanted(scope.cluster).map((props) => new Component(scope, props));
}
