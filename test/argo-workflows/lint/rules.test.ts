import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readYamlText, type YamlDocument } from '../../../src/argo-workflows/lint/documents';
import { type LintOptions, lintDocuments } from '../../../src/argo-workflows/lint/lint';
import { RULES } from '../../../src/argo-workflows/lint/rules';

const FIXTURES = join(__dirname, 'fixtures');

/** One word of the fixture that is too large stands for very many of it. */
const TOO_LONG = 'VERY LONG ';

function fixture(rule: string, name: 'good' | 'bad'): string {
  return readFileSync(join(FIXTURES, rule, `${name}.yaml`), 'utf8').replace(TOO_LONG, TOO_LONG.repeat(30_000));
}

function documentsOf(text: string): readonly YamlDocument[] {
  const documents = readYamlText(text, 'fixture.yaml');
  if (!Array.isArray(documents)) throw new Error(`a broken fixture: ${JSON.stringify(documents)}`);
  return documents;
}

const lint = (text: string, options?: LintOptions) => lintDocuments(documentsOf(text), options).findings;

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('finds nothing in the good fixture', () => {
    expect(lint(fixture(id, 'good'))).toEqual([]);
  });

  test('is the only rule that the bad fixture breaks', () => {
    const findings = lint(fixture(id, 'bad'));
    expect([...new Set(findings.map((finding) => finding.rule))]).toEqual([id]);
    for (const finding of findings) {
      expect(finding.severity).toBe(rule.severity);
      expect(finding.what).toMatch(/\S.*[^.]$/);
      expect(finding.fix).toMatch(/\S.*[^.]$/);
      expect(finding.line).toBeGreaterThan(0);
      expect(finding.line).toBeLessThanOrEqual(fixture(id, 'bad').split('\n').length);
    }
  });

  test('is an error under the strict profile', () => {
    expect(lint(fixture(id, 'bad'), { strict: true }).every((finding) => finding.severity === 'error')).toBe(true);
  });

  test('says why in a sentence', () => {
    expect(rule.why).toMatch(/^[A-Z{a].*\.$/);
    expect(rule.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});

describe('the set of rules', () => {
  test('has every id once, and a folder of fixtures for each', () => {
    const ids = RULES.map((rule) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(readdirSync(FIXTURES).sort()).toEqual([...ids].sort());
    expect(ids.filter((id) => !existsSync(join(FIXTURES, id, 'bad.yaml')))).toEqual([]);
  });

  test('survives whatever stands in the place of a value', () => {
    const sources = RULES.map((rule) => documentsOf(fixture(rule.id, 'good')));
    const odd = fc.oneof(
      fc.constantFrom<unknown>(null, '', '{{', '}}', '{{= }}', '{{steps.x}}', 0, -1, true, [], {}, [null], [[]], [{}]),
      fc.jsonValue({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...sources), fc.nat(), odd, (documents, position, value) => {
        const changed = documents.map((document) => ({
          ...document,
          object: replaceAt(document.object, position % countValues(document.object), value),
        })) as readonly YamlDocument[];
        expect(() => lintDocuments(changed)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});

/** How many values a tree has, its inner nodes included. */
function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + countValues(inner), 1);
}

/** The tree with its n-th value replaced; the root stays. */
function replaceAt(root: unknown, position: number, replacement: unknown): unknown {
  let left = Math.max(1, position);
  const walk = (value: unknown): unknown => {
    if (left === 0) {
      left -= 1;
      return replacement;
    }
    left -= 1;
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(root);
}
