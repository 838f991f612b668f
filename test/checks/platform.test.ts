import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { App } from 'cdk8s';
import { checks } from '../../src/checks';
import { runChecks } from '../../src/checks/run';
import { loadSchemas } from '../../src/checks/schemas/load';
import { homelab } from '../../src/clusters/homelab';
import { loadClusters } from '../../src/core/cluster';
import { platform } from '../../src/platform';
import type { Manifest, RenderedCluster } from '../../src/render/model';
import { walk } from '../../src/render/walk';

type Change = (manifest: Manifest) => unknown;

const pin = { version: 'v1.2.0', digest: `sha256:${'ab'.repeat(32)}` };
const [cluster] = loadClusters([
  { ...homelab, inference: { ...homelab.inference, strategy: { type: 'rolling' } }, models: { sentiment: pin } },
]);
if (!cluster) throw new Error('homelab is not valid');
const { scopes } = loadSchemas(join(__dirname, '..', '..', 'schemas'));
const whole = walk(platform(new App(), cluster, scopes), scopes);

/** Ids of the checks that find an error in the platform after a change to its objects of this kind and name. */
function errorsAfter(kind: string, name: RegExp, change: Change): Set<string> {
  let changed = 0;
  const components = whole.components.map((component) => ({
    ...component,
    objects: component.objects.flatMap((object) => {
      if (object.manifest.kind !== kind || !name.test(`${component.name}/${object.manifest.metadata.name}`))
        return [object];
      changed++;
      const copy = structuredClone(object.manifest);
      return change(copy) === 'remove' ? [] : [{ ...object, manifest: copy }];
    }),
  }));
  if (changed === 0) throw new Error(`the platform has no ${kind} ${name}`);
  return errorsOf({ ...whole, components });
}

function errorsOf(rendered: RenderedCluster): Set<string> {
  if (!cluster) return new Set();
  return new Set(
    runChecks(cluster, rendered, checks).errors.map(({ what }) => /\[([a-z-]+)\]$/.exec(what)?.[1] ?? what),
  );
}

/** Sets the value at a path of a manifest, whose shape is the platform's own. */
function set(path: string, value: unknown): Change {
  return (manifest) => {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let current = manifest as Record<string, unknown>;
    for (const key of keys) current = current[key] as Record<string, unknown>;
    current[last] = value;
  };
}

const container = 'spec.template.spec.containers.0';

test('the platform itself has no errors', () => {
  expect(errorsOf(whole)).toEqual(new Set());
});

test.each<[string, string, RegExp, Change]>([
  ['placement-level', 'Deployment', /^inference\//, set('spec.nodeSelector', { 'kubernetes.io/hostname': 'ubuntu2' })],
  ['node-selector-unknown', 'Deployment', /^inference\//, set('spec.template.spec.nodeSelector', { gpu: 'yes' })],
  ['replicas-owned-by-autoscaler', 'Deployment', /^inference\//, set('spec.replicas', 2)],
  ['selector-mismatch', 'Service', /^inference\//, set('spec.selector', { app: 'other' })],
  ['port-mismatch', 'Service', /^inference\//, set('spec.ports.0.targetPort', 'web')],
  ['unresolved-reference', 'ServiceAccount', /^inference\//, () => 'remove'],
  ['unresolved-reference', 'Service', /^inference\//, () => 'remove'],
  ['network-policy-coverage', 'NetworkPolicy', /.*/, () => 'remove'],
  ['missing-namespace', 'Namespace', /\/inference$/, () => 'remove'],
  ['protected-data', 'Namespace', /\/inference$/, set('metadata.annotations', {})],
  ['node-capacity', 'HorizontalPodAutoscaler', /^inference\//, set('spec.maxReplicas', 500)],
  ['quota-capacity', 'HorizontalPodAutoscaler', /^inference\//, set('spec.maxReplicas', 500)],
  ['pod-disruption', 'PodDisruptionBudget', /^inference\//, set('spec.maxUnavailable', 0)],
  ['image-pinned', 'Deployment', /^inference\//, set(`${container}.image`, 'registry.example.org/inference:latest')],
  ['container-probes', 'Deployment', /^inference\//, set(`${container}.livenessProbe`, undefined)],
  ['container-resources', 'Deployment', /^inference\//, set(`${container}.resources`, {})],
  ['container-security', 'Deployment', /^inference\//, set(`${container}.securityContext`, {})],
  ['drain', 'Deployment', /^inference\//, set('spec.template.spec.terminationGracePeriodSeconds', 1)],
  ['literal-secret', 'Deployment', /^inference\//, set(`${container}.env`, [{ name: 'API_TOKEN', value: 'hunter2' }])],
  ['volume-binding', 'PersistentVolumeClaim', /^registry\//, set('spec.storageClassName', 'other')],
  ['volume-binding', 'PersistentVolume', /.*/, set('metadata.namespace', 'registry')],
  ['project-permissions', 'AppProject', /-services$/, set('spec.namespaceResourceWhitelist', [])],
  ['project-permissions', 'AppProject', /-storage$/, set('spec.clusterResourceWhitelist', [])],
  ['rbac-privilege', 'Role', /.*/, set('rules.0.verbs', ['*'])],
  ['route-attachment', 'Gateway', /.*/, set('spec.listeners', [])],
])('%s stops a broken %s %s', (id, kind, name, change) => {
  expect(errorsAfter(kind, name, change)).toContain(id);
});

test('a quota must admit the biggest step of a workflow with the container that Argo Workflows adds to it', () => {
  const limited =
    (memory: string): Change =>
    (manifest) => {
      if (manifest.metadata.namespace === 'promote-model-version')
        set('spec.hard', { 'limits.memory': memory })(manifest);
    };
  // The biggest step may take 1 Gi, and what is added 256 Mi.
  expect(errorsAfter('ResourceQuota', /.*/, limited('1200Mi'))).toContain('quota-capacity');
  expect(errorsAfter('ResourceQuota', /.*/, limited('1280Mi'))).toEqual(new Set());
});
