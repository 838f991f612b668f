import { describe, expect, test } from '@jest/globals';
import type { CheckContext } from '../../src/checks/check';
import { schemaCheck, schemaProblems } from '../../src/checks/schema';
import type { Manifest, RenderedObject } from '../../src/render/model';
import { deployment, object } from './schemas/objects';
import { platformSchemas } from './schemas/platform-schemas';

const problemsOf = (manifest: Manifest) => schemaProblems(manifest, platformSchemas);

describe('accepts', () => {
  const container = { name: 'main', image: 'trainer:1.0.0' };
  const valid: readonly [what: string, manifest: Manifest][] = [
    ['a Deployment with extended resources and int-or-string values', deployment()],
    [
      'fields below x-kubernetes-preserve-unknown-fields',
      object('argoproj.io/v1alpha1', 'Sensor', { spec: { dependencies: [{ anything: { goes: [1, true] } }] } }),
    ],
    [
      'steps, which are lists of lists',
      object('argoproj.io/v1alpha1', 'WorkflowTemplate', {
        spec: {
          entrypoint: 'main',
          templates: [
            { name: 'main', steps: [[{ name: 'train', template: 'train' }]] },
            { name: 'train', container, retryStrategy: { limit: 2 } },
            { name: 'test', container, retryStrategy: { limit: '2' } },
          ],
        },
      }),
    ],
    [
      'a field that a CustomResourceDefinition requires and gives a default',
      object('gateway.networking.k8s.io/v1', 'HTTPRoute', {
        spec: {
          rules: [{ matches: [{ headers: [{ name: 'x', value: 'y' }] }], backendRefs: [{ name: 'api', port: 80 }] }],
        },
      }),
    ],
    [
      'two ports of one number and different protocols',
      object('v1', 'Service', {
        spec: {
          ports: [
            { name: 'dns', port: 53, protocol: 'UDP' },
            { name: 'dns-tcp', port: 53, protocol: 'TCP' },
          ],
        },
      }),
    ],
    ['an empty object for a volume', deployment({ pod: { volumes: [{ name: 'tmp', emptyDir: {} }] } })],
  ];
  test.each(valid)('%s', (_what, manifest) => expect(problemsOf(manifest)).toEqual([]));
});

