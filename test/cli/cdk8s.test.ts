import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { loadAll } from 'js-yaml';
import { render } from '../../src/cli/render';
import { clusters } from '../../src/clusters';
import { readTree } from '../../src/render/tree';
import { makeProject } from '../support/project';

const project = makeProject();
const pathOf = (name: string) => join(project.folder, name);
afterAll(() => project.remove());
const expected = new Map(render(clusters).files.map(({ path, content }) => [path, content]));

const objectsOf = (texts: Iterable<string>) =>
  [...texts]
    .flatMap((text) => loadAll(text))
    .map((object) => JSON.stringify(object))
    .sort();

test('cdk8s synth gives the bytes of npm run synth, in dist/ and in its own folder', () => {
  rmSync(pathOf('dist'), { recursive: true });
  expect(project.mlops('synth', '--no-typecheck')).toMatchObject({ code: 0, stdout: '' });
  expect(readTree(pathOf('dist'))).toEqual(expected);

  rmSync(pathOf('dist'), { recursive: true });
  expect(project.cdk8s('synth')).toMatchObject({ code: 0 });
  expect(readTree(pathOf('dist'))).toEqual(expected);
  expect(readTree(pathOf('.synth'))).toEqual(expected);
}, 120_000);

test('cdk8s synth --output writes there only, and --stdout reads back as the same objects, large ones too', () => {
  const component = `
    const large = new Component(clusterScope, { name: 'large', namespace: 'inference', wave: 'services', project: 'services' });
    for (const name of ['one', 'two', 'three', 'four', 'five', 'six']) {
      kubernetesObject(large, name, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: 'inference' },
        data: { text: (name + ' line\\n').repeat(150_000 / name.length) },
      } as object);
    }
    derive(clusterScope, scopes);`;
  project.edit('src/platform/index.ts', '\n  derive(clusterScope, scopes);', component);
  project.edit(
    'src/platform/index.ts',
    /^/,
    "import { Component } from '../core/component';\nimport { kubernetesObject } from '../core/kubernetes-object';\n",
  );
  expect(project.cdk8s('synth', '--output', 'other')).toMatchObject({ code: 0 });
  expect(readTree(pathOf('dist'))).toEqual(expected);
  expect([...readTree(pathOf('other')).keys()].filter((path) => path.includes('/large/'))).toHaveLength(12);
  const { code, stdout } = project.cdk8s('synth', '--stdout');
  expect(code).toBe(0);
  expect(stdout.length).toBeGreaterThan(12 * 150_000);
  const files = [...readTree(pathOf('other'))].filter(
    ([path]) => path.endsWith('.yaml') && !path.includes('/bootstrap/'),
  );
  expect(objectsOf([stdout])).toEqual(objectsOf(files.map(([, content]) => content)));
}, 120_000);

test('when the app throws, cdk8s synth fails and dist/ is as it was', () => {
  const before = readTree(pathOf('dist'));
  project.edit('src/clusters/index.ts', /$/, "\nthrow new Error('on purpose');\n");
  const { code, stderr } = project.cdk8s('synth');
  expect(code).not.toBe(0);
  expect(stderr).toContain('on purpose');
  expect(readTree(pathOf('dist'))).toEqual(before);
  expect(existsSync(pathOf('dist.next'))).toBe(false);
}, 120_000);
