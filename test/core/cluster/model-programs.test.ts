import { describe, expect, test } from '@jest/globals';
import { homelab } from '../../../src/clusters/homelab';
import { type ClusterData, loadClusters } from '../../../src/core/cluster';
import { textTraining } from '../../../src/core/cluster/model-programs';
import { objectsIn, templateOf } from '../../pipelines/templates';

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

  describe('and generation settings', () => {
    const program = (generation: object) =>
      ({
        ...changes,
        inference: {
          ...homelab.inference,
          ...changes.inference,
          program: { image: 'box-fit', argv: own.argv, generation },
        },
        models: { 'box-fit': { version: 'v1.0.0', digest: `sha256:${'0'.repeat(64)}` } },
      }) as Partial<ClusterData>;
    const environment = (values: readonly [string, string, string, string, string]) =>
      ['MAXIMUM_LENGTH', 'TEMPERATURE', 'TOP_P', 'TOP_K', 'NO_REPEAT_NGRAM_SIZE'].map((name, index) => ({
        name: `GENERATION_${name}`,
        value: values[index],
      }));

    test('hands them to the server and to the one that a test throws away', () => {
      const given = program({ maximumLength: 64, temperature: 1, topP: 1, topK: 0, noRepeatNgramSize: 0 });
      const values = environment(['64', '1', '1', '0', '0']);
      const deployment = objectsIn({ ...homelab, ...given }).find(
        ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'inference',
      );
      expect(deployment).toHaveProperty(
        'spec.template.spec.containers.0.env',
        expect.arrayContaining(values.map((one) => expect.objectContaining(one))),
      );
      const { templates } = templateOf('train-and-inference-testing', given).spec as {
        readonly templates: readonly { readonly name: string; readonly container?: { readonly env?: unknown } }[];
      };
      expect(templates.find(({ name }) => name === 'server')?.container?.env).toEqual(values);
    }, 60_000);

    test('says nothing of them to a program that does not write', () => {
      const everything = JSON.stringify(objectsIn({ ...homelab, ...changes }));
      expect(everything).not.toContain('GENERATION_');
    }, 60_000);

    test('has defaults', () => {
      const [cluster] = loadClusters([{ ...homelab, ...program({}) }]);
      expect(cluster?.inference.program.generation).toEqual({
        maximumLength: 300,
        temperature: 0.55,
        topP: 0.8,
        topK: 40,
        noRepeatNgramSize: 4,
      });
    });

    test.each([
      ['temperature', 0, /is too small \(got 0\); write at least 0\.01/],
      ['temperature', -1, /is too small/],
      ['temperature', Number.POSITIVE_INFINITY, /is of the wrong kind|is too large/],
      ['temperature', '0.5', /is of the wrong kind \(got "0\.5"\); write a number/],
      ['topP', 1.01, /is too large \(got 1\.01\); write at most 1/],
      ['topP', 0, /is too small/],
      ['topK', -1, /is too small \(got -1\); write at least 0/],
      ['topK', 1.5, /is of the wrong kind \(got 1\.5\); write a whole number/],
      ['maximumLength', 1, /is too small/],
      ['maximumLength', 100.5, /is of the wrong kind \(got 100\.5\); write a whole number/],
      ['noRepeatNgramSize', -1, /is too small/],
      ['top_p', 0.5, /there is no such setting/],
    ])('refuses %s %p, and names its path', (name, value, message) => {
      expect(load(program({ [name]: value }))).toThrow(
        new RegExp(`homelab\\.inference\\.program\\.generation\\.${name}: ${message.source}`),
      );
    });
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
