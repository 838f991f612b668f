import { describe, expect, test } from '@jest/globals';
import {
  container,
  input,
  output,
  resource,
  suspend,
  text,
  volume,
  workflow,
  workflowTemplate,
} from '../../../src/argo-workflows/language';
import { idle, manifestOf, program, rendered } from './rendering';
import { everyKind } from './types/every-kind';

type Wire = { readonly [key: string]: Wire & Wire[] & string };
const spec = everyKind.toManifest().spec as Wire;
const templates = spec.templates as unknown as readonly Wire[];
const inPods = templates.filter((template) =>
  ['container', 'script', 'containerSet', 'resource'].some((kind) => kind in template),
);
const containers = inPods.flatMap((template) => [
  ...[template.container, template.script].filter((each) => each !== undefined),
  ...((template.containerSet?.containers as unknown as readonly Wire[]) ?? []),
]);

describe('every template that runs in a pod', () => {
  test('there are some of each kind', () => {
    expect(inPods.map((template) => template.name)).toEqual(
      expect.arrayContaining(['prepare', 'check', 'together', 'apply', 'server']),
    );
  });

  test('is an ordinary user under the default seccomp profile', () => {
    for (const template of inPods) {
      expect(template.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      });
    }
  });

  test('has no token, but for the executor', () => {
    for (const template of inPods) {
      expect(template.automountServiceAccountToken).toBe(false);
      expect(template.executor?.serviceAccountName).toBe(template.serviceAccountName);
    }
    expect(inPods.find((template) => template.name === 'apply')?.serviceAccountName).toBe('deployer');
  });

  test('has a deadline, and counts its ends', () => {
    for (const template of inPods) {
      expect(template.activeDeadlineSeconds).toBeGreaterThan(0);
      expect(template.metrics?.prometheus?.[0]?.name).toBe('workflow_step_ends_total');
    }
  });

  test('is tried again a limited number of times by a stated policy, but for servers', () => {
    for (const template of inPods.filter((each) => each.daemon === undefined)) {
      expect(template.retryStrategy).toEqual(
        expect.objectContaining({ limit: expect.stringMatching(/^\d$/), retryPolicy: expect.any(String) }),
      );
    }
    expect(inPods.find((template) => template.daemon !== undefined)?.retryStrategy).toBeUndefined();
  });
});

