import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { E2eSettings } from '../../../src/clusters/e2e';
import type { ClusterData, ImageLock, ModelPin } from '../../../src/core/cluster';
import { run } from '../run';
import { type GitServer, git } from './git-server';

const root = resolve(__dirname, '..', '..', '..');

/** The list of clusters in the tests' repository: the one that they are given, from its settings and lock files. */
const INDEX = `import type { ClusterData } from '../core/cluster';
import { e2e } from './e2e';
import images from './e2e.images.json';
import models from './e2e.models.json';
import settings from './e2e.settings.json';

export const clusters: readonly ClusterData[] = [e2e(settings, { images, models })];
`;

/** A working tree of the platform repository: this repository's sources with the cluster of the tests. */
export class PlatformRepository {
  readonly folder = mkdtempSync(join(tmpdir(), 'mlops-e2e-platform-'));

  constructor(private readonly server: GitServer) {}

  /** Copies the sources as they are, renders the cluster and pushes the first commit. @returns it */
  async create(settings: E2eSettings, images: Readonly<Record<string, ImageLock>>): Promise<string> {
    const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
    for (const path of listed.split('\0').filter((one) => one !== '' && !one.startsWith('dist/'))) {
      cpSync(join(root, path), join(this.folder, path));
    }
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'), 'dir');
    this.write('src/clusters/index.ts', INDEX);
    this.writeJson('src/clusters/e2e.settings.json', settings);
    this.writeJson('src/clusters/e2e.images.json', images);
    this.writeJson('src/clusters/e2e.models.json', {});
    await git(this.folder, 'init', '--quiet', '--initial-branch=main');
    // node_modules/ is ignored, a link of that name is not.
    this.write('.git/info/exclude', 'node_modules\n');
    await git(this.folder, 'remote', 'add', 'origin', this.server.remote('platform'));
    return this.commit('Begin with the cluster of the tests');
  }

  /** Renders `dist/`, commits everything and pushes. @returns the commit */
  async commit(message: string): Promise<string> {
    await this.mlops('synth', '--allow-deletions');
    return this.push(message);
  }

  /** Commits everything as it is and pushes. @returns the commit */
  async push(message: string): Promise<string> {
    await git(this.folder, 'add', '--all');
    await git(this.folder, 'commit', '--quiet', '--message', message);
    await git(this.folder, 'push', '--quiet', 'origin', 'HEAD:main');
    return this.head();
  }

  /** Makes everything as it was in a commit, and pushes that as a new one. @returns it */
  async restore(commit: string): Promise<string> {
    await git(this.folder, 'read-tree', '-u', '--reset', commit);
    await git(this.folder, 'commit', '--quiet', '--allow-empty', '--message', `Be as in ${commit.slice(0, 7)} again`);
    await git(this.folder, 'push', '--quiet', 'origin', 'HEAD:main');
    return this.head();
  }

  async head(): Promise<string> {
    return (await git(this.folder, 'rev-parse', 'HEAD')).trim();
  }

  /** Takes what others pushed. @returns the newest commit */
  async pull(): Promise<string> {
    await git(this.folder, 'pull', '--quiet', '--rebase', 'origin', 'main');
    return this.head();
  }

  async log(format: string): Promise<string> {
    return git(this.folder, 'log', `--format=${format}`);
  }

  /** Runs this program in the working tree. */
  mlops(...args: readonly string[]): Promise<string> {
    const person = { GIT_AUTHOR_NAME: 'e2e', GIT_AUTHOR_EMAIL: 'e2e@localhost' };
    const committer = { GIT_COMMITTER_NAME: 'e2e', GIT_COMMITTER_EMAIL: 'e2e@localhost' };
    const env = { ...person, ...committer, NO_COLOR: '1' };
    return run('node', ['bin/mlops.js', ...args], { cwd: this.folder, env });
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  /** Replaces text in a file, which must have it. */
  edit(path: string, from: string, to: string): void {
    const text = this.read(path);
    if (!text.includes(from)) throw new Error(`${path} does not have ${from}`);
    this.write(path, text.replace(from, to));
  }

  models(): Record<string, ModelPin> {
    return JSON.parse(this.read('src/clusters/e2e.models.json'));
  }

  images(): ClusterData['images'] {
    return JSON.parse(this.read('src/clusters/e2e.images.json'));
  }

  /** Pins images to digests, by their names. */
  pinImages(digests: Readonly<Record<string, string>>): void {
    const pinned = Object.entries(this.images()).map(([name, image]) => [
      name,
      name in digests ? { ...image, digest: digests[name] } : image,
    ]);
    this.writeJson('src/clusters/e2e.images.json', Object.fromEntries(pinned));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private writeJson(path: string, value: unknown): void {
    this.write(path, `${JSON.stringify(value, undefined, 2)}\n`);
  }
}
