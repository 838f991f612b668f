import { describe, expect, test } from '@jest/globals';
import { dangerousDeletions, emptyComponents, foreignFiles } from '../../src/render/guard';
import { OWNERSHIP_MARK } from '../../src/render/layout';
import { compareTrees } from '../../src/render/tree';

const owned = (text: string) => `${OWNERSHIP_MARK}homelab/x; edit src/.\n---\n${text}\n`;

/** Ten files of two components; `path: content`. */
const before = new Map(
  [
    'homelab/registry/deployment-registry.yaml',
    'homelab/registry/service-registry.yaml',
    'homelab/registry/persistentvolumeclaim-blobs.yaml',
    'homelab/namespaces/namespace-registry.yaml',
    'homelab/namespaces/registry.resourcequota-quota.yaml',
    'homelab/storage/persistentvolume-registry-blobs.yaml',
    'homelab/storage/storageclass-local-storage.yaml',
    'homelab/storage/persistentvolume-training.yaml',
    'laptop/operators/customresourcedefinition-widgets.example.org.yaml',
    'laptop/registry/other.persistentvolumeclaim-blobs.yaml',
  ].map((path) => [path, owned(path)]),
);
const folders = new Set([...before.keys()].map((path) => path.slice(0, path.lastIndexOf('/'))));

const without = (...removed: string[]) =>
  compareTrees(
    before,
    [...before].filter(([path]) => !removed.includes(path)).map(([path, content]) => ({ path, content })),
  );

describe('deletions', () => {
  test.each([
    'homelab/registry/persistentvolumeclaim-blobs.yaml',
    'homelab/namespaces/namespace-registry.yaml',
    'homelab/storage/persistentvolume-training.yaml',
    'laptop/operators/customresourcedefinition-widgets.example.org.yaml',
    'laptop/registry/other.persistentvolumeclaim-blobs.yaml',
  ])('what holds data is refused: %s', (path) => {
    expect(dangerousDeletions(before, without(path), folders)).toEqual([
      {
        where: `dist/${path}`,
        what: 'would leave Git; the cluster keeps it and what it holds, and nothing manages it any more',
        fix: 'restore it in src/, or pass --allow-deletions if it may go',
      },
    ]);
  });

  test.each([
    'homelab/registry/deployment-registry.yaml',
    'homelab/storage/storageclass-local-storage.yaml',
    'homelab/namespaces/registry.resourcequota-quota.yaml',
  ])('what can be made again may go: %s', (path) => {
    expect(dangerousDeletions(before, without(path), folders)).toEqual([]);
  });

  test('a component that left the list takes its claims along', () => {
    const left = new Set([...folders].filter((folder) => folder !== 'homelab/registry'));
    const gone = [...before.keys()].filter((path) => path.startsWith('homelab/registry/'));
    expect(dangerousDeletions(before, without(...gone), left)).toEqual([]);
  });

  test('more than a third of everything is refused, even when whole components left the list', () => {
    const gone = [...before.keys()].slice(0, 4);
    const problems = dangerousDeletions(before, without(...gone), new Set());
    expect(problems.map(({ what }) => what)).toEqual(['4 of 10 files would be deleted']);
    expect(dangerousDeletions(before, without(...before.keys()), new Set())).toHaveLength(1);
  });

  test('an empty tree has nothing to lose', () => {
    expect(dangerousDeletions(new Map(), compareTrees(new Map(), []), new Set())).toEqual([]);
  });
});

describe('files that rendering did not write', () => {
  const with_ = (path: string, content: string) => new Map([...before, [path, content]]);
  const rendered = [...before].map(([path, content]) => ({ path, content }));

  test.each([
    ['homelab/registry/notes.txt', 'mine\n'],
    ['homelab/registry/.deployment-registry.yaml.swp', ''],
    ['README.md', '# dist'],
  ])('are not deleted: %s', (path, content) => {
    const found = with_(path, content);
    expect(foreignFiles(found, compareTrees(found, rendered))).toEqual([
      {
        where: `dist/${path}`,
        what: 'nothing in src/ owns this file',
        fix: 'move it out of dist/, which holds rendered files only',
      },
    ]);
  });

  test('are not overwritten, such as one with the marks of a conflict', () => {
    const path = 'homelab/registry/service-registry.yaml';
    const found = with_(path, '<<<<<<< HEAD\n');
    expect(foreignFiles(found, compareTrees(found, rendered))).toMatchObject([
      { where: `dist/${path}`, fix: 'keep elsewhere what you need of it and delete it' },
    ]);
  });

  test('one of ours that somebody edited is written anew', () => {
    const found = with_('homelab/registry/service-registry.yaml', owned('edited'));
    expect(foreignFiles(found, compareTrees(found, rendered))).toEqual([]);
  });
});

describe('an Application without an object', () => {
  const component = {
    cluster: 'homelab',
    name: 'registry',
    namespace: 'registry',
    wave: 0,
    project: 'p',
    provides: {},
  };

  test('is refused', () => {
    const cluster = { name: 'homelab', externals: [], components: [{ ...component, upstream: false, objects: [] }] };
    expect(emptyComponents([cluster]).map(({ where }) => where)).toEqual(['homelab/registry']);
  });

  test('is right for an operator whose objects come from upstream', () => {
    const cluster = { name: 'homelab', externals: [], components: [{ ...component, upstream: true, objects: [] }] };
    expect(emptyComponents([cluster])).toEqual([]);
  });
});