test('every container has a command, resources and no privileges', () => {
  expect(containers.length).toBeGreaterThan(8);
  for (const each of containers) {
    expect(each.command?.[0]).toEqual(expect.any(String));
    expect(each.resources?.requests).toMatchObject({ cpu: '10m', memory: '16Mi', 'ephemeral-storage': '1Gi' });
    expect(each.resources?.limits).toMatchObject({ memory: '16Mi', 'ephemeral-storage': '1Gi' });
    expect(each.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  }
});

test('a workflow cleans up after itself and ends', () => {
  expect(spec).toMatchObject({
    podGC: { strategy: 'OnPodSuccess', deleteDelayDuration: '10m' },
    ttlStrategy: { secondsAfterSuccess: 86_400, secondsAfterFailure: 604_800 },
    activeDeadlineSeconds: 86_400,
  });
});

test('nothing applies to DAGs and steps by accident: retries and defaults stand in each leaf', () => {
  expect(Object.keys(spec)).not.toEqual(expect.arrayContaining(['retryStrategy']));
  expect(Object.keys(spec)).not.toEqual(expect.arrayContaining(['templateDefaults']));
});

test('only the plural forms are written', () => {
  expect(JSON.stringify(spec)).not.toMatch(/"(mutex|semaphore|schedule|priority)":/);
});

test('placement stands at the level of the template, where it works', () => {
  const placement = {
    nodeSelector: { disk: 'fast' },
    tolerations: [{ key: 'compute', operator: 'Exists' }],
    affinity: { podAntiAffinity: {} },
  };
  const placed = rendered(container('placed', { ...program, placement }));
  expect(placed).toMatchObject(placement);
  expect(Object.keys(placed.container as object)).not.toEqual(expect.arrayContaining(['nodeSelector']));
});

test('a template without placement takes that of the workflow template', () => {
  const placement = { nodeSelector: { disk: 'fast' } };
  const props = { templates: { idle }, entrypoint: 'idle', serviceAccount: { name: 'x' }, placement } as const;
  expect(workflowTemplate('w', props).toManifest().spec.templates).toEqual([expect.objectContaining(placement)]);
  expect(manifestOf(idle).spec.templates).not.toEqual([expect.objectContaining(placement)]);
});

test('a program can write its outputs and temporary files, and nothing else', () => {
  const made = rendered(
    container('made', {
      ...program,
      outputs: { a: output.path('/work/run/a'), b: output.path('/outputs/b'), c: output.path('/outputs/deep/c') },
      mounts: [
        { volume: volume.claim('training', { name: 'training' }), path: '/work', subPath: text`runs/${workflow.uid}` },
      ],
    }),
  );
  expect((made.container as Wire).volumeMounts).toEqual([
    { name: 'training', mountPath: '/work', subPath: 'runs/{{workflow.uid}}' },
    { name: 'tmp', mountPath: '/tmp' },
    { name: 'outputs', mountPath: '/outputs' },
  ]);
  expect(made.volumes).toEqual([
    { name: 'training', persistentVolumeClaim: { claimName: 'training' } },
    { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
    { name: 'outputs', emptyDir: { sizeLimit: '1Gi' } },
  ]);
});

test('no value can read a secret: Kubernetes expands only variables that stand before', () => {
  const { env } = rendered(
    container('env', {
      ...program,
      inputs: { given: input.string() },
      env: (c) => ({ SECRET: { secretKeyRef: { name: 's', key: 'k' } }, GIVEN: c.inputs.given }),
    }),
  ).container as { env: readonly { name: string }[] };
  expect(env.map((each) => each.name)).toEqual(['GIVEN', 'SECRET']);
});

test('what a run is started with is a form in the Argo UI', () => {
  const main = container('main', {
    ...program,
    inputs: {
      model: input.string({ description: 'Which model' }),
      mode: input.oneOf(['train', 'test'], { default: 'test' }),
      fast: input.boolean({ default: false }),
    },
  });
  expect(manifestOf(main).spec.arguments).toEqual({
    parameters: [
      { name: 'model', description: 'Which model' },
      { name: 'mode', value: 'test', enum: ['train', 'test'] },
      { name: 'fast', value: 'false', enum: ['true', 'false'] },
    ],
  });
});

test('a question shows its choices, and has an answer when the time is up only where there is one by default', () => {
  const ask = suspend('ask', {
    answers: {
      decision: input.oneOf(['no', 'yes']),
      by: input.string({ description: 'Who' }),
      again: input.oneOf(['later', 'never'], { default: 'later' }),
    },
    duration: '1h',
  });
  expect(rendered(ask).inputs).toEqual({
    parameters: [
      { name: 'decision', value: 'no', enum: ['no', 'yes'] },
      { name: 'by', description: 'Who', value: '' },
      { name: 'again', default: 'later', enum: ['later', 'never'] },
    ],
  });
});

test('the manifest of a resource finds a place where the root of the executor is read-only', () => {
  const get = resource('get', { action: 'get', flags: ['pod/x'], serviceAccount: { name: 'executor' } });
  expect(JSON.parse(rendered(get).podSpecPatch as string)).toEqual({
    initContainers: [{ name: 'init', volumeMounts: [{ name: 'tmp-dir-argo', mountPath: '/tmp', subPath: '0' }] }],
  });
});

test('rendering twice gives equal objects that share nothing', () => {
  const [a, b] = [everyKind.toManifest(), everyKind.toManifest()];
  expect(a).toEqual(b);
  expect(a.spec.securityContext).not.toBe(b.spec.securityContext);
});
