import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeProject } from '../support/project';
import { temporaryFolder } from '../support/temporary';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

const environment = {
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};
const git = (folder: string, ...args: string[]) =>
  execFileSync('git', args, { cwd: folder, env: environment, encoding: 'utf8' });

/** Real Git repositories: one of model versions, the platform's, and the one that both work trees of it push to. */
describe('promotion', () => {
  const folder = temporaryFolder();
  const models = join(folder, 'models');
  const origin = join(folder, 'origin.git');
  const project = makeProject();
  const platform = project.folder;
  const { mlops } = project;
  const pins = () => JSON.parse(readFileSync(join(platform, 'src/clusters/homelab.models.json'), 'utf8'));

  beforeAll(() => {
    git(folder, 'init', '--quiet', '--initial-branch=main', models);
    for (const [version, letter, accuracy] of [
      ['v1.0.0', 'a', 0.85],
      ['v1.1.0', 'b', 0.88],
      ['v1.2.0', 'c', 0.8],
    ] as const) {
      git(models, 'commit', '--quiet', '--allow-empty', '--message', version);
      const trailers = `Digest: ${digest(letter)}\nMetrics: {"accuracy": ${accuracy}}`;
      git(models, 'tag', '--annotate', `sentiment@${version}`, '--message', `sentiment ${version}\n\n${trailers}`);
    }
    git(models, 'tag', '--annotate', 'sentiment@v9.0.0', '--message', 'made by hand');
    project.edit('src/clusters/homelab.ts', 'https://github.com/example/models.git', `file://${models}`);
    expect(mlops('synth', '--no-typecheck').code).toBe(0);
    git(platform, 'commit', '--quiet', '--all', '--message', 'Read models from a folder');
    git(folder, 'clone', '--quiet', '--bare', platform, origin);
    git(platform, 'remote', 'add', 'origin', origin);
  });

  afterAll(project.remove);

  test('commits the pin and the rendered dist/ together, and the workload appears', () => {
    expect(existsSync(join(platform, 'dist/homelab/inference/deployment-inference.yaml'))).toBe(false);
    expect(mlops('promote', 'model', 'sentiment@v1.0.0', '--to', 'homelab', '--approved-by', 'Ada').code).toBe(0);
    expect(pins()).toEqual({ sentiment: { version: 'v1.0.0', digest: digest('a') } });
    const deployment = readFileSync(join(platform, 'dist/homelab/inference/deployment-inference.yaml'), 'utf8');
    expect(deployment).toContain(`mlops/model-digest: ${digest('a')}`);
    expect(git(platform, 'status', '--porcelain')).toBe('');
    const message = git(platform, 'log', '-1', '--format=%B');
    expect(message).toContain('Serve sentiment v1.0.0 in homelab');
    expect(message).toContain(`Digest: ${digest('a')}`);
    expect(message).toContain('Approved-By: Ada');
  });

  test('makes no commit when nothing would change', () => {
    const before = git(platform, 'rev-parse', 'HEAD');
    expect(mlops('promote', 'model', 'sentiment@v1.0.0', '--to', 'homelab').code).toBe(0);
    expect(git(platform, 'rev-parse', 'HEAD')).toBe(before);
  });

  test('refuses a version that is worse than the served one, unless told otherwise', () => {
    expect(mlops('promote', 'model', 'sentiment@v1.1.0', '--to', 'homelab').code).toBe(0);
    const refused = mlops('promote', 'model', 'sentiment@v1.2.0', '--to', 'homelab');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('has less accuracy than v1.1.0');
    expect(pins().sentiment.version).toBe('v1.1.0');
    expect(mlops('promote', 'model', 'sentiment@v1.2.0', '--to', 'homelab', '--allow-worse').code).toBe(0);
    expect(pins().sentiment.version).toBe('v1.2.0');
  });

  test('rolls back along the history, past versions that were rolled back from', () => {
    expect(mlops('rollback', 'model', 'sentiment', '--in', 'homelab').code).toBe(0);
    expect(pins().sentiment.version).toBe('v1.1.0');
    expect(mlops('rollback', 'model', 'sentiment', '--in', 'homelab').code).toBe(0);
    expect(pins().sentiment.version).toBe('v1.0.0');
    const last = mlops('rollback', 'model', 'sentiment', '--in', 'homelab');
    expect(last.code).toBe(1);
    expect(last.stderr).toContain('no earlier pin');
  });

  test.each([
    ['sentiment@v7.7.7', 'is no version in the model repository'],
    ['sentiment@v9.0.0', 'states no digest'],
    ['sentiment@1.0', 'is not a model version'],
    ['--upload-pack=x@v1.0.0', "unknown option '--upload-pack=x@v1.0.0'"],
  ])('refuses %s with one clear line', (reference, text) => {
    const answer = mlops('promote', 'model', reference, '--to', 'homelab');
    expect(answer.code).toBeGreaterThan(0);
    expect(answer.stderr).toContain(text);
    expect(answer.stderr).not.toContain('    at ');
    expect(git(platform, 'status', '--porcelain')).toBe('');
  });

  test.each(['', ' Ada', 'Ada\nDigest: x'])('refuses the approval of %j before anything is served', (who) => {
    const refused = mlops(
      'promote',
      'model',
      'sentiment@v1.2.0',
      '--to',
      'homelab',
      '--allow-worse',
      '--approved-by',
      who,
    );
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('--approved-by: is not one line of text');
    expect(git(platform, 'status', '--porcelain')).toBe('');
  });

  test('refuses to render sources that are not committed: they would come along under another name', () => {
    project.edit('src/clusters/homelab.ts', "size: '20Gi'", "size: '21Gi'");
    const refused = mlops('promote', 'model', 'sentiment@v1.1.0', '--to', 'homelab');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('has changes that are not committed');
    expect(refused.stderr).toContain('src/clusters/homelab.ts');
    project.edit('src/clusters/homelab.ts', "size: '21Gi'", "size: '20Gi'");
  });

  test("takes the images of another cluster, each from the cluster's own registry", () => {
    project.edit('src/clusters/homelab.images.json', '"trainer", "tag": "0.1.0"', '"trainer", "tag": "0.2.0"');
    expect(mlops('synth', '--no-typecheck').code).toBe(0);
    git(platform, 'commit', '--quiet', '--all', '--message', 'Take a new trainer');
    expect(mlops('promote', 'images', '--from', 'homelab', '--to', 'laptop').code).toBe(0);
    const rendered = git(platform, 'show', '--format=', 'HEAD', '--', 'dist/laptop');
    expect(rendered).toContain('registry.laptop.internal:30500/trainer:0.2.0');
    expect(rendered).not.toContain('registry.homelab.internal');
  });

  test('a deployer pushes on top of what others pushed meanwhile', () => {
    git(platform, 'push', '--quiet', 'origin', 'main');
    const answer = mlops(
      'deploy',
      '--repository',
      origin,
      '--work-folder',
      folder,
      '--',
      'promote',
      'model',
      'sentiment@v1.1.0',
      '--to',
      'laptop',
      '--workflow-run',
      'promote-x7k2p',
    );
    expect(answer.code).toBe(0);
    const message = git(origin, 'log', '-1', '--format=%an%n%B', 'main');
    expect(message).toContain('mlops deployer');
    expect(message).toContain('Workflow-Run: promote-x7k2p');
    expect(git(origin, 'show', 'main:src/clusters/laptop.models.json')).toContain('v1.1.0');
    expect(
      mlops('deploy', '--repository', origin, '--', 'promote', 'model', 'sentiment@v1.1.0', '--to', 'laptop').stdout,
    ).toBe('{"commit":null}\n');
  }, 30_000);

  test('a deployer that is to ask pushes a branch of its own, and leaves the watched one alone', () => {
    const before = git(origin, 'rev-parse', 'main');
    const ask = (version: string) =>
      mlops(
        ...['deploy', '--repository', `file://${origin}`, '--work-folder', folder, '--pull-request', '--'],
        ...['promote', 'model', `sentiment@${version}`, '--to', 'laptop', '--allow-worse'],
      );
    // A folder takes no pull requests: the branch is there, and a person is told.
    const answer = ask('v1.2.0');
    expect(answer.stderr).toContain('merge serve-sentiment-v1.2.0-in-laptop by hand');
    expect(git(origin, 'rev-parse', 'main')).toBe(before);
    const branch = 'serve-sentiment-v1.2.0-in-laptop';
    expect(git(origin, 'show', `${branch}:src/clusters/laptop.models.json`)).toContain('v1.2.0');
    // Again, as after a pod that was lost.
    expect(ask('v1.2.0').stderr).toContain('by hand');
    expect(git(origin, 'log', '--format=%s', `main..${branch}`)).toBe('Serve sentiment v1.2.0 in laptop\n');
    expect(ask('v1.1.0')).toMatchObject({ code: 0, stdout: '{"commit":null}\n' });
  }, 60_000);
});
