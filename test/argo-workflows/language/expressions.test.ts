import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { allOf, anyOf, container, dag, input, not, output, text, workflow } from '../../../src/argo-workflows/language';
import { argument, program, rendered, tasksOf } from './rendering';

const made = container('made', {
  ...program,
  outputs: {
    words: output.path('/outputs/words'),
    count: output.int('/outputs/count'),
    ratio: output.number('/outputs/ratio'),
    done: output.boolean('/outputs/done'),
    list: output.json('/outputs/list', z.array(z.object({ id: z.string(), size: z.number() }))),
  },
});
const taken = container('taken', {
  ...program,
  inputs: {
    words: input.string({ default: 'none' }),
    count: input.int({ default: 0 }),
    strings: input.json(z.array(z.string()), { default: [] }),
    counts: input.json(z.array(z.number()), { default: [] }),
    quoted: input.json(z.string(), { default: '' }),
  },
});

describe('a value as an argument', () => {
  const tasks = tasksOf(
    dag('values', { inputs: { url: input.string(), quoted: input.json(z.string()) } }, (d) => {
      const m = d.task('made-it', made, {});
      const maybe = d.taskWhen('maybe', d.inputs.url.eq('x'), made, {});
      const other = d.taskWhen('other', d.inputs.url.ne('x'), made, {});
      const loop = d.eachOf('loop', m.outputs.list, made, () => ({}));
      d.task('plain', taken, { words: m.outputs.words, count: m.outputs.count });
      d.task('text', taken, { words: text`${d.inputs.url}/${m.outputs.count}` });
      d.task('brace', taken, { words: text`{${d.inputs.url}}` });
      d.task('global', taken, { words: workflow.uid });
      d.task('default-of-the-input', taken, { words: maybe.outputs.words });
      d.task('fallback', taken, { words: maybe.outputs.words.or('it\'s "{x}" \\') });
      d.task('other-branch', taken, { words: maybe.outputs.words.or(other.outputs.words.or(d.inputs.url)) });
      d.task('list-of-texts', taken, { strings: loop.outputs.words.or([]) });
      d.task('list-of-numbers', taken, { counts: loop.outputs.count.or([]) });
      d.task('member', taken, { words: m.outputs.list.at(0).get('id'), count: m.outputs.list.at(0).get('size') });
      d.task('quote', taken, { quoted: m.outputs.words });
      d.task('unquote', taken, { words: d.inputs.quoted });
      d.task('literal', taken, { strings: ['a', '"'], quoted: 'x', count: -3 });
    }),
  );

  test.each([
    ['plain', 'words', '{{tasks.made-it.outputs.parameters.words}}'],
    ['plain', 'count', '{{tasks.made-it.outputs.parameters.count}}'],
    ['text', 'words', '{{inputs.parameters.url}}/{{tasks.made-it.outputs.parameters.count}}'],
    ['brace', 'words', "{{= '\\u007b' + inputs.parameters['url'] + '\\u007d' }}"],
    ['global', 'words', '{{workflow.uid}}'],
    ['default-of-the-input', 'words', "{{= tasks['maybe']?.outputs?.parameters?.['words'] ?? 'none' }}"],
    ['fallback', 'words', `{{= tasks['maybe']?.outputs?.parameters?.['words'] ?? 'it\\'s "\\u007bx\\u007d" \\\\' }}`],
    [
      'other-branch',
      'words',
      "{{= tasks['maybe']?.outputs?.parameters?.['words'] ?? (tasks['other']?.outputs?.parameters?.['words'] ?? inputs.parameters['url']) }}",
    ],
    ['list-of-texts', 'strings', "{{= tasks['loop']?.outputs?.parameters?.['words'] ?? '[]' }}"],
    [
      'list-of-numbers',
      'counts',
      "{{= (tasks['loop']?.outputs?.parameters?.['count'] == nil) ? '[]' : toJson(map(fromJSON(tasks['loop']?.outputs?.parameters?.['count']), asInt(#))) }}",
    ],
    [
      'member',
      'words',
      "{{= (type(fromJSON(tasks['made-it'].outputs.parameters['list'])[0]['id']) == 'string' ? fromJSON(tasks['made-it'].outputs.parameters['list'])[0]['id'] : toJson(fromJSON(tasks['made-it'].outputs.parameters['list'])[0]['id'])) }}",
    ],
    ['quote', 'quoted', "{{= toJson(tasks['made-it'].outputs.parameters['words']) }}"],
    ['unquote', 'words', "{{= string(fromJSON(inputs.parameters['quoted'])) }}"],
    ['literal', 'strings', '["a","\\""]'],
    ['literal', 'quoted', '"x"'],
    ['literal', 'count', '-3'],
  ])('of task %s, input %s', (task, name, value) => {
    expect(argument(tasks[task], name)).toBe(value);
  });
});

