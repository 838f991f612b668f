import fs, { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { InvalidInput } from '../../src/core/problem';
import type { FileSpec } from '../../src/render/layout';
import { publish, recover, withTree } from '../../src/render/publish';
import { compareTrees, readTree } from '../../src/render/tree';
import { temporaryFolder } from '../support/temporary';

const base = temporaryFolder();
let root: string;
let count = 0;

beforeEach(() => {
  root = join(base, String(count++), 'dist');
  mkdirSync(join(root, '..'));
});
afterEach(() => {
  jest.restoreAllMocks();
});

const before: FileSpec[] = [
  { path: 'homelab/registry/service-registry.yaml', content: 'kept\n' },
  { path: 'homelab/registry/deployment-registry.yaml', content: 'old\n' },
  { path: 'homelab/storage/persistentvolume-models.yaml', content: 'gone\n' },
];
const after: FileSpec[] = [
  { path: 'homelab/registry/service-registry.yaml', content: 'kept\n' },
  { path: 'homelab/registry/deployment-registry.yaml', content: 'new\n' },
  { path: 'laptop/registry/deployment-registry.yaml', content: 'new\n' },
];

function write(files: readonly FileSpec[]): void {
  publish(root, files, compareTrees(readTree(root), files));
}

const treeOf = (files: readonly FileSpec[]) => new Map(files.map(({ path, content }) => [path, content]));
const beside = () => readdirSync(join(root, '..'));

function failOnce(method: 'renameSync' | 'writeFileSync', call: number, code: string): void {
  const real = fs[method] as (...parameters: unknown[]) => void;
  let calls = 0;
  jest.spyOn(fs, method).mockImplementation((...parameters: unknown[]) => {
    calls += 1;
    if (calls === call) throw Object.assign(new Error(code), { code });
    real(...parameters);
  });
}

test('a first publish makes the folder, and only the folder', () => {
  write(before);
  expect(readTree(root)).toEqual(treeOf(before));
  expect(beside()).toEqual(['dist']);
});

test('publishing replaces, adds and removes, folders too', () => {
  write(before);
  write(after);
  expect(readTree(root)).toEqual(treeOf(after));
  expect(readdirSync(join(root, 'homelab'))).toEqual(['registry']);
  expect(beside()).toEqual(['dist']);
});

test('an unchanged file keeps its inode and its time; a changed one does not', () => {
  write(before);
  const of = ({ path }: FileSpec) => statSync(join(root, path));
  const [kept, changed] = before.slice(0, 2).map(of);
  write(after);
  const [keptAfter, changedAfter] = after.slice(0, 2).map(of);
  expect([keptAfter?.ino, keptAfter?.mtimeMs, keptAfter?.nlink]).toEqual([kept?.ino, kept?.mtimeMs, 1]);
  expect(changedAfter?.ino).not.toBe(changed?.ino);
});

test('nothing changed, nothing written: the folder itself is the same', () => {
  write(before);
  const { ino, ctimeMs } = statSync(root);
  write(before);
  expect([statSync(root).ino, statSync(root).ctimeMs]).toEqual([ino, ctimeMs]);
});

test('a file where a folder should be, and a folder where a file should be, are replaced', () => {
  write([
    { path: 'homelab', content: 'a file\n' },
    { path: 'laptop/registry/deployment-registry.yaml/file', content: 'in a folder\n' },
  ]);
  write(after);
  expect(readTree(root)).toEqual(treeOf(after));
});

test('a symbolic link in the tree is read as somebody else’s file, and never followed', () => {
  write(before);
  const outside = join(root, '..', 'outside');
  writeFileSync(outside, 'mine\n');
  symlinkSync(outside, join(root, 'homelab', 'link'));
  expect(readTree(root).get('homelab/link')).toBe('');
  write(after);
  expect(readTree(root)).toEqual(treeOf(after));
  expect(readFileSync(outside, 'utf8')).toBe('mine\n');
});

describe('when it fails, the tree is as it was and nothing is left beside it', () => {
  test.each([
    ['the disk is full', 'writeFileSync', 2, 'ENOSPC'],
    ['the file system is read-only', 'writeFileSync', 1, 'EROFS'],
    ['the old tree cannot be renamed', 'renameSync', 1, 'EACCES'],
    ['the new tree cannot be renamed', 'renameSync', 2, 'EACCES'],
  ] as const)('%s', (_name, method, call, code) => {
    write(before);
    failOnce(method, call, code);
    expect(() => write(after)).toThrow(expect.objectContaining({ code }));
    expect(readTree(root)).toEqual(treeOf(before));
    expect(beside()).toEqual(['dist']);
  });

  test.each(['EXDEV', 'EBUSY'])(
    'the file system cannot rename the folder (%s): the message tells what to do',
    (code) => {
      write(before);
      failOnce('renameSync', 1, code);
      expect(() => write(after)).toThrow(InvalidInput);
      failOnce('renameSync', 1, code);
      expect(() => write(after)).toThrow(/dist: cannot be renamed .* mount the folder around it/);
      expect(readTree(root)).toEqual(treeOf(before));
      expect(beside()).toEqual(['dist']);
    },
  );
});

test('without hard links, unchanged files are copied', () => {
  write(before);
  jest.spyOn(fs, 'linkSync').mockImplementation(() => {
    throw Object.assign(new Error('EXDEV'), { code: 'EXDEV' });
  });
  write(after);
  expect(readTree(root)).toEqual(treeOf(after));
});

describe('recovery', () => {
  /** What a process killed before this call of renameSync leaves. */
  function killedBefore(call: number): void {
    const real = fs.renameSync;
    let calls = 0;
    const spies = [
      jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
        calls += 1;
        if (calls >= call) throw new Error('killed');
        real(from, to);
      }),
      jest.spyOn(fs, 'rmSync').mockImplementation(() => undefined),
    ];
    expect(() => write(after)).toThrow('killed');
    for (const spy of spies) spy.mockRestore();
  }

  test.each([
    ['before the renames', 1, before],
    ['between the renames: the old tree comes back', 2, before],
    ['before the old tree is removed', 3, after],
  ])('from a kill %s', (_name, call, expected) => {
    write(before);
    killedBefore(call);
    expect(beside().length).toBeGreaterThan(1);
    recover(root);
    expect(readTree(root)).toEqual(treeOf(expected));
    expect(beside()).toEqual(['dist']);
  });

  test('removes what was half removed, and never brings it back', () => {
    write(before);
    mkdirSync(`${root}.discarded`);
    fs.rmSync(root, { recursive: true });
    recover(root);
    expect(beside()).toEqual([]);
  });

  test('comes first in every command that works on the tree', async () => {
    write(before);
    fs.renameSync(root, `${root}.previous`);
    await expect(withTree(root, async () => readTree(root))).resolves.toEqual(treeOf(before));
  });
});

test.each([
  ['a file', () => writeFileSync(root, 'mine')],
  ['a symbolic link', () => symlinkSync(base, root)],
  ['a symbolic link that leads nowhere', () => symlinkSync('/nowhere/at/all', root)],
])('%s in place of the folder is refused and left alone', async (_name, make) => {
  make();
  await expect(withTree(root, async () => write(after))).rejects.toThrow(/dist: is not a folder; move it away/);
  expect(beside().sort()).toEqual(['dist', 'dist.lock']);
});