describe('finds', () => {
  const container = 'spec.template.spec.containers[0]';
  const invalid: readonly [what: string, manifest: Manifest, field: string, problem: RegExp, fix: RegExp][] = [
    [
      'a misspelt field',
      deployment({ container: { livenessprobe: {} } }),
      `${container}.livenessprobe`,
      /^unknown field "livenessprobe"$/,
      /^write "livenessProbe"$/,
    ],
    [
      'a nodeSelector inside a container',
      deployment({ container: { nodeSelector: {} } }),
      `${container}.nodeSelector`,
      /^unknown field "nodeSelector"$/,
      /^move it to spec\.template\.spec\.nodeSelector, where it belongs$/,
    ],
    [
      'a nodeSelector on the spec of a Deployment',
      deployment({ spec: { nodeSelector: {} } }),
      'spec.nodeSelector',
      /^unknown field/,
      /^move it to spec\.template\.spec\.nodeSelector, where it belongs$/,
    ],
    [
      'limits outside of resources, in the container where they belong',
      deployment({ container: { limits: { cpu: '1' } } }),
      `${container}.limits`,
      /^unknown field/,
      /^move it to spec\.template\.spec\.containers\[0\]\.resources\.limits, where/,
    ],
    [
      'a field in an object that takes none',
      object('argoproj.io/v1alpha1', 'WorkflowTemplate', {
        spec: { templates: [{ name: 'x', outputs: { artifacts: [{ name: 'a', archive: { none: { level: 1 } } }] } }] },
      }),
      'spec.templates[0].outputs.artifacts[0].archive.none.level',
      /^unknown field/,
      /./,
    ],
    ['a status', { ...deployment(), status: {} }, 'status', /^unknown field "status"$/, /the cluster writes it/],
    [
      'a field that every JavaScript object has',
      deployment({ spec: JSON.parse('{"constructor": {}}') }),
      'spec.constructor',
      /^unknown field/,
      /./,
    ],
    [
      'a number in quotes',
      deployment({ spec: { replicas: '3' } }),
      'spec.replicas',
      /^must be an integer$/,
      /without quotes/,
    ],
    [
      'a boolean in quotes',
      deployment({ container: { stdin: 'true' } }),
      `${container}.stdin`,
      /^must be true or false$/,
      /^write it without quotes$/,
    ],
    [
      'a number where a string must be',
      deployment({ container: { env: [{ name: 'PORT', value: 8080 }] } }),
      `${container}.env[0].value`,
      /^must be a string$/,
      /^write it in quotes$/,
    ],
    [
      'a string where a list must be',
      deployment({ container: { command: 'serve' } }),
      `${container}.command`,
      /^must be a list$/,
      /^put it into a list$/,
    ],
    ['a fraction', deployment({ spec: { replicas: 1.5 } }), 'spec.replicas', /^must be an integer$/, /integer/],
    ['null', deployment({ spec: { replicas: null } }), 'spec.replicas', /^must be an integer$/, /leave it out/],
    [
      'a number that needs more than 32 bits',
      deployment({ spec: { replicas: 3e9 } }),
      'spec.replicas',
      /does not fit into 32 bits/,
      /2147483647/,
    ],
    [
      'a boolean where an integer or string must be',
      deployment({ spec: { strategy: { rollingUpdate: { maxSurge: true } } } }),
      'spec.strategy.rollingUpdate.maxSurge',
      /^must be an integer or a string$/,
      /./,
    ],
    [
      'a missing field',
      deployment({ spec: { selector: undefined } }),
      'spec.selector',
      /^is required$/,
      /^set it, to an object$/,
    ],
    [
      'a missing field in a list',
      deployment({ container: { volumeMounts: [{ name: 'data' }] } }),
      `${container}.volumeMounts[0].mountPath`,
      /^is required$/,
      /^set it, to a string$/,
    ],
    [
      'a value outside of an enumeration',
      deployment({ container: { imagePullPolicy: 'always' } }),
      `${container}.imagePullPolicy`,
      /^is not one of the allowed values$/,
      /^write one of Always, IfNotPresent, Never$/,
    ],
    [
      'a quantity with an unknown unit',
      deployment({ container: { resources: { limits: { memory: '1Gigs' } } } }),
      `${container}.resources.limits.memory`,
      /^is not a quantity$/,
      /512Mi/,
    ],
    [
      'a label that is not a string',
      deployment({
        spec: { template: { metadata: { labels: { 'example.com/count': 1 } }, spec: { containers: [] } } },
      }),
      'spec.template.metadata.labels["example.com/count"]',
      /^must be a string$/,
      /in quotes/,
    ],
    [
      'an environment variable that is set twice',
      deployment({
        container: {
          env: [
            { name: 'A', value: '1' },
            { name: 'A', value: '2' },
          ],
        },
      }),
      `${container}.env[1]`,
      /^has the same name as item 0$/,
      /rename it/,
    ],
    [
      'a number out of bounds',
      object('gateway.networking.k8s.io/v1', 'HTTPRoute', {
        spec: { rules: [{ backendRefs: [{ name: 'api', port: 80, weight: -1 }] }] },
      }),
      'spec.rules[0].backendRefs[0].weight',
      /^is too small$/,
      /at least 0/,
    ],
    [
      'a string of the wrong form',
      object('monitoring.coreos.com/v1', 'ServiceMonitor', {
        spec: { selector: {}, endpoints: [{ port: 'http', interval: '1 minute' }] },
      }),
      'spec.endpoints[0].interval',
      /^has the wrong form$/,
      /./,
    ],
    [
      'a misspelt kind',
      { ...deployment(), kind: 'Deploymnt' },
      'kind',
      /^is not known in apps\/v1$/,
      /^write "Deployment"$/,
    ],
    [
      'an outdated API version',
      { ...deployment(), apiVersion: 'extensions/v1beta1' },
      'apiVersion',
      /^has no kind Deployment/,
      /^write apiVersion: apps\/v1$/,
    ],
    ['a kind without a schema', object('example.com/v1', 'Widget', {}), 'kind', /^is not known/, /npm run schemas/],
    [
      'a namespace on an object that belongs to none',
      {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: 'training', namespace: 'training' },
        spec: { capacity: { storage: '5Gi' } },
      },
      'metadata.namespace',
      /^must not be set: a PersistentVolume belongs to no namespace$/,
      /^remove it$/,
    ],
  ];
  test.each(invalid)('%s', (_what, manifest, field, what, fix) => {
    expect(problemsOf(manifest)).toEqual([
      expect.objectContaining({ field, what: expect.stringMatching(what), fix: expect.stringMatching(fix) }),
    ]);
  });

  test('all mistakes of an object, not only the first', () => {
    const manifest = deployment({ spec: { replicas: '3', foo: 1 }, container: { bar: 1, command: 'x' } });
    expect(problemsOf(manifest).map(({ field }) => field)).toEqual([
      'spec.replicas',
      'spec.template.spec.containers[0].bar',
      'spec.template.spec.containers[0].command',
      'spec.foo',
    ]);
  });
});

describe('as a check', () => {
  const run = (manifest: Manifest) => {
    const rendered = { manifest } as RenderedObject;
    return [...schemaCheck(platformSchemas).run({ objects: [rendered] } as unknown as CheckContext)];
  };

  test('reports the object with each problem', () => {
    const manifest = deployment({ spec: { nodeSelector: {} } });
    expect(run(manifest)).toEqual([expect.objectContaining({ object: { manifest }, field: 'spec.nodeSelector' })]);
  });

  test('never shows a value of a Secret', () => {
    const findings = run(object('v1', 'Secret', { stringData: { password: 123456 } }));
    expect(findings).toHaveLength(1);
    expect(JSON.stringify(findings.map(({ object, ...finding }) => finding))).not.toContain('123456');
  });
});

test('scopes tell namespaced kinds from cluster-wide ones, and unknown kinds from both', () => {
  const { scopes } = platformSchemas;
  expect(scopes('apps/v1', 'Deployment')).toBe('Namespaced');
  expect(scopes('v1', 'PersistentVolume')).toBe('Cluster');
  expect(scopes('argoproj.io/v1alpha1', 'ClusterWorkflowTemplate')).toBe('Cluster');
  expect(scopes('v1', 'Deployment')).toBeUndefined();
  expect(scopes('v1', 'constructor')).toBeUndefined();
});
