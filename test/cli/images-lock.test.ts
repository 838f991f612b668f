import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LOGIN, TestRegistry } from '../support/image-registry';
import { makeProject } from '../support/project';
import { temporaryFolder } from '../support/temporary';
import { findTool, skipReason } from '../support/tools';

const program = findTool('docker-registry');
if (!program) skipReason('image lock files from a real image registry', 'the program docker-registry is not there');

(program ? describe : describe.skip)('images-lock', () => {
  const folder = temporaryFolder();
  const registry = new TestRegistry(program ?? '', folder);
  const project = makeProject();
  const lockFile = 'src/clusters/laptop.images.json';
  let digest = '';

  const lock = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(project.folder, 'bin', 'mlops.js'), 'images-lock', ...args], {
      cwd: project.folder,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        NODE_EXTRA_CA_CERTS: registry.certificate,
        DOCKER_CONFIG: join(folder, 'docker'),
        GIT_AUTHOR_NAME: 'A',
        GIT_AUTHOR_EMAIL: 'a@example.com',
        GIT_COMMITTER_NAME: 'A',
        GIT_COMMITTER_EMAIL: 'a@example.com',
      },
    });

  beforeAll(async () => {
    await registry.start();
    digest = await registry.push('mlops/ui', '0.1.0');
    mkdirSync(join(folder, 'docker'));
    writeFileSync(join(folder, 'docker/config.json'), JSON.stringify({ auths: { [registry.host]: { auth: LOGIN } } }));
    const entries = JSON.parse(project.read(lockFile)) as Record<string, object>;
    entries.ui = { repository: `${registry.host}/mlops/ui`, tag: '0.1.0' };
    writeFileSync(join(project.folder, lockFile), JSON.stringify(entries));
    expect(project.mlops('synth', '--no-typecheck')).toMatchObject({ code: 0 });
    project.git('commit', '--all', '--message', 'Take the page from another registry');
    project.git('clone', '--quiet', '--bare', '.', join(folder, 'origin.git'));
    project.git('remote', 'add', 'origin', join(folder, 'origin.git'));
  });
  afterAll(async () => {
    project.remove();
    await registry.stop();
  });

  test('locks the images of one registry and leaves those of others alone', () => {
    expect(lock('--registry', `${registry.host}/mlops`)).toMatchObject({ status: 0 });
    const entries = JSON.parse(project.read(lockFile));
    expect(entries.ui).toEqual({ repository: `${registry.host}/mlops/ui`, tag: '0.1.0', digest });
    expect(entries.inference.digest).toBeUndefined();
    project.reset();
  });

  test('pushes a branch with the lock file and dist/ for a pull request, and leaves the checkout as it was', () => {
    const { stderr } = lock('--registry', `${registry.host}/mlops`, '--pull-request');
    expect(stderr).toContain('merge lock-the-images-of-laptop by hand'); // a folder takes no pull requests
    const pushed = project.git(
      '--git-dir',
      join(folder, 'origin.git'),
      'show',
      '--stat=200',
      'lock-the-images-of-laptop',
    );
    expect(pushed.stdout).toContain(lockFile);
    expect(pushed.stdout).toMatch(/dist\/laptop\/inference-ui\/\S+\.yaml/);
    expect(project.git('status', '--porcelain').stdout).toBe('');
  });

  test('refuses a registry that no cluster uses, and so cannot succeed by doing nothing', () => {
    const { status, stderr } = lock('--registry', 'ghcr.io/nobody');
    expect(status).toBe(1);
    expect(stderr).toContain('no cluster has an image from there (got "ghcr.io/nobody")');
  });
});
