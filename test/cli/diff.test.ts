import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolveCommit } from '../../src/cli/committed-tree';
import { makeProject, type Project } from '../support/project';

describe('mlops diff', () => {
  let project: Project;
  beforeAll(() => {
    project = makeProject();
  }, 60_000);
  afterAll(() => project.remove());

  test('finds nothing in a tree that is as it was committed', () => {
    const { code, stdout, stderr } = project.mlops('diff');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Against HEAD \([0-9a-f]{7}\): nothing differs\n$/);
  });

  describe('after an edit', () => {
    beforeAll(() => {
      project.edit(
        'src/clusters/homelab.ts',
        "path: '/srv/nfs/models', size: '10Gi'",
        "path: '/srv/nfs/m', size: '9Gi'",
      );
    });

    test('names objects, fields, dangers and what follows from what; and differs without failing', () => {
      const { code, stdout } = project.mlops('diff');
      expect(code).toBe(0);
      expect(stdout).toContain('~ PersistentVolumeClaim inference/models dangerous');
      expect(stdout).toContain('spec.resources.requests.storage: 10Gi → 9Gi');
      expect(stdout).toContain('storage · Application homelab-storage: 2 changed, only because of others');
      expect(stdout).toContain('~ PersistentVolume inference-models (because of inference) dangerous');
      expect(stdout).toContain('a claim cannot shrink');
      expect(stdout).not.toContain('laptop');
    });

    test('writes Markdown for a comment', () => {
      const { stdout } = project.mlops('diff', '--format', 'markdown');
      expect(stdout).toContain('> [!CAUTION]');
      expect(stdout).toContain('<details><summary><b>homelab-storage</b>: 2 changed, only because of others</summary>');
    });

    test('gives programs the same, with whole values', () => {
      const { stdout } = project.mlops('diff', '--json');
      const result = JSON.parse(stdout);
      expect(result.against.ref).toBe('HEAD');
      expect(result.counts).toMatchObject({ added: 0, removed: 0 });
      const storage = result.applications.find((one: { component: string }) => one.component === 'storage');
      expect(storage).toMatchObject({ application: 'homelab-storage', derived: true });
      expect(storage.objects[0].fields).toContainEqual({
        path: 'spec.nfs.path',
        type: 'changed',
        before: '/srv/nfs/models',
        after: '/srv/nfs/m',
      });
      expect(project.mlops('diff', '--format', 'json').stdout).toBe(stdout);
    });

    test('leaves dist/ alone', () => {
      project.mlops('diff');
      expect(project.git('status', '--porcelain', 'dist').stdout).toBe('');
    });

    test('compares with the ref that is asked for', () => {
      project.git('branch', 'before');
      project.mlops('synth', '--no-typecheck', '--allow-deletions');
      project.git('commit', '--all', '--message', 'Smaller');
      expect(project.mlops('diff').stdout).toContain('nothing differs');
      expect(project.mlops('diff', '--against', 'before').stdout).toContain('10Gi → 9Gi');
      expect(project.mlops('diff', '--against', 'HEAD~1').stdout).toContain('10Gi → 9Gi');
    });
  });

  test('refuses a ref that is none', () => {
    const { code, stdout, stderr } = project.mlops('diff', '--against=--output=x');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('error: --against: names no commit of this repository (got "--output=x"); ');
  });

  test.each(['nowhere', '--all', 'HEAD; touch x', '$(touch x)', 'HEAD^{tree}', ''])('takes %j for no commit', (ref) => {
    expect(() => resolveCommit(project.folder, ref)).toThrow('names no commit of this repository');
    expect(existsSync(join(project.folder, 'x'))).toBe(false);
  });

  test('refuses a commit without dist/', () => {
    project.git('checkout', '--orphan', 'empty');
    project.git('commit', '--message', 'All', '--quiet');
    project.git('rm', '-r', '--cached', '--quiet', 'dist');
    project.git('commit', '--message', 'Without');
    const { code, stderr } = project.mlops('diff', '--against', 'empty');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: dist\/: is not in the commit empty \([0-9a-f]{7}\); /);
  });

  test('refuses a folder that is in no repository', () => {
    project.outsideGit(() => {
      const { code, stderr } = project.mlops('diff');
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: .*: is in no Git repository; /);
    });
  });

  test.each([[['diff', '--format', 'xml']], [['diff', 'surplus']], [['diff', '--no-such']], [['nothing']]])(
    'wrong usage: %j',
    (args) => {
      const { code, stderr } = project.mlops(...args);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: /);
    },
  );
});
