import { describe, expect, test } from '@jest/globals';
import { compile, lastLine } from './compiler';
import lastLines from './last-lines.json';

describe('a mistake in a workflow is a compile error', () => {
  const { mistakes, others } = compile(['mistakes.ts', 'valid.ts', 'templates.ts']);

  test('each message ends as pinned', () => {
    expect(Object.fromEntries([...mistakes].map(([name, text]) => [name, lastLine(text)]))).toEqual(lastLines);
  });

  test('a wrong argument is told with its DAG, task and input', () => {
    for (const name of ['output of a conditional task', 'list into text', 'value of another DAG']) {
      expect(mistakes.get(name)).toMatch(/DAG (pipeline|other)/);
      expect(mistakes.get(name)).toMatch(/TaskInput<"a", "(url|message)">/);
    }
    expect(mistakes.get('missing input')).toMatch(/Property 'url' is missing .*"DAG pipeline", "a"/);
  });

  test('programs without mistakes compile', () => {
    expect(others).toEqual([]);
  });
});
