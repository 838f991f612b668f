import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { documentOf } from '../../../src/argo-workflows/lint/documents';
import { lintDocuments } from '../../../src/argo-workflows/lint/lint';
import { argo, lint, testWithArgo } from './argo';
import { trainModel } from './types/example';

const page = readFileSync(join(__dirname, '../../../docs/workflow-language.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\n\`\`\``, 'gs'))].map(([, block]) => block ?? '');

test('the program on the page is the one that is compiled', () => {
  const compiled = readFileSync(join(__dirname, 'types/example.ts'), 'utf8');
  expect(blocks('typescript')).toContain(compiled.replace('../../../../src', './src').trim());
});

test('the YAML on the page is what the program renders', () => {
  const shown = blocks('yaml').flatMap((block) => load(block) as readonly unknown[]);
  expect(shown).toHaveLength(2);
  expect(trainModel.toManifest().spec.templates).toEqual(expect.arrayContaining(shown));
});

test('what the page shows has nothing that the linter would say', () => {
  const document = documentOf(trainModel.toManifest(), 'the page');
  expect(lintDocuments([document], { strict: true })).toEqual({ findings: [], checked: 1 });
});

testWithArgo('what the page shows passes argo lint', () => {
  expect(lint(argo ?? '', [trainModel.toManifest()])).toBe('');
});
