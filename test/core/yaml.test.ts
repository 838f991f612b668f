import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseYaml, toYaml } from '../../src/core/yaml';
import { oddStrings } from './odd-strings';

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
if (!hasKubectl) process.stderr.write('skipped: reading YAML with Go, because kubectl is not on the PATH\n');

/** What `kubectl` reads, without a cluster: a command that changes nothing but a label, answered as JSON. */
function readByKubectl(yaml: string): { data: Record<string, unknown> } {
  const parameters = ['label', '--local', '-f', '-', '-o', 'json', 'read=by-kubectl'];
  return JSON.parse(execFileSync('kubectl', parameters, { input: yaml, encoding: 'utf8' }));
}

function configMap(strings: readonly string[]) {
  const data = Object.fromEntries(
    strings.flatMap((text, index) => [
      [`value-${index}`, text],
      [`${text}-key`, 'a'],
      [text, 'b'],
    ]),
  );
  return { apiVersion: 'v1', data, kind: 'ConfigMap', metadata: { name: 'odd' } };
}

/** What JSON can say, with strings of any characters; a lone surrogate is not one. */
const json = fc.jsonValue({ stringUnit: 'binary' });

describe('what is written reads back unchanged', () => {
  test.each(oddStrings)('%j, as value, key and item', (text) => {
    const value = { [text]: text, list: [text, { [text]: [text] }] };
    expect(parseYaml(toYaml(value))).toEqual(value);
  });

  test('any JSON value', () => {
    fc.assert(
      fc.property(json, (value) => expect(parseYaml(toYaml(value))).toEqual(value)),
      { numRuns: 300 },
    );
  });

  (hasKubectl ? test : test.skip)('by Go, odd strings', () => {
    const object = configMap(oddStrings);
    expect(readByKubectl(toYaml(object)).data).toEqual(object.data);
  });

  (hasKubectl ? test : test.skip)('by Go, any string', () => {
    const object = configMap(fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), 500));
    expect(readByKubectl(toYaml(object)).data).toEqual(object.data);
  });

  (hasKubectl ? test : test.skip)('which is no matter of course: Go takes an unquoted 0o7 for a number', () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: odd\ndata:\n  a: 0o7\n';
    expect(readByKubectl(yaml).data).toEqual({ a: 7 });
    expect(parseYaml(yaml)).not.toMatchObject({ data: { a: '0o7' } });
  });
});

test('an object that stands in two places is written twice: nobody reads anchors in a diff', () => {
  const shared = { app: 'a' };
  expect(toYaml({ one: shared, two: shared })).toBe('one:\n  app: a\ntwo:\n  app: a\n');
});

test('a long line stays one line', () => {
  expect(toYaml({ a: 'word '.repeat(60).trim() }).split('\n')).toHaveLength(2);
});

test('several lines are written as lines', () => {
  expect(toYaml({ script: 'set -e\necho "$1"\n' })).toBe('script: |\n  set -e\n  echo "$1"\n');
});
