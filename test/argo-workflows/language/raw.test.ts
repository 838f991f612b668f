import { describe, expect, test } from '@jest/globals';
import { dag, input, output, raw } from '../../../src/argo-workflows/language';
import { structureProblems } from '../../../src/argo-workflows/language/raw/structure';
import { argo, lint, testWithArgo } from './argo';
import { idle, manifestOf, problemsOf, rendered } from './rendering';
import { everyKind } from './types/every-kind';

const withSidecar = raw('with-sidecar', {
  inputs: { word: input.string() },
  outputs: { answer: output.path('/outputs/answer') },
  template: (c) => ({
    container: {
      image: 'registry.example/run:1',
      command: ['run'],
      env: [{ name: 'WORD', value: c.inputs.word }],
    },
    sidecars: [{ name: 'proxy', image: 'registry.example/proxy:1', command: ['proxy'] }],
  }),
});
const main = dag('main', {}, (d) => {
  const first = d.task('first', withSidecar, { word: 'a' });
  d.task('second', withSidecar, { word: first.outputs.answer });
});

describe('a template in the words of Argo', () => {
  test('is used like any other, and gets nothing that it does not say', () => {
    expect(rendered(main).dag).toMatchObject({ tasks: [{ name: 'first' }, { name: 'second', depends: 'first' }] });
    const templates = manifestOf(main).spec.templates as readonly { name: string }[];
    expect(templates.find((template) => template.name === 'with-sidecar')).toEqual({
      name: 'with-sidecar',
      inputs: { parameters: [{ name: 'word' }] },
      outputs: { parameters: [{ name: 'answer', valueFrom: { path: '/outputs/answer' } }] },
      container: {
        image: 'registry.example/run:1',
        command: ['run'],
        env: [{ name: 'WORD', value: '{{inputs.parameters.word}}' }],
      },
      sidecars: [{ name: 'proxy', image: 'registry.example/proxy:1', command: ['proxy'] }],
    });
  });

  testWithArgo('is accepted by argo lint', () => {
    expect(lint(argo ?? '', [manifestOf(main)])).toBe('');
  });

  test.each([
    ['an unknown field', { container: { image: 'i', comand: ['x'] } }, 'got "container.comand"'],
    ['a field of another level', { container: { image: 'i', nodeSelector: {} } }, 'got "container.nodeSelector"'],
    ['a wrong type', { container: { image: 'i', command: 'x' } }, 'field "container.command" is not a list'],
    ['a missing field', { container: { env: [{ value: 'x' }] } }, 'field "container.env[0].name" is missing'],
    ['a number for a text', { container: { image: 1 } }, 'field "container.image" is not of type string'],
  ])('with %s is refused', (_, template, message) => {
    const problems = problemsOf(() => manifestOf(raw('bad', { template: () => template })));
    expect(problems.join('\n')).toContain(message);
  });
});

test('everything that the language renders has the structure that the API server knows', () => {
  const templates = [everyKind.toManifest(), manifestOf(main), manifestOf(idle)].flatMap(
    (manifest) => manifest.spec.templates as readonly { readonly name: string }[],
  );
  expect(templates.flatMap((template) => structureProblems(template, template.name))).toEqual([]);
});
