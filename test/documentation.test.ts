import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const root = resolve(__dirname, '..');
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((page) =>
  page.endsWith('.md'),
);
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** npm scripts that a text tells people to run. */
function scriptsIn(text: string): string[] {
  return [...text.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name);
}

/** Files of this project that a page links to, outside code. */
function linksIn(text: string): string[] {
  const prose = text.replace(/```.*?```/gs, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) => target);
}

test.each(pages)('%s names only commands that exist', (page) => {
  const named = scriptsIn(readFileSync(join(root, page), 'utf8'));
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test.each(pages)('%s links only to files that exist', (page) => {
  const links = linksIn(readFileSync(join(root, page), 'utf8'));
  expect(links.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
});

test('README.md names the main job', () => {
  expect(scriptsIn(readFileSync(join(root, 'README.md'), 'utf8'))).toContain('synth');
});

test('a command or link that leads nowhere would be seen', () => {
  expect(scriptsIn('`npm run nothing -- x` and npm run --silent a:b')).toEqual(['nothing', 'a:b']);
  expect(linksIn('[a](b.md) `[x](y)` [c](https://example.com) [d](e.md#f)')).toEqual(['b.md', 'e.md']);
});
