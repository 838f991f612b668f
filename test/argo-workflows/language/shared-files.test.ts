import { describe, expect, test } from '@jest/globals';
import { container, dag, input, output, volume, workflowTemplate } from '../../../src/argo-workflows/language';
import { manifestOf, problemsOf, program, rendered, tasksOf } from './rendering';

const work = volume.claim('work', { name: 'work' });
const mounts = [{ volume: work, path: '/work' }];
const give = container('give', { ...program, outputs: { data: output.shared('/work/data') }, mounts });
const take = container('take', {
  ...program,
  inputs: { data: input.shared('/work/data'), more: input.optionalShared('/work/more') },
  args: (c) => [c.inputs.data.path],
  mounts,
});

describe('a file in a volume', () => {
  const inner = dag('inner', { inputs: { data: input.shared() } }, (d) => {
    d.task('take', take, { data: d.inputs.data });
    return { data: d.inputs.data };
  });
  const main = dag('main', {}, (d) => {
    const { data } = d.task('give', give, {}).outputs;
    const passed = d.task('inner', inner, { data });
    d.task('last', take, { data: passed.outputs.data });
  });

  test('makes who takes it wait for who gives it, through nested DAGs', () => {
    const { inner: nested, last } = tasksOf(main);
    expect([nested?.depends, last?.depends]).toEqual(['give', 'inner']);
  });

  test('is nothing that Argo hears of', () => {
    expect(JSON.stringify(manifestOf(main))).not.toContain('artifact');
    expect(rendered(inner)).not.toHaveProperty('inputs');
  });

  test('is found at its path, in the folder that both mount', () => {
    expect(manifestOf(main).spec.templates).toContainEqual(
      expect.objectContaining({ name: 'take', container: expect.objectContaining({ args: ['/work/data'] }) }),
    );
    expect(JSON.stringify(rendered(give))).not.toContain('"mountPath":"/work/data"');
  });

  test.each([
    ['taken where Argo is to bring it', output.shared('/work/data'), input.artifact('/work/data'), 'file of a volume'],
    [
      'given where Argo keeps it',
      output.artifact('/work/data'),
      input.shared('/work/data'),
      'artifact that Argo keeps',
    ],
  ])('cannot be %s', (_, given, taken, message) => {
    const from = container('from', { ...program, outputs: { data: given } });
    const to = container('to', { ...program, inputs: { data: taken } });
    const wrong = dag('main', {}, (d) => void d.task('to', to, { data: d.task('from', from, {}).outputs.data }));
    expect(problemsOf(() => manifestOf(wrong)).join()).toContain(message);
  });
});

test('an artifact repository is named by its ConfigMap', () => {
  const template = workflowTemplate('w', {
    templates: { give },
    entrypoint: 'give',
    serviceAccount: { name: 'executor' },
    artifactRepository: { configMap: { name: 'artifact-repositories' }, key: 'runs' },
  });
  expect(template.toManifest().spec).toMatchObject({
    artifactRepositoryRef: { configMap: 'artifact-repositories', key: 'runs' },
  });
});
