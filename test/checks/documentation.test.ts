import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { checks } from '../../src/checks';
import { CHECKS_PAGE, checksPage } from '../../src/checks/documentation';

const root = join(__dirname, '..', '..');

test('the page of checks is current', () => {
  expect(readFileSync(join(root, CHECKS_PAGE), 'utf8')).toBe(checksPage());
});

test('the page names every check, and a check more changes it', () => {
  const page = checksPage();
  for (const { id } of checks) expect(page).toContain(`- \`${id}\`: `);
  const [first] = checks;
  expect(checksPage(first ? [{ ...first, id: 'another' }] : [])).not.toBe(page);
});

test('every rule is registered', () => {
  const files = readdirSync(join(root, 'src', 'checks', 'rules')).map((file) => file.replace(/\.ts$/, ''));
  expect(checks.map(({ id }) => id).sort()).toEqual(files.sort());
});
