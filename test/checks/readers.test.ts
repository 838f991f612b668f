import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CheckContext } from '../../src/checks/check';
import { checkContext } from '../../src/checks/check';
import { maximumReplicas, podAmounts, surge } from '../../src/checks/demand';
import { parseImage } from '../../src/checks/images';
import { eligibleNodes } from '../../src/checks/nodes';
import { type PodTemplate, podTemplates } from '../../src/checks/pods';
import { references } from '../../src/checks/references';
import { selectedPods, selects } from '../../src/checks/selectors';
import { isLater } from '../../src/checks/waves';
import { cluster } from './cluster';
import { rendered } from './fixture';

function contextOf(...objects: readonly object[]): CheckContext {
  return checkContext(cluster, rendered(objects));
}

function onlyPod(context: CheckContext): PodTemplate {
  const [pod, ...others] = podTemplates(context);
  if (!pod || others.length > 0) throw new Error('not one pod template');
  return pod;
}

function deployment(spec: object, pod: object = {}, labels: Readonly<Record<string, string>> = { app: 'api' }) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api', namespace: 'inference' },
    spec: { ...spec, template: { metadata: { labels }, spec: { containers: [{ name: 'api' }], ...pod } } },
  };
}

describe('pod templates', () => {
  test('are found in every kind that makes pods, with the path of their specification', () => {
    const template = { spec: { containers: [{ name: 'one' }] } };
    const context = contextOf(
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: template.spec },
      { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'a' }, spec: { template } },
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'a' },
        spec: { jobTemplate: { spec: { template } } },
      },
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'a' }, spec: { template } },
      { apiVersion: 'batch.volcano.sh/v1', kind: 'Job', metadata: { name: 'a' }, spec: { template } },
    );
    expect(podTemplates(context).map(({ path, lifetime }) => [path, lifetime])).toEqual([
      ['spec', 'service'],
      ['spec.template.spec', 'service'],
      ['spec.jobTemplate.spec.template.spec', 'task'],
      ['spec.template.spec', 'service'],
    ]);
  });

  test('of a workflow inherit what the template does not say itself', () => {
    const [own, inherited] = podTemplates(
      contextOf({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'CronWorkflow',
        metadata: { name: 'nightly' },
        spec: {
          workflowSpec: {
            serviceAccountName: 'shared',
            nodeSelector: { disk: 'fast' },
            templates: [
              { name: 'one', serviceAccountName: 'own', script: { image: 'a:v1' }, sidecars: [{ name: 'proxy' }] },
              { name: 'steps', steps: [] },
              { name: 'two', container: { image: 'b:v1' } },
            ],
          },
        },
      }),
    );
    expect(own?.spec).toMatchObject({ serviceAccountName: 'own', nodeSelector: { disk: 'fast' } });
    expect(own?.containers.map(({ path }) => path)).toEqual([
      'spec.workflowSpec.templates[0].script',
      'spec.workflowSpec.templates[0].sidecars[0]',
    ]);
    expect(inherited?.spec.serviceAccountName).toBe('shared');
    expect(inherited?.path).toBe('spec.workflowSpec.templates[2]');
  });
});

describe('selectors', () => {
  const pod = { labels: { app: 'api', tier: 'web' }, dynamicLabels: new Set(['pod-template-hash']) };

  test.each([
    [{}, true],
    [{ matchLabels: { app: 'api' } }, true],
    [{ matchLabels: { app: 'api', tier: 'other' } }, false],
    [{ matchLabels: { 'pod-template-hash': 'anything' } }, true],
    [{ matchLabels: { constructor: 'api' } }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['ui', 'api'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['api'] }] }, false],
    [{ matchExpressions: [{ key: 'none', operator: 'DoesNotExist' }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'Like', values: ['api'] }] }, false],
  ])('%j selects the pod: %s', (selector, expected) => {
    expect(selects(selector, pod)).toBe(expected);
  });

  test('find the same pods by their index as one by one', () => {
    const label = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 6 }), label, (templates, matchLabels) => {
        const context = contextOf(...templates.map((labels) => deployment({}, {}, labels)));
        const oneByOne = podTemplates(context).filter((one) => selects({ matchLabels }, one));
        expect(selectedPods(context, 'inference', { matchLabels })).toEqual(oneByOne);
      }),
    );
  });
});

