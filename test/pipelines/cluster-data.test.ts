import { describe, expect, test } from '@jest/globals';
import { render } from '../../src/cli/render';
import { homelab } from '../../src/clusters/homelab';
import type { ClusterData } from '../../src/core/cluster';
import { InvalidInput } from '../../src/core/problem';
import { stepsOf, templateOf } from './templates';

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
