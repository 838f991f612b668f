import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from '@jest/globals';

const root = resolve(__dirname, '..', '..');

/** A copy of the repository in which a test may do what it likes; the packages are shared. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'mlops-project-'));

  constructor() {
    for (const name of [
      'bin',
      'dist',
      'imports',
      'schemas',
      'src',
      'cdk8s.yaml',
      'package.json',
      'tsconfig.json',
      'tsconfig.synth.json',
    ]) {
      cpSync(join(root, name), this.path(name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), this.path('node_modules'));
    afterAll(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** Brings folders back to what the repository holds. */
  reset(...names: readonly string[]): void {
    for (const name of names) {
      rmSync(this.path(name), { recursive: true, force: true });
      cpSync(join(root, name), this.path(name), { recursive: true });
    }
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** Edits a source; fails when there is nothing to replace. */
  edit(file: string, from: string | RegExp, to: string): void {
    const before = readFileSync(this.path(file), 'utf8');
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${file} does not hold ${from}`);
    writeFileSync(this.path(file), after);
  }

  /** `npm run synth`, without npm and the type check. */
  synth(...options: readonly string[]): SpawnSyncReturns<string> {
    return this.run(process.execPath, 'bin/mlops.js', 'synth', '--no-typecheck', ...options);
  }

  /** `npx cdk8s`, without npx. */
  cdk8s(...parameters: readonly string[]): SpawnSyncReturns<string> {
    return this.run(this.path('node_modules', '.bin', 'cdk8s'), ...parameters);
  }

  private run(command: string, ...parameters: readonly string[]): SpawnSyncReturns<string> {
    return spawnSync(command, parameters, {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false', NO_COLOR: '1' },
      maxBuffer: 64 * 2 ** 20,
    });
  }
}
