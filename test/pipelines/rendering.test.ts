import { describe, expect, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { documentOf } from '../../src/argo-workflows/lint/documents';
import { lintDocuments } from '../../src/argo-workflows/lint/lint';
import { render } from '../../src/cli/render';
import { homelab } from '../../src/clusters/homelab';
import { laptop } from '../../src/clusters/laptop';
import type { ClusterData } from '../../src/core/cluster';
import { InvalidInput } from '../../src/core/problem';
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

describe('steps of a cluster of its own', () => {
  test('are not rendered until its data names them', () => {
    for (const name of names) expect(stepsOf(templateOf(name))).not.toHaveProperty('prepare');
  });

  test('run the image of the lock file and what the data says, and reach nothing', () => {
    const { prepare, validate, export: exported, fetch } = stepsOf(templateOf('train-new-model-version', ownSteps));
    expect(prepare?.container).toMatchObject({
      image: 'registry.homelab.internal:30500/reviews:1.0.0',
      command: ['reviews', 'prepare', '$(FETCHED)', '$(DATA)'],
      env: [
        { name: 'FETCHED', value: '/work/fetched' },
        { name: 'DATA', value: '/work/data' },
      ],
    });
    expect(fetch?.container?.args).toContain('/work/fetched');
    expect(exported?.container).toMatchObject({ env: [{ name: 'MODEL', value: '{{inputs.parameters.folder}}' }] });
    for (const step of [prepare, validate, exported]) expect(step?.metadata?.labels).toBeUndefined();
    expect(validate?.container?.volumeMounts).toContainEqual(
      expect.objectContaining({ mountPath: '/work', readOnly: true }),
    );
  });

  test('make other versions of the same data when they change what is trained', () => {
    const key = (steps: ClusterData['pipelines']['steps']) =>
      stepsOf(
        templateOf('train-new-model-version', { ...ownSteps, pipelines: { ...ownSteps.pipelines, steps } }),
      ).resolve?.container?.args?.join(' ');
    const { prepare, validate } = ownSteps.pipelines.steps ?? {};
    const images = { image: 'reviews', argv: ['reviews', 'other'] } as const;
    expect(key({ prepare, validate })).not.toBe(key({ validate }));
    expect(key({ prepare: images, validate })).not.toBe(key({ prepare, validate }));
    expect(key({ prepare, validate: images })).toBe(key({ prepare, validate }));
  });

  test.each([
    [
      { validate: { image: 'review', argv: ['validate'] } },
      /steps\.validate\.image: is not in the lock file of images/,
    ],
    [{ validate: { image: 'trainer', argv: ['validate'] } }, /images\.reviews: nothing runs this image/],
    [{ validate: { image: 'reviews', argv: ['{{workflow.name}}'] } }, /steps\.validate\.argv\.0: contains "\{\{"/],
    [{ validate: { image: 'reviews', argv: [] } }, /steps\.validate\.argv/],
    [{ test: { image: 'reviews', argv: ['x'] } }, /pipelines\.steps\.test: /],
  ])('cannot be %j', (steps, message) => {
    const pipelines = { ...homelab.pipelines, steps } as unknown as ClusterData['pipelines'];
    expect(() => render([{ ...homelab, ...ownSteps, pipelines }])).toThrow(message);
  });
});

describe('an artifact store', () => {
  const all = objectsIn({ ...homelab, ...ownSteps, artifactStore });
  const training = templateOf('train-new-model-version', { ...ownSteps, artifactStore });
  const testing = templateOf('train-and-inference-testing', { ...ownSteps, artifactStore });

  test('replaces the folder of the run: no step mounts the training volume, and none removes anything', () => {
    for (const template of [training, testing]) {
      expect(dump(template)).not.toMatch(/claimName: training|runs\/\{\{workflow/);
      expect(template.spec).not.toHaveProperty('onExit');
      expect(template.spec).toMatchObject({
        artifactRepositoryRef: { configMap: 'artifact-repositories', key: 'runs' },
      });
    }
    expect(
      all.filter(({ kind, metadata }) => kind === 'PersistentVolumeClaim' && metadata.name === 'training'),
    ).toEqual([]);
  });

  test('is named to Argo in each namespace that trains, with credentials that are not in Git', () => {
    const maps = all.filter(({ metadata }) => metadata.name === 'artifact-repositories');
    expect(maps.map(({ metadata }) => metadata.namespace).sort()).toEqual([
      'train-and-inference-testing',
      'train-new-model-version',
    ]);
    const { runs } = (maps[0] as unknown as { readonly data: { readonly runs: string } }).data;
    expect(load(runs)).toMatchObject({
      s3: {
        endpoint: 's3.example.org:9000',
        bucket: 'runs',
        insecure: false,
        accessKeySecret: { name: 'artifact-store-credentials', key: 'accessKey' },
      },
    });
  });

  test('is what the pods may reach, and nothing else of its network', () => {
    const policy = all.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'artifact-store');
    const { egress, podSelector } = (policy as Readonly<Record<string, unknown>>).spec as Readonly<
      Record<string, unknown>
    >;
    const dns = expect.objectContaining({ to: [expect.objectContaining({ namespaceSelector: expect.anything() })] });
    const store = { ports: [{ port: 9000, protocol: 'TCP' }], to: [{ ipBlock: { cidr: '192.168.10.0/24' } }] };
    expect(podSelector).toEqual({});
    expect(egress).toEqual([store, dns]);
    expect(objectsIn(homelab).filter(({ metadata }) => metadata.name === 'artifact-store')).toEqual([]);
  });

  test('brings each step what it takes', () => {
    const artifacts = (name: string) => {
      const { templates } = training.spec as { readonly templates: readonly Readonly<Record<string, unknown>>[] };
      const { inputs, outputs } = (templates.find((each) => each.name === name) ?? {}) as Record<
        'inputs' | 'outputs',
        { readonly artifacts?: readonly { readonly path: string; readonly optional?: boolean }[] } | undefined
      >;
      const paths = (ports: typeof inputs) =>
        (ports?.artifacts ?? []).map(({ path, optional }) => (optional ? `${path}?` : path));
      return [paths(inputs), paths(outputs)];
    };
    expect(artifacts('fetch')).toEqual([[], ['/work/fetched']]);
    expect(artifacts('prepare')).toEqual([['/work/fetched'], ['/work/data']]);
    expect(artifacts('train')).toEqual([['/work/data'], ['/work/candidate/model']]);
    expect(artifacts('evaluate')).toEqual([['/work/data', '/work/candidate/model'], ['/work/candidate']]);
    expect(artifacts('gate')).toEqual([
      ['/work/candidates/standard?', '/work/candidates/compact?', '/work/candidates/smooth?'],
      ['/work/candidates'],
    ]);
    expect(artifacts('version')).toEqual([['/work/candidates'], []]);
  });

  test('needs both keys of its credentials', () => {
    const credentials = { from: 'sealed', encryptedData: { accessKey: 'AgB' } } as const;
    const wrong = { ...homelab, artifactStore: { ...artifactStore, credentials } } as ClusterData;
    expect(() => render([wrong])).toThrow(/artifactStore\.credentials\.encryptedData: lacks the key secretKey/);
  });
});

describe('promotions that ask to merge', () => {
  const byHand = { pipelines: { ...homelab.pipelines, pullRequest: {} } };
  const args = (changes: Partial<ClusterData>) =>
    stepsOf(templateOf('promote-model-version', changes)).deploy?.container?.args?.join(' ');

  test('are off until the data of the cluster says so', () => {
    expect(args({})).not.toContain('--pull-request');
    expect(stepsOf(templateOf('promote-model-version'))).not.toHaveProperty('merge');
  });

  test('wait for the merge before they ask which version is served', () => {
    expect(args(byHand)).toContain(' --pull-request -- promote');
    const { templates } = templateOf('promote-model-version', byHand).spec as {
      readonly templates: readonly { readonly name: string; readonly dag?: { readonly tasks: readonly object[] } }[];
    };
    const serve = templates.find(({ name }) => name === 'serve')?.dag?.tasks;
    expect(serve).toContainEqual(expect.objectContaining({ name: 'merge', depends: 'deploy' }));
    expect(serve).toContainEqual(expect.objectContaining({ name: 'wait-served', depends: 'merge' }));
  });

  test('reach GitHub, with a token, only where there is one', () => {
    const policies = (changes: Partial<ClusterData>) =>
      objectsIn({ ...homelab, ...changes }).filter(({ metadata }) => metadata.name === 'reaches-github');
    expect(policies(byHand)).toEqual([]);
    expect(policies(asking)).toHaveLength(1);
    const { deploy } = stepsOf(templateOf('promote-model-version', asking));
    expect(deploy?.container?.args).toContain('/secrets/github/token');
    expect(deploy?.metadata?.labels).toHaveProperty(['mlops/reaches-github'], 'true');
  });
});
