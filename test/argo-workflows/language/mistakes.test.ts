import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  allOf,
  container,
  containerSet,
  dag,
  input,
  location,
  output,
  script,
  steps,
  text,
  volume,
  WorkflowError,
  workflowTemplate,
} from '../../../src/argo-workflows/language';
import { idle, manifestOf, problemsOf, program } from './rendering';
import { small } from './types/templates';

const base = { entrypoint: 'main', serviceAccount: { name: 'executor' } } as const;

test('all mistakes are told at once, each with where, what, value and fix', () => {
  const first = dag('1-Main', { inputs: { 'bad name': input.string() } }, (d) => {
    d.task('1st', idle, {});
    d.task('same', idle, {});
    d.task('same', idle, {});
  });
  const template = workflowTemplate('Under_test', { ...base, templates: { main: first } });
  expect(problemsOf(() => template.toManifest())).toEqual([
    'error: workflow template "Under_test": bad name of a workflow template (got "Under_test"); use lowercase letters, digits, "-" and ".", beginning and ending with a letter or digit, at most 63 characters',
    'error: workflow template "Under_test", template "1-Main": bad name of a template (got "1-Main"); use lowercase letters, digits and "-", beginning with a letter or digit, at most 128 characters',
    'error: DAG "1-Main", input "bad name": bad name of a value (got "bad name"); use letters, digits, "-" and "_", at most 128 characters',
    'error: DAG "1-Main": two tasks have the same name (got "same"); rename one of them',
    'error: DAG "1-Main", task "1st": bad name of a task (got "1st"); use letters, digits and "-", beginning with a letter (a digit breaks "depends"), at most 128 characters',
  ]);
});

test('the error carries the problems as data', () => {
  try {
    workflowTemplate('X', { ...base, templates: { main: idle } }).toManifest();
  } catch (error) {
    expect(error).toBeInstanceOf(WorkflowError);
    expect(error instanceof WorkflowError && error.problems[0]?.value).toBe('X');
  }
  expect.assertions(2);
});

