import type { ClusterData } from '../core/cluster';

/** What of a cluster is another on this machine. */
export interface Machine {
  /** URLs of the two repositories; nobody has to get in. */
  readonly platformRepository: string;
  readonly modelRepository: string;
  /** Branch of both. */
  readonly branch: string;
  /**
   * File in the folder of reviews.
   * @default - the folder is a tree like aclImdb
   */
  readonly dataset?: string;
  /** Where the inference API answers. */
  readonly inferenceUrl: string;
  /** A free port for the server that a test throws away. */
  readonly inferenceTestPort: number;
}

/** Slower than this, something is wrong on any machine. */
const LATENCY_MILLISECONDS = 10_000;

/** A cluster's data as it is rendered for this machine. All that is not named here is the cluster's own. */
export function onThisMachine(cluster: ClusterData, machine: Machine): ClusterData {
  const { dataset, storage } = cluster;
  const { branch: revision } = machine;
  return {
    ...cluster,
    repositories: {
      platform: { url: machine.platformRepository, revision },
      model: { url: machine.modelRepository, revision },
    },
    // The steps of a run hand files over in a folder of this machine.
    artifactStore: undefined,
    dataset: {
      from: 'volume',
      // Where it is does not matter here, but the pods that mount it must be able to run.
      volume:
        dataset.from === 'volume' ? dataset.volume : { ...storage.training, path: `${storage.training.path}-reviews` },
      ...(machine.dataset !== undefined && { file: machine.dataset }),
    },
    pipelines: {
      ...cluster.pipelines,
      // Who asks for a promotion sits at this machine.
      approval: false,
      inferenceTest: {
        ...cluster.pipelines.inferenceTest,
        port: machine.inferenceTestPort,
        // A machine on which somebody works says nothing about a cluster's speed.
        latencyMilliseconds: LATENCY_MILLISECONDS,
      },
    },
    inference: { ...cluster.inference, url: machine.inferenceUrl, modelRemote: undefined },
  };
}
