import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { container, dag, input, type Manifest, output } from '../../../src/argo-workflows/language';
import { argument, idle, manifestOf, problemsOf, program, tasksOf } from './rendering';
import { caller, everyKind, nightly, onPush } from './types/every-kind';
import { shared } from './types/valid';

const word = container('word', {
  ...program,
  inputs: { word: input.string(), optional: input.string({ default: '' }) },
});
const maybe = container('maybe', { ...program, outputs: { word: output.path('/outputs/word') } });

/** Texts that YAML, JSON, Go, expressions or tags may misread. */
const odd = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'yes',
    'no',
    'null',
    '~',
    '1e3',
    '0x1f',
    '012',
    '1_000',
    '2001-01-01',
    '12:30',
    '',
    ' ',
    '- a',
    '? b',
    '# c',
    "'",
    '"',
    '\\',
    '}}',
    '{',
    '%',
    '@',
    '`',
    '*x',
    '&x',
    '!x',
    '|',
    '>',
    '{{',
    '{{x}}',
    '$(HOME)',
    '\n',
    'a: b',
    '\t',
    '<<',
    '=',
    '__absent__',
  ),
);

const yaml = (manifest: Manifest) => load(dump(manifest)) as Manifest;

test.each([shared, everyKind, caller, nightly, onPush].map((object) => [object.name, object.toManifest()] as const))(
  '%s is the same after YAML',
  (_, manifest) => {
    expect(yaml(manifest)).toEqual(manifest);
  },
);

test('a literal arrives as it was written, or is refused', () => {
  fc.assert(
    fc.property(odd, (text) => {
      const main = dag('main', {}, (d) => {
        d.task('a', word, { word: text });
      });
      const problems = problemsOf(() => manifestOf(main));
      const misread =
        text.includes('{{') || /(?![\t\n\r])\p{Cc}|\p{Surrogate}|(?=[\u{10000}-\u{10FFFF}])\p{C}/u.test(text);
      expect(problems.length > 0).toBe(misread);
      if (!misread) {
        expect(argument(tasksOf(main).a, 'word')).toBe(text);
        const manifest = manifestOf(main);
        expect(yaml(manifest)).toEqual(manifest);
      }
    }),
  );
});

test('a literal in an expression cannot end it, neither its string nor its tag', () => {
  fc.assert(
    fc.property(odd, (text) => {
      const main = dag('main', { inputs: { go: input.boolean() } }, (d) => {
        const m = d.taskWhen('m', d.inputs.go, maybe, {});
        d.task('a', word, { word: m.outputs.word.or(text) });
      });
      if (problemsOf(() => manifestOf(main)).length > 0) return;
      const value = String(argument(tasksOf(main).a, 'word'));
      expect(value).toMatch(/^\{\{= [^{}]* \}\}$/);
      // What JSON and the expression language both read as one string.
      const [, string] = /\?\? '(.*)' \}\}$/.exec(value) ?? [];
      expect(string).not.toMatch(/(^|[^\\])(\\\\)*'/);
      const json = `"${string?.replaceAll("\\'", "'").replaceAll('"', '\\"')}"`;
      expect(JSON.parse(json)).toBe(text);
    }),
  );
});

test('a name is rendered if Argo takes it, and refused otherwise', () => {
  const names = fc.oneof(fc.string({ maxLength: 140 }), fc.stringMatching(/^[-A-Za-z0-9]{1,130}$/));
  const keywords = 'not in and or matches let if else nil true false contains startsWith endsWith'.split(' ');
  fc.assert(
    fc.property(names, (name) => {
      const main = dag('main', {}, (d) => {
        d.task(name, idle, {});
      });
      const taken = /^[a-zA-Z][-a-zA-Z0-9]*$/.test(name) && name.length <= 128 && !keywords.includes(name);
      expect(problemsOf(() => manifestOf(main)).length === 0).toBe(taken);
    }),
  );
});

test('whatever tasks use each other, each waits exactly for those that it reads, and no circle can be written', () => {
  const reads = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(reads, (graph) => {
      const expected = graph.map((from, index) => [...new Set(from.filter((source) => source < index))]);
      const main = dag('main', {}, (d) => {
        const tasks: ReturnType<typeof d.task>[] = [];
        for (const [index, sources] of expected.entries()) {
          tasks.push(d.task(`t${index}`, idle, {}, { after: sources.flatMap((source) => tasks[source] ?? []) }));
        }
      });
      const depends = Object.values(tasksOf(main)).map((task) => task.depends);
      expect(depends).toEqual(
        expected.map((sources) =>
          sources.length === 0 ? undefined : sources.map((source) => `t${source}`).join(' && '),
        ),
      );
    }),
  );
});
