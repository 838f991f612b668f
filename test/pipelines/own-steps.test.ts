import { describe, expect, test } from '@jest/globals';
import { render } from '../../src/cli/render';
import { homelab } from '../../src/clusters/homelab';
import type { ClusterData } from '../../src/core/cluster';
import { ownSteps, stepsOf, templateOf } from './templates';

const names = ['train-new-model-version', 'train-and-inference-testing', 'promote-model-version'];

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
