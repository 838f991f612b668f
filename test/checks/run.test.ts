import { describe, expect, test } from '@jest/globals';
import type { CheckReport } from '../../src/checks/run';
import { formatProblem } from '../../src/core/problem';
import { allowing, check, rendered } from './fixture';

const configMap = (data: object, name = 'settings') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'inference' },
  data,
});

function messages({ errors, warnings }: CheckReport): string[] {
  return [...errors, ...warnings].map(formatProblem);
}

test('a clean object has no findings', () => {
  expect(messages(check(rendered([configMap({ text: 'fine' })])))).toEqual([]);
});

test('all mistakes are reported at once, each with place, value and fix', () => {
  const report = check(rendered([configMap({ a: 'x\0' }), configMap({ b: 'y\0' }, 'Not-A-Name')]));
  expect(messages(report)).toEqual([
    expect.stringMatching(/^fixture\/fixture\/1 \(ConfigMap Not-A-Name, metadata\.name\): .+ \(got "Not-A-Name"\); .+/),
    expect.stringContaining('fixture/fixture/0 (ConfigMap settings, data.a)'),
    expect.stringContaining('fixture/fixture/1 (ConfigMap Not-A-Name, data.b)'),
  ]);
});

test('an exception is listed once for each object, and covers no other check', () => {
  const bad = rendered([configMap({ a: 'x\0', b: 'y\0' }, 'Not-A-Name')]);
  const report = check(allowing(bad, 'invalid-text', 'is read by a program of its own'));
  expect(report.exceptions).toEqual([
    { check: 'invalid-text', path: 'fixture/fixture/0', reason: 'is read by a program of its own' },
  ]);
  expect(messages(report)).toEqual([expect.stringContaining('[names]')]);
});

describe('text', () => {
  test.each([
    { name: 'half of a surrogate pair', text: 'a\uD83D', found: true },
    { name: 'the other half', text: '\uDE00b', found: true },
    { name: 'NUL', text: 'a\0b', found: true },
    { name: 'a whole pair', text: '\u{1F600}', found: false },
    { name: 'a line separator', text: 'a\u2028b', found: false },
  ])('with $name is a finding: $found', ({ text, found }) => {
    expect(messages(check(rendered([configMap({ text })]))).length > 0).toBe(found);
  });

  test('in a key is found too', () => {
    expect(messages(check(rendered([configMap({ 'a\uD83D': 'text' })])))).toEqual([
      expect.stringContaining('data.a\\ud83d'),
    ]);
  });
});

test('a folder that Argo CD would refuse to read is an error', () => {
  const part = configMap({ text: 'x'.repeat(1_000_000) });
  const parts = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...part, metadata: { ...part.metadata, name: `part-${index}` } }));
  expect(messages(check(rendered(parts(10))))).toEqual([]);
  expect(messages(check(rendered(parts(11))))).toEqual([
    expect.stringContaining('component fixture holds more than 10 MiB'),
  ]);
});

test('no message shows a secret', () => {
  const password = 'correct-horse-battery';
  const report = check(
    rendered([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'a', namespace: 'inference' },
        stringData: { password: `${password}\0` },
      },
      configMap({ url: `https://robot:${password}@example.org` }),
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'pod', namespace: 'inference' },
        spec: {
          containers: [{ name: 'a', args: [`--password=${password}`], env: [{ name: 'API_TOKEN', value: password }] }],
        },
      },
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'WorkflowTemplate',
        metadata: { name: 'train', namespace: 'inference' },
        spec: { arguments: { parameters: [{ name: 'git-token', value: password }] } },
      },
    ]),
  );
  const about = messages(report).filter((message) => message.includes('[literal-secret]'));
  expect(about).toHaveLength(5);
  expect(messages(report).join('\n')).not.toContain(password);
});
