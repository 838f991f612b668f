import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { FileSpec } from '../../src/render/layout';

const execute = promisify(execFile);

/** A bare Git repository on this machine, with a work tree to commit from. */
export class Repository {
  private readonly folder = mkdtempSync(join(tmpdir(), 'mlops-e2e-'));
  private readonly tree = join(this.folder, 'tree');
  private readonly bare = join(this.folder, 'platform.git');
  /** What Argo CD's repository server is told; it must run on this machine to read it. */
  readonly url = `file://${this.bare}`;

  async create(): Promise<void> {
    await execute('git', ['init', '--quiet', '--bare', '--initial-branch', 'main', this.bare]);
    await execute('git', ['init', '--quiet', '--initial-branch', 'main', this.tree]);
  }

  /** Writes files, commits and pushes. @returns the commit */
  async commit(message: string, files: readonly FileSpec[]): Promise<string> {
    for (const { path, content } of files) {
      mkdirSync(dirname(join(this.tree, path)), { recursive: true });
      writeFileSync(join(this.tree, path), content);
    }
    return this.push(message);
  }

  /** Removes a file, commits and pushes. @returns the commit */
  async remove(message: string, path: string): Promise<string> {
    rmSync(join(this.tree, path));
    return this.push(message);
  }

  delete(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async push(message: string): Promise<string> {
    await this.git('add', '--all');
    await this.git('-c', 'user.name=e2e', '-c', 'user.email=e2e@localhost', 'commit', '--quiet', '--message', message);
    await this.git('push', '--quiet', this.bare, 'HEAD:main');
    return (await this.git('rev-parse', 'HEAD')).trim();
  }

  private async git(...args: readonly string[]): Promise<string> {
    const { stdout } = await execute('git', ['-C', this.tree, ...args]);
    return stdout;
  }
}