describe('a condition', () => {
  const tasks = tasksOf(
    dag('conditions', { inputs: { mode: input.oneOf(['a', 'b']), fast: input.boolean(), n: input.int() } }, (d) => {
      const m = d.task('m', made, {});
      d.taskWhen('text', d.inputs.mode.ne('b'), made, {});
      d.taskWhen('flag', d.inputs.fast, made, {});
      d.taskWhen('logic', anyOf(allOf(d.inputs.fast, not(d.inputs.fast)), d.inputs.n.lte(m.outputs.count)), made, {});
      d.taskWhen('choice', d.inputs.mode.isIn(['a']), made, {});
      d.taskWhen('member', m.outputs.list.at(0).get('size').gt(2), made, {});
    }),
  );

  test.each([
    ['text', "{{= inputs.parameters['mode'] != 'b' }}"],
    ['flag', "{{= (inputs.parameters['fast'] == 'true') }}"],
    [
      'logic',
      "{{= ((inputs.parameters['fast'] == 'true') && (!(inputs.parameters['fast'] == 'true'))) || (asInt(inputs.parameters['n']) <= asInt(tasks['m'].outputs.parameters['count'])) }}",
    ],
    ['choice', "{{= inputs.parameters['mode'] in ['a'] }}"],
    ['member', "{{= asFloat(fromJSON(tasks['m'].outputs.parameters['list'])[0]['size']) > 2 }}"],
  ])('on a %s becomes one expression that gives true or false', (task, when) => {
    expect(tasks[task]?.when).toBe(when);
  });
});

test('absence is marked where it leaves a template, because Argo fails a template whose output is absent', () => {
  const inner = dag('inner', { inputs: { go: input.boolean() } }, (d) => {
    const maybe = d.taskWhen('maybe', d.inputs.go, made, {});
    return { words: maybe.outputs.words };
  });
  expect(rendered(inner).outputs).toEqual({
    parameters: [
      {
        name: 'words',
        valueFrom: {
          expression:
            "(tasks['maybe']?.outputs?.parameters?.['words'] == nil) ? '__absent__' : tasks['maybe']?.outputs?.parameters?.['words']",
        },
      },
    ],
  });
  const outer = dag('outer', { inputs: { go: input.boolean() } }, (d) => {
    const nested = d.task('nested', inner, { go: d.inputs.go });
    d.task('use', taken, { words: nested.outputs.words.or('none') });
  });
  const read = "tasks['nested']?.outputs?.parameters?.['words']";
  expect(argument(tasksOf(outer).use, 'words')).toBe(
    `{{= ((${read} ?? '__absent__') == '__absent__') ? 'none' : ${read} }}`,
  );
});

test('a value cannot slip into a string', () => {
  dag('strings', { inputs: { x: input.string() } }, (d) => {
    expect(() => `rm -rf ${d.inputs.x}`).toThrow('pass it as an argument or an environment variable');
  });
});
