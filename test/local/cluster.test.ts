import { describe, expect, test } from '@jest/globals';
import { homelab } from '../../src/clusters/homelab';
import { laptop } from '../../src/clusters/laptop';
import { loadClusters } from '../../src/core/cluster';
import { type Machine, onThisMachine } from '../../src/local/cluster';
import { templateOf } from '../pipelines/templates';

const machine: Machine = {
  platformRepository: 'file:///home/you/with%20space/.local/repositories/platform.git',
  modelRepository: 'file:///home/you/with%20space/.local/repositories/models.git',
  branch: 'main',
  dataset: 'reviews.jsonl',
  inferenceUrl: 'http://127.0.0.1:8081',
  inferenceTestPort: 8082,
};

/** All words that the steps of a pipeline are called with. */
function words(pipeline: string): readonly string[] {
  const { pipelines, repositories, dataset, inference } = onThisMachine(homelab, machine);
  const template = templateOf(pipeline, { pipelines, repositories, dataset, inference }) as unknown as {
    readonly spec: { readonly templates: readonly { readonly container?: { readonly args?: readonly string[] } }[] };
  };
  return template.spec.templates.flatMap(({ container }) => container?.args ?? []);
}

describe('a cluster on this machine', () => {
  test.each([laptop, homelab])('is valid data, whichever cluster it was: $name', (cluster) => {
    expect(loadClusters([onThisMachine(cluster, machine)])).toHaveLength(1);
  });

  test('has the reviews beside the training when the cluster has them elsewhere', () => {
    const dataset = { from: 'url', url: 'https://example.org/reviews.csv' } as const;
    const cluster = onThisMachine({ ...homelab, dataset }, machine);
    expect(cluster.dataset).toMatchObject({ volume: { node: 'ubuntu2', path: '/srv/mlops/training-reviews' } });
    expect(loadClusters([cluster])).toHaveLength(1);
  });

  test('keeps all that is not the machine', () => {
    const { repositories, dataset, pipelines, inference, artifactStore, ...rest } = onThisMachine(laptop, machine);
    expect(laptop).toMatchObject(rest);
    expect([repositories.model.url, artifactStore]).toEqual([machine.modelRepository, undefined]);
    expect(pipelines.gate).toEqual(laptop.pipelines.gate);
    expect(inference.autoscale).toEqual(laptop.inference.autoscale);
  });

  test('takes no key, and reads the reviews that are there', () => {
    const training = words('train-new-model-version');
    expect(training).toContain(machine.modelRepository);
    expect(training).toContain('/dataset/reviews.jsonl');
    expect(training.filter((word) => word.includes('ssh'))).toEqual([]);
  });

  test('tests on a port of its own, and asks the server that is there', () => {
    expect(words('train-and-inference-testing')).toContain('8082');
    expect(words('promote-model-version')).toContain('http://127.0.0.1:8081');
    expect(words('promote-model-version').some((word) => word.includes('svc.cluster.local'))).toBe(false);
  });
});
