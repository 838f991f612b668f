import { describe, expect, test } from '@jest/globals';
import { homelab } from '../../../src/clusters/homelab';
import { type ClusterData, loadClusters } from '../../../src/core/cluster';
import { textTraining } from '../../../src/core/cluster/model-programs';
import { templateOf } from '../../pipelines/templates';

const own = { image: 'box-fit', argv: ['python', '-m', 'box_fit'] as [string, ...string[]] };
const image = { repository: 'box-fit', tag: '0.1.0' };
const variants = { standard: { strength: 1 }, compact: { strength: 2 }, smooth: { strength: 3 } };
const changes = {
  images: { ...homelab.images, 'box-fit': image },
  pipelines: { ...homelab.pipelines, training: { ...own, variants } },
  inference: { ...homelab.inference, model: 'box-fit', program: { image: 'box-fit', argv: [...own.argv, 'serve'] } },
} as Partial<ClusterData>;
const load = (more: Partial<ClusterData>) => () => loadClusters([{ ...homelab, ...more }]);

describe('a model with programs of its own', () => {
  test('is trained and tried by them, with its own settings', () => {
    const training = JSON.stringify(templateOf('train-new-model-version', changes));
    expect(training).toContain('"--strength","{{inputs.parameters.strength}}"');
    expect(training).not.toContain('--bits');
    expect(training).toContain('settings=standard:1,compact:2,smooth:3');
    const testing = JSON.stringify(templateOf('train-and-inference-testing', changes));
    expect(testing).toContain('"command":["python","-m","box_fit","serve"]');
    expect(testing).not.toContain('/trainer:');
  }, 60_000);

  test("is one of texts when nothing else is said, trained by the platform's own program", () => {
    const [cluster] = loadClusters([homelab]);
    expect(cluster?.pipelines.training).toEqual(textTraining);
    expect(JSON.stringify(templateOf('train-new-model-version'))).toContain('"--bits","{{inputs.parameters.bits}}"');
  }, 60_000);

  test('names images of the lock file, and all of those are named', () => {
    expect(load(changes)).not.toThrow();
    expect(load({ ...changes, images: homelab.images })).toThrow(
      /pipelines\.training\.image: is not in the lock file of images \(got "box-fit"\)[\s\S]*inference\.program\.image: is not/,
    );
    expect(load({ images: changes.images as ClusterData['images'] })).toThrow(
      /images\.box-fit: nothing runs this image/,
    );
  });

  test('has the same settings in each variant, and none that a step has already', () => {
    const training = (smooth: Readonly<Record<string, number>>) =>
      load({
        pipelines: {
          ...homelab.pipelines,
          training: { ...textTraining, variants: { ...textTraining.variants, smooth } },
        },
      });
    expect(training({ bits: 20 })).toThrow(
      /pipelines\.training\.variants\.smooth: has other settings than standard \(got "bits"\); write bits, regularization/,
    );
    expect(training({ seed: 1 })).toThrow(/is no name of a setting/);
  });
});
