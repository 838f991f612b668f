import { describe, expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { documentOf } from '../../src/argo-workflows/lint/documents';
import { lintDocuments } from '../../src/argo-workflows/lint/lint';
import { homelab } from '../../src/clusters/homelab';
import { laptop } from '../../src/clusters/laptop';
import type { ClusterData } from '../../src/core/cluster';
import { argo, lint } from '../argo-workflows/language/argo';
import { artifactStore, objectsIn, ownSteps, stepsOf, templateOf } from './templates';

const names = ['train-new-model-version', 'train-and-inference-testing', 'promote-model-version'];
const everything: ClusterData = {
  ...homelab,
  pipelines: {
    ...homelab.pipelines,
    retraining: { schedule: '0 3 * * 1' },
    retrainingEvent: { selector: 'discriminator == "new-data"' },
  },
};
const asking: ClusterData = {
  ...homelab,
  pipelines: { ...homelab.pipelines, pullRequest: { token: { from: 'existing' } } },
};
const workflowKinds = ['WorkflowTemplate', 'CronWorkflow', 'WorkflowEventBinding'];
const workflowsOf = (data: ClusterData) => objectsIn(data).filter(({ kind }) => workflowKinds.includes(kind));

const inArgo = argo === undefined ? test.skip : test;
if (argo === undefined) console.warn('skipped: argo lint (no "argo" on PATH or in CLUSTER_HOME/bin)');

describe.each([
  ['homelab', homelab],
  ['laptop', laptop],
  ['a cluster with schedule and events', everything],
  ['a cluster with steps of its own', { ...homelab, ...ownSteps }],
  ['a cluster with an artifact store', { ...homelab, artifactStore }],
  ['a cluster with both', { ...homelab, ...ownSteps, artifactStore }],
  ['a cluster whose promotions ask to merge', asking],
])('%s', (_, data) => {
  test('has nothing that the linter would say in strict mode', () => {
    const documents = workflowsOf(data).map((object, index) => documentOf(object, `object ${index}`));
    expect(lintDocuments(documents, { strict: true })).toEqual({ findings: [], checked: documents.length });
  });

  inArgo('passes argo lint', () => {
    const manifests = workflowsOf(data) as unknown as Parameters<typeof lint>[1];
    expect(lint(argo ?? '', manifests)).toBe('');
  });
});

describe('every step', () => {
  test.each(names)('of %s runs heavy work on the compute node, and anywhere without a placement', (name) => {
    const steps = stepsOf(templateOf(name));
    for (const heavy of ['fetch', 'train', 'evaluate', 'server', 'probe'].flatMap((step) => steps[step] ?? [])) {
      expect(heavy.nodeSelector).toEqual({ 'kubernetes.io/hostname': 'ubuntu2' });
    }
    expect(dump(templateOf(name, { placements: {} }))).not.toContain('nodeSelector');
  });

  test.each(names)('of %s that mounts the credentials of a repository carries the label that opens the way', (name) => {
    for (const { container, metadata } of Object.values(stepsOf(templateOf(name)))) {
      for (const { name: volume } of container?.volumeMounts ?? []) {
        const [, repository] = /^(\w+-repository)-credentials$/.exec(volume) ?? [];
        if (repository) expect(metadata?.labels).toHaveProperty([`mlops/reaches-${repository}`], 'true');
      }
    }
  });

  test('of the training shares the folder of its run and no other', () => {
    const { fetch, train, evaluate, gate, version } = stepsOf(templateOf('train-new-model-version'));
    for (const step of [fetch, train, evaluate, gate, version]) {
      expect(step?.container?.volumeMounts).toContainEqual(
        expect.objectContaining({ name: 'training', mountPath: '/work', subPath: 'runs/{{workflow.uid}}' }),
      );
    }
  });

  test('that only reads the folder of the run cannot write it', () => {
    const { gate, version } = stepsOf(templateOf('train-new-model-version'));
    for (const step of [gate, version]) {
      expect(step?.container?.volumeMounts?.find(({ mountPath }) => mountPath === '/work')?.readOnly).toBe(true);
    }
  });

  test('without credentials mounts none', () => {
    const { platform, model } = homelab.repositories;
    const open = {
      platform: { url: platform.url, revision: platform.revision },
      model: { url: model.url, revision: model.revision },
    };
    for (const name of names) expect(dump(templateOf(name, { repositories: open }))).not.toContain('/secrets/git');
  });
});

describe('runs queue', () => {
  test.each([
    ['train-new-model-version', 'of one model', 'model-{{workflow.parameters.model}}'],
    ['train-and-inference-testing', 'of any', 'inference-test'],
    ['promote-model-version', 'of one model', 'promote-{{workflow.parameters.model}}-production'],
  ])('of %s: those %s', (name, _, mutex) => {
    expect(templateOf(name).spec).toMatchObject({ synchronization: { mutexes: [{ name: mutex }] } });
  });
});

describe('training by itself', () => {
  test('is off until the data of the cluster says so', () => {
    expect(workflowsOf(homelab).map(({ kind }) => kind)).toEqual([
      'WorkflowTemplate',
      'WorkflowTemplate',
      'WorkflowTemplate',
    ]);
    expect(workflowsOf(everything).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['CronWorkflow', 'WorkflowEventBinding']),
    );
  });
});
