import { describe, expect, test } from '@jest/globals';
import { container, type Dag, dag, input, output, steps } from '../../../src/argo-workflows/language';
import { argument, manifestOf, problemsOf, program, rendered, tasksOf } from './rendering';

const give = container('give', { ...program, outputs: { word: output.path('/outputs/word'), said: output.result() } });
const take = container('take', { ...program, inputs: { word: input.string() } });
const relaxed = container('relaxed', { ...program, inputs: { word: input.string({ default: 'none' }) } });

type NoInputs = Record<never, never>;
const dagOf = (build: (d: Dag<'DAG main', NoInputs>) => void) => dag('main', {}, build);
const wordAtEnd = (main: ReturnType<typeof dagOf>) => {
  const { hooks } = tasksOf(main).a ?? {};
  const { exit } = hooks as { readonly exit: Readonly<Record<string, unknown>> };
  return argument(exit, 'word');
};
const ENDED = `tasks['a'].status != 'Succeeded' || (tasks['a']?.outputs?.parameters?.['word'] ?? '__absent__') == '__absent__'`;
const GIVEN = `tasks['a']?.outputs?.parameters?.['word']`;

describe('what a task gave is read at its end only where it succeeded', () => {
  // Argo gives the outputs of a task that failed as empty texts, and those of one whose pod was lost not at all.
  test('with a fallback', () => {
    const main = dagOf((d) => d.onExit(d.task('a', give, {}), take, (gave) => ({ word: gave.word.or('none') })));
    expect(wordAtEnd(main)).toBe(`{{= (${ENDED}) ? 'none' : ${GIVEN} }}`);
  });

  test('with the default of the input', () => {
    const main = dagOf((d) => d.onExit(d.task('a', give, {}), relaxed, (gave) => ({ word: gave.word })));
    expect(wordAtEnd(main)).toBe(`{{= (${ENDED}) ? 'none' : ${GIVEN} }}`);
  });

  test('in steps as in a DAG', () => {
    const main = steps('main', {}, (s) => {
      const { a } = s.group({ a: s.call(give, {}) });
      s.onExit(a, take, (gave) => ({ word: gave.word.or('none') }));
    });
    expect(JSON.stringify(rendered(main))).toContain("(steps['a'].status != 'Succeeded' || ");
  });

  test('how it ended is there in any case', () => {
    const main = dagOf((d) => {
      const a = d.task('a', give, {});
      d.onExit(a, take, () => ({ word: a.status }));
    });
    expect(wordAtEnd(main)).toBe('{{tasks.a.status}}');
  });
});

describe('a hook is refused', () => {
  test.each<[string, string, (d: Dag<'DAG main', NoInputs>) => void]>([
    [
      'that reads at the end what the task itself promises to others',
      'which are not there when it failed',
      (d) => {
        const a = d.task('a', give, {});
        d.onExit(a, take, () => ({ word: a.outputs.word }));
      },
    ],
    [
      'that reads the standard output at the end',
      'Argo does not hand over',
      (d) => d.onExit(d.task('a', give, {}), take, (gave) => ({ word: gave.said.or('') })),
    ],
    [
      'that reads outputs while the task runs',
      'which are not there yet',
      (d) => {
        const a = d.task('a', give, {});
        d.onEvent(a, 'running', a.status.eq('Running'), take, { word: a.outputs.word });
      },
    ],
    [
      'that waits for a task which waits for its own',
      'tasks wait for each other through their hooks (got "a → b → a")',
      (d) => {
        const a = d.task('a', give, {});
        const b = d.task('b', take, { word: a.outputs.word });
        d.onExit(a, take, () => ({ word: b.status }));
      },
    ],
    [
      'of a loop that reads how the loop ended',
      'a hook of a loop reads its own task',
      (d) => {
        const a = d.each('a', [1, 2], give, () => ({}));
        d.onExit(a, take, () => ({ word: a.status }));
      },
    ],
  ])('%s', (_, message, build) => {
    const problems = problemsOf(() => manifestOf(dagOf(build)));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });
});
