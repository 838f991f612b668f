import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '..', '..');

const environment = {
  ...process.env,
  GIT_AUTHOR_NAME: 'test',
  GIT_AUTHOR_EMAIL: 'test@example.org',
  GIT_COMMITTER_NAME: 'test',
  GIT_COMMITTER_EMAIL: 'test@example.org',
  NO_COLOR: '1',
};

/** What a program answered. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Git in a folder; throws with what it said. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A folder of a test; removed by the returned function. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'mlops-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * A Git repository that holds the files of this project as they are now, committed or not, with the dependencies that
 * are installed here.
 *
 * @param replace texts to replace in the clusters' data, such as URLs of repositories
 */
export function copyProject(target: string, replace: Readonly<Record<string, string>> = {}): void {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((path) => /^(src|bin|imports|schemas|dist)\/|^[^/]+$/.test(path))) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(root, file), join(target, file), { dereference: false });
  }
  for (const cluster of ['homelab', 'laptop']) {
    const path = join(target, 'src', 'clusters', `${cluster}.ts`);
    const text = Object.entries(replace).reduce(
      (all, [from, to]) => all.replaceAll(from, to),
      readFileSync(path, 'utf8'),
    );
    writeFileSync(path, text);
  }
  symlinkSync(join(root, 'node_modules'), join(target, 'node_modules'));
  git(target, 'init', '--quiet', '--initial-branch=main');
  git(target, 'add', '--all');
  git(target, 'commit', '--quiet', '--message', 'Begin');
}

/** Runs the CLI of a project folder. */
export function mlops(folder: string, ...args: string[]): Answer {
  try {
    const stdout = execFileSync(process.execPath, [join(folder, 'bin', 'mlops.js'), ...args], {
      cwd: folder,
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { code: 0, stdout, stderr: '' };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, stdout, stderr };
  }
}
