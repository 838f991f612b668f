import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { difference } from '../../../src/render/diff';
import { fieldLines, textLines } from '../../../src/render/diff/lines';
import { diffMarkdown, LONGEST_COMMENT } from '../../../src/render/diff/markdown';
import { diffText } from '../../../src/render/diff/text';
import { application, manifest, object, tree } from './trees';

const map = (component: string, data: Record<string, string>, name = 'settings') =>
  object(component, manifest('v1', 'ConfigMap', name, { metadata: { namespace: component }, data }));

const change = (before: string, after: string) =>
  difference(tree(application('a'), map('a', { value: before })), [application('a'), map('a', { value: after })]);

describe('text', () => {
  test('shows a short value on one line and a long one below each other', () => {
    expect(diffText(change('old', 'new'), 'HEAD', 80)).toContain('        data.value: old → new');
    const long = diffText(change('a'.repeat(60), 'b'.repeat(60)), 'HEAD', 80);
    expect(long).toContain(`        data.value\n          - ${'a'.repeat(60)}\n          + ${'b'.repeat(60)}`);
  });

  test('keeps within the width', () => {
    const difference = change('a'.repeat(500), `${'a'.repeat(499)}b`);
    for (const line of diffText(difference, 'HEAD', 80).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('says when nothing differs', () => {
    expect(diffText([], 'HEAD', 80)).toContain('nothing differs');
  });

  test('tells a file that another construct makes from one that changes', () => {
    const { path, content } = map('a', { value: 'x' });
    const moved = { path, content: content.replace('c/a;', 'c/elsewhere;') };
    expect(diffText(difference(tree({ path, content }), [moved]), 'HEAD', 80)).toContain('made by another construct');
  });
});

describe('lines', () => {
  test('a long value is shortened around the place where it differs', () => {
    const before = `${'x'.repeat(300)}old${'y'.repeat(300)}`;
    const { lines } = fieldLines({ type: 'changed', path: ['a'], before, after: before.replace('old', 'new') });
    expect(lines.map(({ text }) => text.match(/old|new/)?.[0])).toEqual(['old', 'new']);
    for (const { text } of lines) expect(text.length).toBeLessThanOrEqual(160);
  });

  test('two values that differ never look the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 600 }), fc.nat(599), (text, at) => {
        const other = `${text.slice(0, at)}X${text.slice(at)}`;
        const { lines } = fieldLines({ type: 'changed', path: ['a'], before: text, after: other });
        expect(lines[0]?.text).not.toBe(lines[1]?.text);
      }),
    );
  });

  test('a text that is another one altogether is shown without a search for what was kept', () => {
    const text = (word: string) => Array.from({ length: 4000 }, (_, index) => `${word} ${index}`).join('\n');
    const lines = textLines(text('old'), text('new'));
    expect(lines[0]).toEqual({ sign: '-', text: 'old 0' });
    expect(lines.at(-1)?.text).toMatch(/^… \d+ more lines$/);
  });

  test('of a text only what differs is shown, with two lines around it', () => {
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`);
    const now = lines.map((line) => (line === 'line 25' ? 'other' : line));
    expect(textLines(lines.join('\n'), now.join('\n')).map(({ sign, text }) => sign + text)).toEqual([
      ' line 23',
      ' line 24',
      '-line 25',
      '+other',
      ' line 26',
      ' line 27',
    ]);
  });
});

describe('markdown', () => {
  test('puts dangers before the sections', () => {
    const namespace = object('a', manifest('v1', 'Namespace', 'x'));
    const text = diffMarkdown(difference(tree(application('a'), namespace), [application('a')]), 'main');
    expect(text.indexOf('> [!CAUTION]')).toBeGreaterThan(0);
    expect(text.indexOf('> [!CAUTION]')).toBeLessThan(text.indexOf('<details>'));
  });

  test('no value ends its block of code', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', '\n', 'a', '</details>'), maxLength: 40 }), (value) => {
        const text = diffMarkdown(change('old', value), 'HEAD');
        const [, fence = ''] = /\n(`{3,})diff\n/.exec(text) ?? [];
        expect(text.split('\n').filter((line) => line === fence)).toHaveLength(1);
      }),
    );
  });

  test('is never longer than a comment may be, and says so when it leaves something out', () => {
    const names = Array.from({ length: 300 }, (_, index) => `component-${index}`);
    const before = names.flatMap((name) => [application(name), map(name, { value: 'old' })]);
    const after = names.flatMap((name) => [application(name), map(name, { value: 'x\n'.repeat(50) })]);
    const text = diffMarkdown(difference(tree(...before), after), 'HEAD');
    expect(text.length).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(text).toContain('run `npm run diff` for all');
    for (const name of names) expect(text).toContain(`c-${name}<`);
  });

  test.each([1_000, 2_000, 5_000, 20_000])('keeps a limit of %i', (limit) => {
    const names = Array.from({ length: 100 }, (_, index) => `component-${index}`);
    const before = names.flatMap((name) => [application(name), object(name, manifest('v1', 'Namespace', name))]);
    const text = diffMarkdown(difference(tree(...before), []), 'HEAD', limit);
    expect(text.length).toBeLessThanOrEqual(limit);
    expect(text).toContain('more');
  });

  test('names of objects mean nothing to Markdown or HTML', () => {
    const odd = object('a', manifest('v1', 'Namespace', '<img>*_`'));
    const text = diffMarkdown(difference(tree(application('a'), odd), [application('a')]), 'HEAD');
    expect(text.split('<details>')[0]).toContain('&lt;img&gt;\\*\\_\\`');
  });
});
