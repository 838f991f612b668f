import type { Construct } from 'constructs';
import { deriveNetworkPolicies } from '../constructs/network/policies';
import type { Cluster } from '../core/cluster';
import { ClusterScope } from '../core/component';
import type { Scopes } from '../core/scopes';
import { deriveApplications } from './applications';
import { CertificateAuthority } from './certificate-authority';
import { Gateway } from './gateway';
import { ImageRegistry } from './image-registry';
import { Inference } from './inference';
import { Namespaces } from './namespaces';
import { operators } from './operators';
import { PromoteModelVersion } from './pipelines/promote-model-version';
import { TrainAndInferenceTesting } from './pipelines/train-and-inference-testing';
import { TrainNewModelVersion } from './pipelines/train-new-model-version';
import { Storage } from './storage';
import { UserInterface } from './user-interface';

/** The platform of one cluster: every component in the order in which later ones refer to earlier ones. */
export function platform(scope: Construct, cluster: Cluster, scopes: Scopes): ClusterScope {
  const clusterScope = new ClusterScope(scope, cluster);
  const namespaces = new Namespaces(clusterScope);
  const storage = new Storage(clusterScope);
  operators(clusterScope);
  if (cluster.privateCertificateAuthority) new CertificateAuthority(clusterScope);
  if (cluster.gateway.type === 'gateway') new Gateway(clusterScope, cluster.gateway);
  new ImageRegistry(clusterScope, storage, namespaces);
  new TrainNewModelVersion(clusterScope, storage, namespaces);
  new TrainAndInferenceTesting(clusterScope, storage, namespaces);
  const promotion = new PromoteModelVersion(clusterScope, storage, namespaces);
  const inference = new Inference(clusterScope, storage, namespaces);
  inference.workload?.allowFrom(promotion.asking, 'http', 'a promotion waits until the version is served');
  new UserInterface(clusterScope, namespaces, inference);

  derive(clusterScope, scopes);
  return clusterScope;
}

/** What follows from everything above: policies from connections, Applications and AppProjects from objects. */
function derive(clusterScope: ClusterScope, scopes: Scopes): void {
  deriveNetworkPolicies(clusterScope);
  deriveApplications(clusterScope, scopes);
}
