import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..', '..');

/** What a command printed, and how it ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of this project in a folder and Git repository of its own, with everything committed. */
export interface Project {
  readonly folder: string;
  /** Runs `mlops` there, without colours. */
  readonly mlops: (...args: readonly string[]) => Run;
  /** Runs the CLI of cdk8s there, as `npx cdk8s` does. */
  readonly cdk8s: (...args: readonly string[]) => Run;
  readonly git: (...args: readonly string[]) => Run;
  /** Brings back what was committed. */
  readonly reset: () => void;
  /** Replaces text in a file, which must have it. */
  readonly edit: (file: string, from: string | RegExp, to: string) => void;
  readonly read: (file: string) => string;
  /** Does something while the folder is no repository. */
  readonly outsideGit: (work: () => void) => void;
  readonly remove: () => void;
}

/** Makes a project whose dist/ is what its sources render. */
export function makeProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-'));
  for (const part of [
    'bin',
    'src',
    'imports',
    'schemas',
    'templates',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.synth.json',
    'cdk8s.yaml',
    '.gitignore',
  ]) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const run = (command: string, args: readonly string[]): Run => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 2 ** 20,
      // Settings of whoever runs the tests must not reach Git; TS_NODE_PROJECT would lead to the original.
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        NO_COLOR: '1',
        CDK8S_CHECK_UPGRADE: 'false',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CEILING_DIRECTORIES: tmpdir(),
        GIT_AUTHOR_NAME: 'A',
        GIT_AUTHOR_EMAIL: 'a@example.com',
        GIT_COMMITTER_NAME: 'A',
        GIT_COMMITTER_EMAIL: 'a@example.com',
      },
    });
    return { code: status, stdout, stderr };
  };
  const project: Project = {
    folder,
    mlops: (...args) => run(process.execPath, [join(folder, 'bin', 'mlops.js'), ...args]),
    cdk8s: (...args) => run(join(folder, 'node_modules', '.bin', 'cdk8s'), args),
    git: (...args) => run('git', args),
    reset: () => {
      run('git', ['checkout', '--', '.']);
      run('git', ['clean', '--force', '-d']);
    },
    edit: (file, from, to) => {
      const text = readFileSync(join(folder, file), 'utf8');
      if (typeof from === 'string' ? !text.includes(from) : !from.test(text))
        throw new Error(`${file} does not hold ${from}`);
      writeFileSync(
        join(folder, file),
        text.replace(from, () => to),
      );
    },
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    outsideGit: (work) => {
      renameSync(join(folder, '.git'), join(folder, '.aside'));
      try {
        work();
      } finally {
        renameSync(join(folder, '.aside'), join(folder, '.git'));
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  const { code, stderr } = project.mlops('synth', '--no-typecheck');
  if (code !== 0) throw new Error(`the copied project does not render:\n${stderr}`);
  project.git('init', '--initial-branch', 'main');
  project.git('add', '--all');
  project.git('commit', '--message', 'Begin');
  return project;
}
