import { appendFileSync, mkdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readTree } from '../../src/render/tree';
import { makeProject } from '../support/project';

const project = makeProject();
const dist = join(project.folder, 'dist');
const synth = (...options: readonly string[]) => project.mlops('synth', '--no-typecheck', ...options);
const pristine = readTree(dist);

beforeEach(() => project.reset());
afterAll(() => project.remove());

test('synth --check is content with what was committed, and writes nothing when it is not', () => {
  expect(synth('--check')).toMatchObject({ code: 0 });
  const file = 'homelab/gateway/gateway-public.yaml';
  appendFileSync(join(dist, file), '# edited\n');
  const before = readTree(dist);
  const { code, stderr } = synth('--check');
  expect(code).toBe(1);
  expect(stderr).toContain(`~ dist/${file}`);
  expect(stderr).toContain('error: dist/: is not what the sources say; run "npm run synth" and commit dist/');
  expect(readTree(dist)).toEqual(before);
  expect(synth()).toMatchObject({ code: 0 });
  expect(readTree(dist)).toEqual(pristine);
}, 60_000);

test('every command first restores what a killed one left', () => {
  renameSync(dist, `${dist}.previous`);
  mkdirSync(`${dist}.next/homelab`, { recursive: true });
  expect(synth('--check')).toMatchObject({ code: 0 });
  expect(readTree(dist)).toEqual(pristine);
}, 60_000);

test('an edit is seen that keeps size and time of the source, as "cp -p" may', () => {
  const file = join(project.folder, 'src/clusters/homelab.ts');
  const { atime, mtime, size } = statSync(file);
  expect(synth('--check')).toMatchObject({ code: 0 });
  project.edit('src/clusters/homelab.ts', "/srv/mlops/training', size: '5Gi'", "/srv/mlops/training', size: '6Gi'");
  utimesSync(file, atime, mtime);
  expect(statSync(file)).toMatchObject({ mtime, size });
  expect(synth('--check')).toMatchObject({ code: 1, stderr: expect.stringContaining('~ dist/homelab/storage/') });
}, 60_000);

describe('deletions', () => {
  test('most of everything goes with --allow-deletions only', () => {
    project.edit('src/clusters/index.ts', '[homelab, laptop]', '[laptop]');
    const refused = synth();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^error: dist\/: \d+ of \d+ files would be deleted; restore them in src\//m);
    expect(readTree(dist)).toEqual(pristine);

    expect(synth('--allow-deletions')).toMatchObject({ code: 0 });
    expect([...readTree(dist).keys()].filter((path) => !path.startsWith('laptop/'))).toEqual([]);
  }, 60_000);

  test('a claim and its volume go with --allow-deletions only', () => {
    project.edit(
      'src/clusters/homelab.ts',
      /dataset: \{ from: 'volume'.*\},\n/,
      "dataset: { from: 'url', url: 'https://example.org/reviews.csv.gz' },\n",
    );
    const refused = synth();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'error: dist/homelab/storage/persistentvolume-train-new-model-version-dataset.yaml: would leave Git; the cluster keeps it and what it holds, and nothing manages it any more; restore it in src/, or pass --allow-deletions if it may go',
    );
    expect(readTree(dist)).toEqual(pristine);
    expect(synth('--allow-deletions')).toMatchObject({ code: 0 });
  }, 60_000);

  test('a component that leaves the list needs no flag', () => {
    project.edit('src/platform/index.ts', /\n {2}new UserInterface\(.*\);/, '');
    project.edit('src/platform/index.ts', "import { UserInterface } from './user-interface';\n", '');
    expect(synth()).toMatchObject({ code: 0 });
    const left = [...readTree(dist).keys()].filter((path) => path.includes('/inference-ui/'));
    expect(left).toEqual([]);
  }, 60_000);
});

test('a file that nobody owns stops synth, and stays', () => {
  writeFileSync(join(dist, 'homelab/notes.md'), 'mine\n');
  const { code, stderr } = synth();
  expect(code).toBe(1);
  expect(stderr).toContain('error: dist/homelab/notes.md: nothing in src/ owns this file; move it out of dist/');
  expect(readTree(dist).get('homelab/notes.md')).toBe('mine\n');
}, 60_000);

test('mistakes in data are told all at once, and nothing is written', () => {
  project.edit('src/clusters/homelab.ts', "stage: 'production'", "stage: 'live' as 'dev'");
  project.edit('src/clusters/homelab.ts', 'nodePort: 30500', 'nodePort: 80');
  const { code, stderr, stdout } = synth();
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr.split('\n').filter((line) => line.startsWith('error: homelab.'))).toHaveLength(2);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(readTree(dist)).toEqual(pristine);
}, 60_000);

test.each([
  [
    'src/clusters/homelab.ts',
    "name: 'homelab',",
    "name: 'homelab',,",
    /^error: src\/clusters\/homelab\.ts:\d+: cannot be loaded/,
  ],
  ['src/clusters/homelab.images.json', '{', '[', /^error: src\/clusters\/homelab\.images\.json:2: cannot be loaded/],
  [
    'src/clusters/index.ts',
    'export const',
    "throw new Error('oops');\nexport const",
    /^error: src\/clusters\/index\.ts:\d+: cannot be loaded \(oops\)/,
  ],
])('a mistake in %s is one line without a stack trace', (file, from, to, line) => {
  project.edit(file, from, to);
  const { code, stderr } = synth();
  expect(code).toBe(1);
  expect(stderr).toMatch(line);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('mistakes in several sources are told all at once', () => {
  project.edit('src/clusters/homelab.ts', "name: 'homelab',", "name: 'homelab',,");
  project.edit('src/platform/index.ts', "from './inference'", "from './interference'");
  const { code, stderr } = synth();
  expect(code).toBe(1);
  expect(stderr.trimEnd().split('\n').sort()).toEqual([
    expect.stringMatching(/^error: src\/clusters\/homelab\.ts:\d+: cannot be loaded \(.+\); mend it and try again$/),
    expect.stringMatching(/^error: src\/platform\/index\.ts:\d+: cannot be loaded \(.+interference.+\); mend it/),
  ]);
});