describe('what types cannot see is refused', () => {
  const taken = container('taken', {
    ...program,
    inputs: { n: input.int({ default: 1 }), s: input.string({ default: '' }) },
  });
  const inTask = (args: { n?: number; s?: string }) => dag('main', {}, (d) => void d.task('t', taken, args));
  const number = container('number', { ...program, outputs: { x: output.number('/outputs/x') } });
  const shell: readonly [string, ...string[]] = ['/bin/sh', '-c'];
  const work = volume.emptyDir('work');

  test.each([
    [
      'a task of the same name as a word of expressions',
      'word of the expression language',
      () => dag('main', {}, (d) => void d.task('in', idle, {})),
    ],
    ['a DAG without tasks', 'bad number of tasks (got 0)', () => dag('main', {}, () => ({}))],
    ['a literal that Argo would read as a tag', 'contains "{{"', () => inTask({ s: 'a {{workflow.name}}' })],
    ['a control character', 'a control character', () => inTask({ s: '\u001b[31m' })],
    ['half a character', 'half a character', () => inTask({ s: '\ud83d' })],
    ['a fraction for a whole number', 'the argument is not a whole number (got 1.5)', () => inTask({ n: 1.5 })],
    [
      'a number that may have a fraction for a whole number',
      'may have a fraction',
      () => dag('main', {}, (d) => void d.task('t', taken, { n: d.task('x', number, {}).outputs.x })),
    ],
    [
      'a default that is no whole number',
      'the default is not a whole number',
      () => container('c', { ...program, inputs: { n: input.int({ default: 0.5 }) } }),
    ],
    [
      'a default that its schema refuses',
      'not what the schema asks for',
      () => container('c', { ...program, inputs: { n: input.json(z.string().min(3), { default: 'a' }) } }),
    ],
    [
      'an output outside of a folder',
      'an output outside of a folder',
      () => container('c', { ...program, outputs: { x: output.path('/x') } }),
    ],
    [
      'an artifact of a program without a path',
      'an artifact without a path',
      () => container('c', { ...program, inputs: { x: input.artifact() } }),
    ],
    [
      'an artifact of a DAG with a path',
      'a path in a template that runs no program',
      () => dag('main', { inputs: { x: input.artifact('/x') } }, (d) => void d.task('t', idle, {})),
    ],
    [
      'a value as an argument of a shell',
      'a value is an argument of a shell',
      () => container('c', { ...program, inputs: { x: input.string() }, command: shell, args: (c) => [c.inputs.x] }),
    ],
    [
      'a tag in the source of a script',
      'contains "{{"',
      () => script('s', { ...program, source: 'print("{{inputs.parameters.x}}")' }),
    ],
    ['an empty word in a command', 'no command', () => container('c', { ...program, command: [''] })],
    [
      'a bad deadline',
      'bad activeDeadlineSeconds (got 0)',
      () => container('c', { ...program, activeDeadlineSeconds: 0 }),
    ],
    [
      'a bad limit of retries',
      'bad limit of retries (got -1)',
      () => container('c', { ...program, retry: { limit: -1 } }),
    ],
    [
      'two volumes at one path',
      'two volumes at one path',
      () =>
        container('c', {
          ...program,
          mounts: [
            { volume: work, path: '/w' },
            { volume: volume.emptyDir('other'), path: '/w' },
          ],
        }),
    ],
    [
      'two volumes of one name',
      'two volumes have the same name',
      () =>
        container('c', {
          ...program,
          mounts: [
            { volume: work, path: '/w' },
            { volume: volume.emptyDir('work'), path: '/v' },
          ],
        }),
    ],
    [
      'one mutex twice',
      'one mutex is listed twice',
      () => container('c', { ...program, synchronization: { mutexes: [{ name: 'm' }, { name: 'm' }] } }),
    ],
    [
      'a bad name of an environment variable',
      'bad name of an environment variable',
      () => container('c', { ...program, env: () => ({ 'A-B': 'x' }) }),
    ],
    [
      'garbage collection of what is memoized',
      'would take one that is gone',
      () =>
        container('c', {
          ...program,
          outputs: { x: output.artifact('/outputs/x', { garbageCollection: 'OnWorkflowDeletion' }) },
          memoize: { key: 'k', configMap: { name: 'cache' } },
        }),
    ],
    [
      'a bad name of a metric',
      'bad name of a metric',
      () => container('c', { ...program, metrics: () => [{ kind: 'counter', name: 'a:b', help: 'x' }] }),
    ],
    [
      'a default of a looped output',
      'which replaces the whole list',
      () =>
        dag('main', {}, (d) => {
          const outputs = { x: output.path('/outputs/x', { default: '' }) };
          d.each('t', [1], container('c', { ...program, outputs }), () => ({}));
        }),
    ],
    [
      'a hook that reads what its task has not given yet',
      'not there yet',
      () =>
        dag('main', {}, (d) => {
          const x = d.task('x', number, {});
          d.onEvent(x, 'running', x.status.eq('Running'), taken, { s: x.outputs.x.toText() });
        }),
    ],
    [
      'one expression of the item and another value',
      'mixes the loop item with other values',
      () =>
        dag('main', { inputs: { n: input.int() } }, (d) => {
          d.eachNumber('t', { count: 2 }, taken, (item) => ({ s: allOf(item.eq(1), d.inputs.n.eq(1)).toText() }));
        }),
    ],
    [
      'containers that wait for each other',
      'containers wait for each other',
      () =>
        containerSet('set', {
          containers: () => ({
            main: { image: 'i', command: ['a'], resources: small, after: ['b'] },
            b: { image: 'i', command: ['b'], resources: small, after: ['main'] },
          }),
        }),
    ],
    ['a group without steps', 'a group without steps', () => steps('main', {}, (s) => void s.group({}))],
    [
      'a call in no group',
      'a call is in no group',
      () =>
        steps('main', {}, (s) => {
          s.call(taken, {});
          s.group({ a: s.call(idle, {}) });
        }),
    ],
    [
      'two hooks of one name',
      'two hooks have the same name',
      () =>
        dag('main', {}, (d) => {
          const t = d.task('t', idle, {});
          d.onExit(t, taken, () => ({ s: 'first' }));
          d.onExit(t, taken, () => ({ s: 'second' }));
        }),
    ],
    [
      'a sequence of none',
      'no numbers',
      () => dag('main', {}, (d) => void d.eachNumber('t', { count: 0 }, idle, () => ({}))),
    ],
    [
      'a sequence backwards',
      'no numbers',
      () => dag('main', {}, (d) => void d.eachNumber('t', { count: -3 }, idle, () => ({}))),
    ],
    [
      'a format without the number',
      'does not write the number',
      () => dag('main', {}, (d) => void d.eachNumber('t', { count: 3, format: '100%%' }, idle, () => ({}))),
    ],
    [
      'a formatted number where a number is wanted',
      'a text is passed to an input of the type int',
      () => dag('main', {}, (d) => void d.eachNumber('t', { count: 3, format: 'shard-%02d' }, taken, (n) => ({ n }))),
    ],
    ['a character that Go does not print', 'one that is not printed', () => inTask({ s: 'flag \u{E0067}' })],
    [
      'a value for a shell behind another program',
      'a value is an argument of a shell',
      () =>
        container('shell', {
          ...program,
          inputs: { s: input.string() },
          command: ['env', 'sh', '-c'],
          args: (c) => [text`echo ${c.inputs.s}`],
        }),
    ],
    [
      'the value of a variable that Kubernetes writes into the line of a shell',
      'a value is an argument of a shell, which could run it (got "$(WORD)")',
      () =>
        container('shell', {
          ...program,
          inputs: { s: input.string() },
          command: ['sh', '-c'],
          args: ['echo $(WORD) $(date)'],
          env: (c) => ({ WORD: c.inputs.s }),
        }),
    ],
    [
      'a value in the command of a patch',
      'a value is part of a command',
      () =>
        container('patched', {
          ...program,
          inputs: { s: input.string() },
          podSpecPatch: (c) => ({ containers: [{ name: 'main', args: ['-c', c.inputs.s] }] }),
        }),
    ],
    [
      'a member between two members',
      'there is no member 1.5 of a list',
      () =>
        dag('main', { inputs: { list: input.json(z.array(z.string())) } }, (d) => {
          d.task('t', taken, { s: d.inputs.list.at(1.5) });
        }),
    ],
    [
      'a bad name of a volume',
      'bad name of a volume (got "My data")',
      () => container('c', { ...program, mounts: [{ volume: volume.emptyDir('My data'), path: '/data' }] }),
    ],
    [
      'a volume in the place of all files',
      'a volume at a path where none can be (got "/")',
      () => container('c', { ...program, mounts: [{ volume: work, path: '/' }] }),
    ],
    [
      'a mutex without a name',
      'a mutex without a name',
      () => container('c', { ...program, synchronization: { mutexes: [{ name: '' }] } }),
    ],
    [
      'two artifacts at one path',
      'two artifacts at one path (got "/inputs/x")',
      () =>
        container('c', {
          ...program,
          inputs: { a: input.artifact('/inputs/x'), b: input.optionalArtifact('/inputs/x') },
        }),
    ],
    [
      'a tag in the place of an artifact',
      'a literal contains "{{"',
      () =>
        container('c', {
          ...program,
          inputs: { a: input.artifact('/inputs/x', { location: location.raw('{{workflow.name}}') }) },
        }),
    ],
    [
      'a metric that says nothing',
      'no help',
      () => container('c', { ...program, metrics: () => [{ kind: 'counter', name: 'ends_total', help: ' ' }] }),
    ],
    [
      'a key that the cache refuses',
      'a key that the cache refuses (got "model/")',
      () =>
        container('c', {
          ...program,
          inputs: { s: input.string() },
          memoize: (c) => ({ key: text`model/${c.inputs.s}`, configMap: { name: 'cache' } }),
        }),
    ],
  ])('%s', (_, message, template) => {
    const problems = problemsOf(() => manifestOf(template() as typeof idle));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  test('a value of another DAG of the same name', () => {
    let leaked: unknown;
    dag('main', { inputs: { s: input.string() } }, (d) => {
      leaked = d.inputs.s;
    });
    const main = dag('main', { inputs: { s: input.string() } }, (d) => {
      d.task('t', taken, { s: leaked as typeof d.inputs.s });
    });
    expect(problemsOf(() => manifestOf(main))).toEqual([
      'error: DAG "main", task "t", input "s": a value of another DAG, steps template or hook of the same name is used; pass it in as an input, or return it as an output',
    ]);
  });

  test('the item of another loop', () => {
    const items = ['a', 'b'] as const;
    const main = dag('main', {}, (d) => {
      const leaked: unknown[] = [];
      d.each('first', items, taken, (item) => {
        leaked.push(item);
        return { s: item };
      });
      d.each('second', items, taken, (item) => ({ s: text`${leaked[0] as typeof item}-${item}` }));
    });
    expect(problemsOf(() => manifestOf(main))).toEqual([
      'error: DAG "main", task "second", input "s": the item of another loop is used; use the item that this loop gives',
    ]);
  });

  test('a task of another DAG of the same name', () => {
    const tasks: Parameters<Parameters<typeof dag<'main'>>[2]>[0]['task'][] = [];
    dag('main', {}, (d) => {
      tasks.push(d.task);
    });
    const main = dag('main', {}, (d) => {
      const other = tasks[0]?.('other', idle, {});
      d.task('t', idle, {}, { after: other === undefined ? [] : [other] });
    });
    expect(problemsOf(() => manifestOf(main))).toEqual([
      'error: DAG "main", task "t": it waits for a task that this DAG does not have (got "other"); a DAG of the same name has it: use the tasks of this one',
    ]);
  });

  test('two templates of the same name', () => {
    const other = container('idle', program);
    const main = dag('main', {}, (d) => {
      d.task('a', idle, {});
      d.task('b', other, {});
    });
    expect(problemsOf(() => manifestOf(main))).toEqual([
      'error: workflow template "under-test": two templates have the same name (got "idle"); rename one of them',
    ]);
  });
});
