import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { container, dag, input, output, text } from '../../../src/argo-workflows/language';
import { idle, manifestOf, problemsOf, program, tasksOf } from './rendering';

const give = container('give', {
  ...program,
  outputs: {
    word: output.path('/outputs/word'),
    data: output.artifact('/outputs/data'),
    list: output.json('/outputs/list', z.array(z.string())),
  },
});
const take = container('take', {
  ...program,
  inputs: { word: input.string({ default: '' }), data: input.optionalArtifact('/inputs/data') },
});

const depends = (build: Parameters<typeof dag<'main'>>[2]) => tasksOf(dag('main', {}, build)).end?.depends;

describe('a task waits for', () => {
  test('nothing where it reads nothing', () => {
    expect(depends((d) => void d.task('end', idle, {}))).toBeUndefined();
  });

  test('the task whose parameter it reads', () => {
    expect(depends((d) => void d.task('end', take, { word: d.task('a', give, {}).outputs.word }))).toBe('a');
  });

  test('the task whose artifact it reads', () => {
    expect(depends((d) => void d.task('end', take, { data: d.task('a', give, {}).outputs.data }))).toBe('a');
  });

  test('the task that its condition reads', () => {
    expect(depends((d) => void d.taskWhen('end', d.task('a', give, {}).outputs.word.eq('x'), idle, {}))).toBe('a');
  });

  test('the task that gives the list of its loop', () => {
    expect(depends((d) => void d.eachOf('end', d.task('a', give, {}).outputs.list, idle, () => ({})))).toBe('a');
  });

  test('the tasks that it is put after, each once', () => {
    expect(
      depends((d) => {
        const a = d.task('a', give, {});
        d.task('end', take, { word: a.outputs.word }, { after: [a, d.task('b', idle, {})] });
      }),
    ).toBe('a && b');
  });

  test('a given end of other tasks, together with the tasks that it reads', () => {
    expect(
      depends((d) => {
        const [a, b, c] = [d.task('a', idle, {}), d.task('b', idle, {}), d.task('c', give, {})];
        d.taskAfter('end', a.failed.or(a.errored).and(b.succeeded.not()), take, { word: c.outputs.word });
      }),
    ).toBe('c && (a.Failed || a.Errored) && !b.Succeeded');
  });

  test('a task that reacts to a failure, or for the certainty that there is none', () => {
    expect(
      depends((d) => {
        const alert = d.taskAfter('alert', d.task('a', idle, {}).failed, give, {});
        d.task('end', take, { word: alert.outputs.word.or('fine') });
      }),
    ).toBe('alert || alert.Omitted');
  });

  test('any end of a task whose status it reads', () => {
    expect(depends((d) => void d.task('end', take, { word: d.task('a', idle, {}).status }))).toBe(
      'a.Succeeded || a.Failed || a.Errored || a.Skipped || a.Omitted || a.Daemoned',
    );
  });

  test('loops by the ends that only loops have', () => {
    expect(
      depends((d) => {
        const loop = d.each('loop', [1, 2], idle, () => ({}));
        d.taskAfter('end', loop.anySucceeded.or(loop.allFailed), idle, {});
      }),
    ).toBe('loop.AnySucceeded || loop.AllFailed');
  });

  test('what the dependency says alone, where the values that it reads may be absent', () => {
    expect(
      depends((d) => {
        const a = d.taskWhen('a', d.task('b', give, {}).outputs.word.eq('x'), give, {});
        d.taskAfter('end', a.failed.or(a.skipped), take, { word: a.outputs.word.or('none') });
      }),
    ).toBe('a.Failed || a.Skipped');
  });

  test('what the arguments of its exit hook read, but not for itself', () => {
    expect(
      depends((d) => {
        const a = d.task('a', give, {});
        const end = d.task('end', give, {});
        d.onExit(end, take, (gave) => ({ word: gave.word.or(''), data: a.outputs.data }));
      }),
    ).toBe('a');
  });
});

test('a task that is to run after a failure too, but reads values of the task, is refused: it would be left out then', () => {
  const left = dag('left', {}, (d) => {
    const a = d.task('a', give, {});
    d.taskAfter('end', a.succeeded.or(a.failed), take, { word: a.outputs.word });
  });
  expect(problemsOf(() => manifestOf(left))).toEqual([
    'error: DAG "left", task "end": the task is to run after the failure of another task, whose values it reads (got "a"); do not read the outputs of a task that failed; use its status or constants',
  ]);
});

test('a task that runs after many have succeeded reads the values of each', () => {
  const many = dag('many', {}, (d) => {
    const [first, ...others] = Array.from({ length: 12 }, (_, index) => d.task(`t${index}`, give, {}));
    if (first === undefined) return;
    const all = others.reduce((before, { succeeded }) => before.and(succeeded), first.succeeded);
    d.taskAfter('end', all, take, { word: text`${first.outputs.word}${others[10]?.outputs.word ?? ''}` });
  });
  expect(problemsOf(() => manifestOf(many))).toEqual([]);
});

test('a task that can never run is refused, however many others it waits for', () => {
  const never = dag('never', {}, (d) => {
    const others = Array.from({ length: 100 }, (_, index) => d.task(`t${index}`, give, {}));
    const a = d.task('a', give, {});
    const all = others.reduce((before, { succeeded }) => before.and(succeeded), a.skipped);
    d.taskAfter('end', all, take, { word: text`${others[50]?.outputs.word ?? ''}${a.outputs.word}` });
    d.taskAfter('last', all.and(a.failed), idle, {});
  });
  const problems = problemsOf(() => manifestOf(never));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('task "last": the task waits for an end of another task');
});

test('a task that waits for the failure of a task and for its values is refused: it would be left out for ever', () => {
  const stuck = dag('stuck', {}, (d) => {
    const a = d.task('a', give, {});
    d.taskAfter('end', a.failed, take, { word: a.outputs.word });
  });
  expect(problemsOf(() => manifestOf(stuck))).toEqual([
    'error: DAG "stuck", task "end": the task waits for an end of another task and for its values, which never come together (got "a && a.Failed"); do not read the outputs of a task that failed; use its status or constants',
  ]);
});