describe('nodes', () => {
  const affinity = (...terms: readonly object[]) => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
  });
  const hosts = (operator: string, ...values: readonly string[]) => ({
    matchExpressions: [{ key: 'kubernetes.io/hostname', operator, values }],
  });

  test.each([
    [{}, ['ubuntu1', 'ubuntu2', 'ubuntu3']],
    [{ nodeSelector: { disk: 'fast' } }, ['ubuntu2']],
    [
      { nodeSelector: { 'kubernetes.io/arch': 'riscv64', 'kubernetes.io/os': 'linux' } },
      ['ubuntu1', 'ubuntu2', 'ubuntu3'],
    ],
    [{ nodeSelector: { 'kubernetes.io/os': 'windows' } }, []],
    [{ nodeName: 'ubuntu3' }, ['ubuntu3']],
    [affinity(hosts('In', 'ubuntu1'), hosts('In', 'ubuntu3')), ['ubuntu1', 'ubuntu3']],
    [affinity(hosts('NotIn', 'ubuntu1')), ['ubuntu2', 'ubuntu3']],
    [affinity({}), []],
    [{ nodeSelector: { disk: 'fast' }, ...affinity(hosts('In', 'ubuntu1')) }, []],
  ])('%j may run on %j', (spec, expected) => {
    expect(eligibleNodes(cluster, spec)).toEqual(expected);
  });
});

describe('demand', () => {
  const resources = (cpu: string) => ({ resources: { requests: { cpu } } });

  test('of a pod is that of its containers and sidecars, or of its hungriest init container', () => {
    const cpu = (initContainers: readonly object[]) => {
      const context = contextOf(
        deployment(
          {},
          {
            initContainers,
            containers: [
              { name: 'a', ...resources('500m') },
              { name: 'b', ...resources('1') },
            ],
          },
        ),
      );
      return podAmounts(onlyPod(context), 'requests').get('cpu');
    };
    expect(cpu([])).toBe(1.5);
    expect(cpu([{ name: 'i', ...resources('1') }])).toBe(1.5);
    expect(cpu([{ name: 'i', ...resources('4') }])).toBe(4);
    expect(cpu([{ name: 's', restartPolicy: 'Always', ...resources('1') }])).toBe(2.5);
    expect(
      cpu([
        { name: 's', restartPolicy: 'Always', ...resources('1') },
        { name: 'i', ...resources('4') },
      ]),
    ).toBe(5);
  });

  test.each([
    [{ replicas: 4 }, 4, 1],
    [{ replicas: 4, strategy: { rollingUpdate: { maxSurge: 2 } } }, 4, 2],
    [{ replicas: 5, strategy: { rollingUpdate: { maxSurge: '50%' } } }, 5, 3],
    [{ replicas: 5, strategy: { type: 'Recreate' } }, 5, 0],
    [{}, 1, 1],
  ])('%j runs %d pods and %d more during an update', (spec, replicas, more) => {
    const context = contextOf(deployment(spec));
    expect([maximumReplicas(context, onlyPod(context)), surge(context, onlyPod(context))]).toEqual([replicas, more]);
  });

  test('grows to the maximum of the autoscaler, and doubles while a blue-green version is previewed', () => {
    const rollout = {
      ...deployment({ strategy: { blueGreen: {} } }),
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
    };
    const context = contextOf(rollout, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'api', namespace: 'inference' },
      spec: { scaleTargetRef: { kind: 'Rollout', name: 'api' }, minReplicas: 2, maxReplicas: 5 },
    });
    expect([maximumReplicas(context, onlyPod(context)), surge(context, onlyPod(context))]).toEqual([5, 5]);
  });
});

test.each([
  ['registry.example.org:5000/api', {}],
  ['registry.example.org:5000/api:v1', { tag: 'v1' }],
  ['api:v1@sha256:abc', { tag: 'v1', digest: 'sha256:abc' }],
  ['host:5000/api@sha256:abc', { digest: 'sha256:abc' }],
])('image %s has %j', (image, parts) => {
  expect(parseImage(image)).toEqual({ image, ...parts });
});

test('references tell who names what, where and in which namespace', () => {
  const context = contextOf(
    deployment(
      {},
      { serviceAccountName: 'api', volumes: [{ name: 'v', secret: { secretName: 's', items: [{ key: 'k' }] } }] },
    ),
  );
  expect(
    references(context).map(({ field, kind, name, namespace, keys }) => [field, kind, name, namespace, keys]),
  ).toEqual([
    ['spec.template.spec.serviceAccountName', 'ServiceAccount', 'api', 'inference', undefined],
    ['spec.template.spec.volumes[0].secret.secretName', 'Secret', 's', 'inference', ['k']],
  ]);
});

test('waves of objects order one component only; those of components order all', () => {
  const at = (component: string, wave: number, own: string) => {
    const manifest = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: own, annotations: { 'argocd.argoproj.io/sync-wave': own } },
    };
    const [object] = rendered([{ component, wave }, manifest]).components[0]?.objects ?? [];
    if (!object) throw new Error('no object');
    return object;
  };
  expect(isLater(at('a', 0, '2'), at('a', 0, '1'))).toBe(true);
  expect(isLater(at('a', 0, '2'), at('b', 0, '1'))).toBe(false);
  expect(isLater(at('a', 1, '-9'), at('b', 0, '9'))).toBe(true);
  expect(isLater(at('a', 0, 'early'), at('a', 0, '0'))).toBe(false);
});
