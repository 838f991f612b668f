import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Machine } from '../../src/local/cluster';
import { placesIn, repositoryUrl } from '../../src/local/places';
import { preparePlatformRepository, readCheckout } from '../../src/local/platform-repository';
import { makeHome } from '../../src/local/programs';
import { makeProject, type Project } from '../support/project';
import { temporaryFolder } from '../support/temporary';

const elsewhere = temporaryFolder();
const digest = `sha256:${'a'.repeat(64)}`;
const pin = `{ "sentiment": { "version": "v0.1.0", "digest": "${digest}" } }`;

describe('the platform repository of this machine', () => {
  let project: Project;
  let places: ReturnType<typeof placesIn>;
  let machine: Machine;
  const prepare = async (changed: Partial<Machine> = {}) =>
    preparePlatformRepository(
      places,
      await readCheckout(project.folder),
      { ...machine, ...changed },
      new AbortController().signal,
    );
  const git = (...args: readonly string[]) =>
    project.git('--git-dir', places.platformRepository, ...args).stdout.trim();
  const subjects = () => git('log', '--reverse', '--format=%s', 'main').split('\n');
  const show = (file: string) => git('show', `main:${file}`);

  beforeAll(async () => {
    project = makeProject();
    places = placesIn(project.folder);
    machine = {
      platformRepository: repositoryUrl(places.platformRepository),
      modelRepository: repositoryUrl(places.modelRepository),
      branch: 'main',
      dataset: 'reviews.jsonl',
      inferenceUrl: 'http://127.0.0.1:8081',
      inferenceTestPort: 8082,
    };
    mkdirSync(places.logs, { recursive: true });
    mkdirSync(join(places.folder, 'repositories'));
    makeHome(places);
    // What the real cluster serves is no version that this machine has.
    project.edit('src/clusters/laptop.models.json', '{}', pin.replace('v0.1.0', 'v9.9.9'));
    project.mlops('synth', '--no-typecheck');
    project.git('add', '--all');
    project.git('commit', '--message', 'Serve v9.9.9 in laptop');
    await prepare();
  }, 60_000);
  afterAll(() => project.remove());

  test('holds the commit of the checkout, rendered for this machine, without pins of the real cluster', () => {
    expect(subjects()).toEqual([expect.stringMatching(/^Run [0-9a-f]{12} on this machine$/)]);
    expect(JSON.parse(show('src/clusters/laptop.models.json'))).toEqual({});
    const template = 'dist/laptop/promote-model-version/workflowtemplate-promote-model-version.yaml';
    expect(show(template)).toContain(machine.platformRepository);
    expect(show('src/clusters/committed.ts')).toBe(project.read('src/clusters/index.ts').trim());
    // The other cluster is what it was.
    const homelab = 'dist/homelab/namespaces/namespace-inference.yaml';
    expect(show(homelab)).toBe(project.read(homelab).trim());
  });

  test('leaves the checkout alone', () => {
    expect(project.git('status', '--porcelain').stdout).toBe('');
    expect(project.git('worktree', 'list').stdout.trim().split('\n')).toHaveLength(1);
  });

  test('is not committed to again when nothing has changed, also when a start was killed before it said so', async () => {
    await prepare();
    rmSync(join(places.folder, 'platform.json'));
    await prepare();
    expect(subjects()).toHaveLength(1);
  }, 60_000);

  test('takes a new commit of the checkout and keeps what is served here', async () => {
    const clone = join(places.folder, 'clone');
    project.git('clone', '--quiet', machine.platformRepository, clone);
    const inClone = (...args: readonly string[]) => project.git('-C', clone, ...args);
    expect(inClone('log', '--format=%an').stdout).toBe('local loop\n');
    const promoted = `printf '%s' '${pin}' > src/clusters/laptop.models.json`;
    inClone('-c', `alias.pin=!${promoted}`, 'pin');
    inClone('commit', '--all', '--message', 'Serve sentiment v0.1.0 in laptop');
    inClone('push', '--quiet', 'origin', 'main');

    project.edit('src/clusters/homelab.ts', "path: '/srv/nfs/dvc'", "path: '/srv/nfs/contents'");
    const { uncommitted } = await readCheckout(project.folder);
    expect(uncommitted).toEqual(['src/clusters/homelab.ts']);
    project.git('commit', '--all', '--message', 'Move');
    await prepare();

    expect(subjects()).toEqual([
      expect.stringMatching(/^Run/),
      'Serve sentiment v0.1.0 in laptop',
      expect.stringMatching(/^Run/),
    ]);
    expect(show('src/clusters/laptop.models.json')).toBe(pin);
    expect(show('src/clusters/homelab.ts')).toContain('/srv/nfs/contents');
    expect(show('dist/laptop/inference/deployment-inference.yaml')).toContain(digest);
  }, 60_000);

  test('follows the machine', async () => {
    await prepare({ inferenceUrl: 'http://127.0.0.1:9001' });
    expect(show('src/clusters/machine.json')).toContain('http://127.0.0.1:9001');
  }, 60_000);

  test('says which source does not render, and stays as it was', async () => {
    const before = git('rev-parse', 'main');
    project.edit('src/clusters/laptop.ts', "stage: 'dev'", "stage: 'prod' as never");
    project.git('commit', '--all', '--message', 'Break');
    await expect(prepare()).rejects.toThrow(/^synth: failed: .*laptop\.stage/);
    expect(git('rev-parse', 'main')).toBe(before);
    project.git('reset', '--hard', '--quiet', 'HEAD~1');
  }, 60_000);
});

describe('a folder that is no repository', () => {
  test('is told to be cloned', async () => {
    await expect(readCheckout(elsewhere)).rejects.toThrow(
      /cannot be read as a Git repository: .*; clone the repository/,
    );
  });
});
