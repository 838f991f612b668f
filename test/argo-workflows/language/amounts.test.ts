import { describe, expect, test } from '@jest/globals';
import {
  container,
  cronWorkflow,
  dag,
  http,
  steps,
  suspend,
  type Template,
  volume,
  workflowTemplate,
} from '../../../src/argo-workflows/language';
import type { Inputs } from '../../../src/argo-workflows/language/inputs';
import type { Outputs } from '../../../src/argo-workflows/language/outputs';
import { idle, manifestOf, problemsOf, program } from './rendering';

const amounts = { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '16Mi' } } as const;
const withResources = (resources: Parameters<typeof container>[1]['resources']) =>
  container('main', { ...program, resources });
const inWorkflow = (fields: object) => () =>
  workflowTemplate('w', {
    templates: { idle },
    entrypoint: 'idle',
    serviceAccount: { name: 'executor' },
    ...fields,
  }).toManifest();
const inCron = (fields: object) => () => {
  const template = workflowTemplate('w', {
    templates: { idle },
    entrypoint: 'idle',
    serviceAccount: { name: 'executor' },
  });
  return cronWorkflow('c', { template, arguments: {}, schedules: ['@daily'], ...fields }).toManifest();
};
const inTemplate = (template: Template<Inputs, Outputs>) => () => manifestOf(template);

describe('an amount that the compiler takes and Kubernetes or Argo does not is refused', () => {
  test.each<[string, string, () => unknown]>([
    [
      'memory as a power of ten',
      'memory: not a quantity (got "1e3Mi")',
      inTemplate(withResources({ ...amounts, limits: { memory: '1e3Mi' } })),
    ],
    [
      'a negative amount of CPU',
      'cpu: not a quantity (got "-1")',
      inTemplate(withResources({ ...amounts, requests: { ...amounts.requests, cpu: '-1' } })),
    ],
    [
      'half a GPU',
      'nvidia.com/gpu: not a quantity (got "0.5")',
      inTemplate(withResources({ ...amounts, limits: { ...amounts.limits, 'nvidia.com/gpu': '0.5' } })),
    ],
    [
      'a request above the limit',
      'memory: it asks for more than 16Mi (got "1Gi")',
      inTemplate(withResources({ ...amounts, requests: { cpu: '1', memory: '1Gi' } })),
    ],
    [
      'the pause of a backoff',
      'backoff: not a quantity (got "1e3s")',
      inTemplate(container('main', { ...program, retry: { limit: 1, backoff: { duration: '1e3s' } } })),
    ],
    [
      'the factor of a backoff',
      'bad factor of a backoff (got 1.5)',
      inTemplate(container('main', { ...program, retry: { limit: 1, backoff: { duration: '1s', factor: 1.5 } } })),
    ],
    ['a deadline of nothing', 'bad activeDeadlineSeconds (got 0)', inWorkflow({ activeDeadlineSeconds: 0 })],
    ['no pod at a time', 'bad parallelism (got 0)', inWorkflow({ parallelism: 0 })],
    [
      'no task at a time',
      'bad parallelism (got -1)',
      inTemplate(dag('main', { parallelism: -1 }, (d) => void d.task('t', idle, {}))),
    ],
    [
      'no step at a time',
      'bad parallelism (got 0)',
      inTemplate(steps('main', { parallelism: 0 }, (s) => void s.group({ t: s.call(idle, {}) }))),
    ],
    [
      'the life of a run',
      'bad ttl.secondsAfterFailure (got -1)',
      inWorkflow({ ttl: { secondsAfterSuccess: 0, secondsAfterFailure: -1 } }),
    ],
    [
      'the life of a pod',
      'podGC: not a quantity (got "-5m")',
      inWorkflow({ podGC: { strategy: 'OnPodSuccess', deleteDelayDuration: '-5m' } }),
    ],
    ['the deadline of a schedule', 'bad startingDeadlineSeconds (got 1.5)', inCron({ startingDeadlineSeconds: 1.5 })],
    ['the history of a schedule', 'bad failedJobsHistoryLimit (got -1)', inCron({ failedJobsHistoryLimit: -1 })],
    ['a pause', 'not a quantity (got "1e1m")', inTemplate(suspend('main', { duration: '1e1m' }))],
    [
      'the timeout of a request',
      'bad timeoutSeconds (got 0)',
      inTemplate(http('main', { url: 'http://x', timeoutSeconds: 0 })),
    ],
    [
      'the age of what is taken again',
      'memoize: not a quantity (got "0x1h")',
      inTemplate(container('main', { ...program, memoize: { key: 'k', maxAge: '0x1h', configMap: { name: 'c' } } })),
    ],
    [
      'the size of a folder',
      'volume "work": not a quantity (got "much")',
      inTemplate(
        container('main', {
          ...program,
          mounts: [{ volume: volume.emptyDir('work', { sizeLimit: 'much' }), path: '/work' }],
        }),
      ),
    ],
  ])('%s', (_, message, render) => {
    const problems = problemsOf(render);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  test('amounts that they take', () => {
    const main = container('main', {
      ...program,
      resources: {
        requests: { cpu: '0.5', memory: '1.5Gi', 'nvidia.com/gpu': '1' },
        limits: { cpu: '500m', memory: '2G', 'nvidia.com/gpu': '1', 'ephemeral-storage': '2Gi' },
      },
      retry: { limit: 0, backoff: { duration: '0.5s', factor: 2, cap: '5m' } },
    });
    expect(problemsOf(inTemplate(main))).toEqual([]);
    expect(problemsOf(inCron({ startingDeadlineSeconds: 0, successfulJobsHistoryLimit: 0 }))).toEqual([]);
  });
});
