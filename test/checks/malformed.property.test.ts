import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { check, fixtureIds, readFixture, rendered } from './fixture';

const KINDS: readonly (readonly [string, string])[] = [
  ['v1', 'Pod'],
  ['v1', 'Service'],
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'PersistentVolume'],
  ['v1', 'PersistentVolumeClaim'],
  ['v1', 'ResourceQuota'],
  ['v1', 'ServiceAccount'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
  ['policy/v1', 'PodDisruptionBudget'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['gateway.networking.k8s.io/v1', 'Gateway'],
  ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
  ['rbac.authorization.k8s.io/v1', 'Role'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['storage.k8s.io/v1', 'StorageClass'],
  ['traefik.io/v1alpha1', 'Middleware'],
  ['cert-manager.io/v1', 'Certificate'],
  ['argoproj.io/v1alpha1', 'Rollout'],
  ['argoproj.io/v1alpha1', 'WorkflowTemplate'],
  ['argoproj.io/v1alpha1', 'CronWorkflow'],
  ['argoproj.io/v1alpha1', 'Sensor'],
  ['argoproj.io/v1alpha1', 'Application'],
  ['argoproj.io/v1alpha1', 'AppProject'],
  ['example.org/v1', '__proto__'],
];

/** Fields that the rules read, so that wrong values stand where right ones are looked for. */
const FIELDS = [
  ...[
    'spec',
    'template',
    'metadata',
    'labels',
    'annotations',
    'containers',
    'initContainers',
    'volumes',
    'volumeMounts',
  ],
  ...[
    'image',
    'name',
    'namespace',
    'kind',
    'resources',
    'requests',
    'limits',
    'cpu',
    'securityContext',
    'capabilities',
  ],
  ...[
    'env',
    'valueFrom',
    'secretKeyRef',
    'key',
    'value',
    'args',
    'ports',
    'port',
    'nodePort',
    'targetPort',
    'containerPort',
  ],
  ...['livenessProbe', 'readinessProbe', 'startupProbe', 'httpGet', 'lifecycle', 'preStop', 'sleep', 'exec', 'command'],
  ...[
    'selector',
    'matchLabels',
    'matchExpressions',
    'operator',
    'values',
    'podSelector',
    'ingress',
    'egress',
    'from',
    'to',
  ],
  ...['nodeSelector', 'affinity', 'nodeAffinity', 'required', 'nodeSelectorTerms', 'topologySpreadConstraints'],
  ...['persistentVolumeClaim', 'claimName', 'claimRef', 'volumeName', 'accessModes', 'capacity', 'storage', 'hard'],
  ...[
    'templates',
    'container',
    'script',
    'steps',
    'dag',
    'tasks',
    'templateRef',
    'workflowSpec',
    'arguments',
    'parameters',
  ],
  ...[
    'rules',
    'filters',
    'urlRewrite',
    'path',
    'matches',
    'backendRefs',
    'weight',
    'http',
    'paths',
    'backend',
    'service',
  ],
  ...[
    'roleRef',
    'subjects',
    'verbs',
    'apiGroups',
    'scaleTargetRef',
    'replicas',
    'minReplicas',
    'maxReplicas',
    'strategy',
  ],
  ...[
    'project',
    'source',
    'sources',
    'destination',
    'destinations',
    'sourceRepos',
    'clusterResourceWhitelist',
    'group',
  ],
  ...['replacePathRegex', 'regex', 'replacement', 'jobTemplate', 'constructor', '__proto__', 'toString'],
];

const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    '',
    'api',
    '*',
    '$9',
    '{{x}}',
    '100%',
    'ubuntu2',
    'fixture',
    'inference',
    [],
    {},
  ),
  fc.string(),
  fc.double(),
);

const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('tree'), { maxKeys: 5 }),
  ),
}));

const anything = fc.oneof(fc.jsonValue(), tree);

const object = fc
  .record({
    type: fc.constantFrom(...KINDS),
    // Few names, so that objects find each other.
    name: fc.constantFrom('api', 'fixture', 'constructor'),
    namespace: fc.constantFrom('inference', 'argocd', undefined),
    labels: anything,
    annotations: anything,
    spec: anything,
    rest: fc.dictionary(
      fc.constantFrom('data', 'rules', 'subjects', 'roleRef', 'imagePullSecrets', 'template'),
      anything,
    ),
  })
  .map(({ type: [apiVersion, kind], name, namespace, labels, annotations, spec, rest }) => ({
    ...rest,
    apiVersion,
    kind,
    metadata: { name, ...(namespace && { namespace }), labels, annotations },
    spec,
  }));

test('no shape of an object makes a check throw', () => {
  fc.assert(
    fc.property(fc.array(object, { minLength: 1, maxLength: 8 }), (objects) => {
      expect(() => check(rendered(objects))).not.toThrow();
    }),
    { numRuns: 150 },
  );
});

test('every finding about any object says what is wrong and what to do', () => {
  fc.assert(
    fc.property(fc.array(object, { minLength: 1, maxLength: 4 }), (objects) => {
      const { errors, warnings } = check(rendered(objects));
      for (const { what, fix } of [...errors, ...warnings]) {
        expect(what).toMatch(/\S \[[a-z-]+\]$/);
        expect(fix.length).toBeGreaterThan(5);
      }
    }),
  );
});

/** Puts `replacement` in the place of the `turns`-th value on a walk through `value`. */
function replaceOne(value: unknown, turns: readonly number[], replacement: unknown): unknown {
  const [turn, ...rest] = turns;
  if (turn === undefined || typeof value !== 'object' || value === null) return replacement;
  const keys = Object.keys(value);
  const key = keys[turn % keys.length];
  if (key === undefined) return replacement;
  const child = replaceOne((value as Record<string, unknown>)[key], rest, replacement);
  return Array.isArray(value) ? Object.assign([...value], { [key]: child }) : { ...value, [key]: child };
}

test('no wrong value in the place of a right one makes a check throw', () => {
  const fixtures = fixtureIds().flatMap((id) =>
    [readFixture(id, 'good'), readFixture(id, 'bad')].filter((one) => one !== undefined),
  );
  const manifests = fixtures.map(({ components }) =>
    components.flatMap(({ objects }) => objects.map(({ manifest }) => manifest)),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...manifests),
      fc.array(
        fc.record({ index: fc.nat(20), turns: fc.array(fc.nat(20), { minLength: 1, maxLength: 12 }), value: leaf }),
        { maxLength: 4, minLength: 1 },
      ),
      (objects, changes) => {
        const changed = [...objects] as Record<string, unknown>[];
        for (const { index, turns, value } of changes) {
          const at = index % changed.length;
          const { apiVersion, kind, metadata, ...rest } = changed[at] ?? {};
          const { name, namespace, ...labels } = (metadata ?? {}) as Record<string, unknown>;
          const mutated = replaceOne({ ...rest, ...labels }, turns, value) as Record<string, unknown>;
          const {
            labels: newLabels,
            annotations,
            ...others
          } = typeof mutated === 'object' && mutated !== null ? mutated : {};
          changed[at] = {
            apiVersion,
            kind,
            metadata: { name, ...(namespace !== undefined && { namespace }), labels: newLabels, annotations },
            ...others,
          };
        }
        expect(() => check(rendered(changed))).not.toThrow();
      },
    ),
    { numRuns: 400 },
  );
});
