import type { V1ConfigMap } from '@kubernetes/client-node';
import { dump } from 'js-yaml';
import { Secret } from '../constructs/secret';
import { ARTIFACT_STORE_KEYS, type ArtifactStore } from '../core/cluster';
import { ClusterScope } from '../core/component';
import { kubernetesObject } from '../core/kubernetes-object';
import { asArtifacts, type HandOver } from '../pipelines/hand-over';
import { serverOf } from './git-server';
import type { Pipeline } from './pipeline';

const CONFIG_MAP = 'artifact-repositories';
const KEY = 'runs';

/**
 * Lets Argo Workflows keep the files of a pipeline's runs in an object store. Its containers in the pods of the steps
 * bring and fetch them, with credentials that the steps themselves do not see.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/artifact-repository-ref/
 */
export function filesInArtifactStore(pipeline: Pipeline, store: ArtifactStore): HandOver {
  const { endpoint, bucket, tls, networks } = store;
  const [accessKey, secretKey] = ARTIFACT_STORE_KEYS;
  const credentials = new Secret(pipeline, 'ArtifactStore', {
    name: 'artifact-store-credentials',
    purpose: `lets Argo Workflows keep files of runs in the bucket ${bucket} of ${endpoint}`,
    keys: ARTIFACT_STORE_KEYS,
    source: store.credentials,
    command: 'kubectl create secret generic artifact-store-credentials --from-file=accessKey --from-file=secretKey',
  });
  const s3 = {
    endpoint,
    bucket,
    insecure: !tls,
    accessKeySecret: { name: credentials.name, key: accessKey },
    secretKeySecret: { name: credentials.name, key: secretKey },
    // The uid keeps runs apart, also those of another cluster in the same bucket.
    keyFormat: '{{workflow.namespace}}/{{workflow.name}}/{{workflow.uid}}/{{pod.name}}',
  };
  kubernetesObject<V1ConfigMap>(pipeline, 'ArtifactRepositories', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: CONFIG_MAP },
    data: { [KEY]: dump({ s3 }) },
  });
  const { port, addresses } = serverOf(`${tls ? 'https' : 'http'}://${endpoint}`, networks);
  const from = pipeline.pods('artifact-store', {});
  for (const to of addresses) {
    ClusterScope.of(pipeline).connections.add({
      from,
      to,
      ports: [{ port }],
      description: 'hands over files of runs',
    });
  }
  return asArtifacts({ configMap: { name: CONFIG_MAP }, key: KEY });
}
