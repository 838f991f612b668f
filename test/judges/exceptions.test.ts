import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { excuses, readExceptions } from './exceptions';

const table = (...rows: string[]) =>
  ['# x', '', '| judge | rule | objects | reason |', '| --- | --- | --- | --- |', ...rows].join('\n');
const finding = { judge: 'kube-score', rule: 'service-type', object: 'Service registry/registry', message: '' };

describe('an exception', () => {
  const excused = (objects: string) =>
    readExceptions(table(`| kube-score | service-type | \`${objects}\` | because |`)).some((one) =>
      excuses(one, finding),
    );

  test('excuses the object that it names, or whose name fits its stars', () => {
    expect(excused('Service registry/registry')).toBe(true);
    expect(excused('Service */registry')).toBe(true);
    expect(excused('*')).toBe(true);
  });

  test('excuses no other object, rule or judge', () => {
    expect(excused('Service registry/regist')).toBe(false);
    expect(excused('Service registry.registry')).toBe(false);
    const [one] = readExceptions(table('| kube-score | service-type | * | because |'));
    if (!one) throw new Error('the table has a row');
    expect(excuses(one, { ...finding, rule: 'other' })).toBe(false);
    expect(excuses(one, { ...finding, judge: 'checkov' })).toBe(false);
  });
});

test('a row without a reason is an error', () => {
  expect(() => readExceptions(table('| kube-score | service-type | * | |'))).toThrow(/lacks a cell/);
});

test('a text without the table is an error, not a table without exceptions', () => {
  expect(() => readExceptions('# Security\n')).toThrow(/no table/);
});

test('docs/security.md has a table that can be read', () => {
  expect(readExceptions(readFileSync('docs/security.md', 'utf8')).length).toBeGreaterThan(0);
});
