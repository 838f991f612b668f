import { bytes, cpu, type Placement, type Resources, type Volume } from '../argo-workflows/language';
import type { Cluster } from '../core/cluster';
import { imageReference } from '../core/image';
import { type ResourceProfile, resourceProfiles } from '../core/resources';
import type { HandOver } from './hand-over';

/** A Git repository as steps reach it. */
export interface GitAccess {
  readonly url: string;
  /** Label of the pods that may open connections to its server. */
  readonly label: string;
  /** Files to get in with; undefined where anybody may. */
  readonly credentials?: { readonly type: 'ssh' | 'token'; readonly files: Volume } | undefined;
  /** Whether reading takes the credentials too; otherwise anybody may read it at its watched URL. */
  readonly isPrivate: boolean;
}

/** Where labelled reviews come from. */
export type DatasetSource =
  | { readonly from: 'volume'; readonly volume: Volume; readonly file?: string | undefined }
  | { readonly from: 'url'; readonly url: string }
  | { readonly from: 'dvc'; readonly revision: string; readonly path: string };

/** What every pipeline gets from the platform: by object, so that what it mounts and runs as exists. */
export interface PipelineEnvironment {
  /** Name of the cluster, of its stage and of its model; images, gate and pins. */
  readonly cluster: Pick<
    Cluster,
    'name' | 'stage' | 'images' | 'imagePullPolicy' | 'pipelines' | 'inference' | 'models'
  >;
  readonly serviceAccount: { readonly name: string };
  readonly pullSecret: { readonly name: string };
  readonly priorityClass: { readonly name: string };
  /** Where training and measuring run. */
  readonly placement?: Placement | undefined;
  readonly modelRepository: GitAccess;
  /** The DVC remote. */
  readonly contents: Volume;
}

/** What pipelines that train get besides. */
export interface TrainingEnvironment extends PipelineEnvironment {
  /** How steps hand files to each other. */
  readonly files: HandOver;
  readonly dataset: DatasetSource;
}

/** What the promotion gets besides. */
export interface PromotionEnvironment extends PipelineEnvironment {
  readonly platformRepository: GitAccess & { readonly branch: string };
  /** Files with the token that may open pull requests; undefined where there is none. */
  readonly pullRequestToken?: Volume | undefined;
  /** Immutable folders of the versions that may be served. */
  readonly models: Volume;
  /** URL of the inference API inside the cluster. */
  readonly inferenceUrl: string;
}

/** Label keys of pods that may reach what only some of them need. */
export const REACHES = {
  modelRepository: 'mlops/reaches-model-repository',
  platformRepository: 'mlops/reaches-platform-repository',
  gitHub: 'mlops/reaches-github',
  dataset: 'mlops/reaches-dataset',
  inference: 'mlops/reaches-inference',
  inferenceTest: 'mlops/reaches-inference-test',
} as const;

/** Label of the throw-away inference server. */
export const INFERENCE_TEST = { 'mlops/inference-test': 'server' } as const;

/** Where the DVC remote is mounted; the same path everywhere, because the model repository remembers it. */
export const CONTENTS = '/dvc';

/** A size of the platform in the words of the language. */
export function resourcesOf(profile: ResourceProfile): Resources {
  const { requests, limits } = resourceProfiles[profile];
  return {
    requests: {
      cpu: cpu(requests.cpu),
      memory: bytes(requests.memory),
      'ephemeral-storage': bytes(requests.ephemeralStorage),
    },
    limits: {
      cpu: cpu(limits.cpu),
      memory: bytes(limits.memory),
      'ephemeral-storage': bytes(limits.ephemeralStorage),
    },
  };
}

/** Reference of one of the lock file's images. */
export function imageOf({ cluster }: PipelineEnvironment, name: string): string {
  const image = cluster.images[name];
  if (!image) throw new TypeError(`the lock file of ${cluster.name} has no image ${name}`);
  return imageReference(image);
}
