import { describe, expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { documentOf } from '../../src/argo-workflows/lint/documents';
import { lintDocuments } from '../../src/argo-workflows/lint/lint';
import { render } from '../../src/cli/render';
import { homelab } from '../../src/clusters/homelab';
import { laptop } from '../../src/clusters/laptop';
import type { ClusterData } from '../../src/core/cluster';
import { InvalidInput } from '../../src/core/problem';
import { argo, lint } from '../argo-workflows/language/argo';
import { objectsIn, stepsOf, templateOf } from './templates';

const names = ['train-new-model-version', 'train-and-inference-testing', 'promote-model-version'];
const everything: ClusterData = {
  ...homelab,
  pipelines: {
    ...homelab.pipelines,
    retraining: { schedule: '0 3 * * 1' },
    retrainingEvent: { selector: 'discriminator == "new-data"' },
  },
};
const workflowKinds = ['WorkflowTemplate', 'CronWorkflow', 'WorkflowEventBinding'];
const workflowsOf = (data: ClusterData) => objectsIn(data).filter(({ kind }) => workflowKinds.includes(kind));

const inArgo = argo === undefined ? test.skip : test;
if (argo === undefined) console.warn('skipped: argo lint (no "argo" on PATH or in CLUSTER_HOME/bin)');

describe.each([
  ['homelab', homelab],
  ['laptop', laptop],
  ['a cluster with schedule and events', everything],
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

describe('runs of one model', () => {
  test.each([
    ['train-new-model-version', 'model-{{workflow.parameters.model}}'],
    ['promote-model-version', 'promote-{{workflow.parameters.model}}-production'],
  ])('of %s queue', (name, mutex) => {
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

describe('the data set', () => {
  test.each<[string, ClusterData['dataset'], readonly string[]]>([
    [
      'a file of a volume',
      {
        from: 'volume',
        volume: { type: 'local', node: 'ubuntu2', path: '/srv/reviews', size: '1Gi' },
        file: 'IMDB Dataset.csv',
      },
      ['--source', '/dataset/IMDB Dataset.csv'],
    ],
    [
      'a URL',
      { from: 'url', url: 'https://example.org/reviews.csv.gz' },
      ['--source', 'https://example.org/reviews.csv.gz'],
    ],
    [
      'a revision of the model repository',
      { from: 'dvc', revision: 'data-2026', path: 'data/reviews.csv' },
      [
        '--source',
        'data/reviews.csv',
        '--repository',
        'ssh://git@github.com/example/models.git',
        '--revision',
        'data-2026',
      ],
    ],
  ])('comes from %s', (_, dataset, args) => {
    const { fetch } = stepsOf(templateOf('train-new-model-version', { dataset }));
    expect(fetch?.container?.args?.slice(1, 1 + args.length)).toEqual(args);
  });
});

describe('the gate', () => {
  test('is what the data of the cluster says', () => {
    const { gate } = stepsOf(templateOf('train-new-model-version'));
    expect(gate?.container?.args?.join(' ')).toContain(
      '--metric accuracy --op >= --value=-0.005 --compare-with-stage production',
    );
  });

  test('cannot ask for more loss or an unknown metric', () => {
    type Gate = ClusterData['pipelines']['gate'];
    const right: readonly Gate[] = [
      { metric: 'accuracy', op: '>=', value: 0.9 },
      { metric: 'logLoss', op: '<', value: 0, compareWith: 'served' },
    ];
    const wrong: readonly Gate[] = [
      // @ts-expect-error more loss is worse
      { metric: 'logLoss', op: '>=', value: 0.1 },
      // @ts-expect-error less accuracy is worse
      { metric: 'accuracy', op: '<', value: 0.9 },
      // @ts-expect-error no metric of the trainer
      { metric: 'precision', op: '>=', value: 0.9 },
      // @ts-expect-error no such thing to compare with
      { metric: 'accuracy', op: '>=', value: 0.9, compareWith: 'best' },
      // @ts-expect-error a bound is a number
      { metric: 'accuracy', op: '>=', value: '0.9' },
    ];
    const rendered = (gate: Gate) => render([{ ...homelab, pipelines: { ...homelab.pipelines, gate } }]);
    for (const gate of right) expect(() => rendered(gate)).not.toThrow();
    for (const gate of wrong) expect(() => rendered(gate)).toThrow(InvalidInput);
  });
});

describe('credentials of a repository', () => {
  test('of the platform need a URL for which the deployer has a key', () => {
    const { platform, model } = homelab.repositories;
    const wrong = { platform: { ...platform, pushUrl: 'https://github.com/example/cdk8s-mlops.git' }, model };
    expect(() => render([{ ...homelab, repositories: wrong }])).toThrow(/homelab\.repositories\.platform\.pushUrl/);
  });

  test('that are sealed need every key', () => {
    const { platform, model } = homelab.repositories;
    const sealed = { from: 'sealed', encryptedData: { 'ssh-privatekey': 'AgB' } } as const;
    expect(() =>
      render([{ ...homelab, repositories: { platform, model: { ...model, credentials: sealed } } }]),
    ).toThrow(/repositories\.model\.credentials\.encryptedData: lacks the key known_hosts/);
  });
});
