import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/temporary';

const root = resolve(__dirname, '..', '..');
const folder = temporaryFolder();
const digest = `sha256:${'a'.repeat(64)}`;

/** A builder that prints its arguments, one a line, and writes what Docker's writes. */
function builder(name: string, metadata: string, code = 0): string {
  const path = join(folder, name);
  const script = [
    '#!/bin/sh',
    'printf "%s\\n" "$@"',
    'while [ $# -gt 0 ]; do',
    `  if [ "$1" = --metadata-file ]; then printf '%s\\n' '${metadata}' > "$2"; fi`,
    '  shift',
    'done',
    `exit ${code}`,
  ];
  writeFileSync(path, script.join('\n'), { mode: 0o755 });
  return path;
}

function run(script: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = spawnSync(join(root, script), args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env },
  });
  return { status, stdout, stderr };
}

describe('docker/build', () => {
  const echo = (code = 0) => `${builder(`echo-${code}`, '', code)} {image} {dockerfile} {context} {version}`;

  test('builds every image, each from its own folder, and the deployer from the repository', () => {
    const { status, stdout } = run('docker/build', [], { BUILD_COMMAND: echo() });
    expect(status).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines.filter((line) => line.startsWith('localhost/'))).toEqual(
      ['trainer', 'dvc', 'inference', 'ui', 'deployer'].map((name) => `localhost/${name}:e2e`),
    );
    expect(lines.slice(0, 3)).toEqual(['localhost/trainer:e2e', 'docker/trainer/Dockerfile', 'docker/trainer']);
    expect(lines.slice(16, 19)).toEqual(['localhost/deployer:e2e', 'docker/deployer/Dockerfile', '.']);
  });

  test('names images as told', () => {
    const { stdout } = run('docker/build', ['ui'], { BUILD_COMMAND: echo(), IMAGE_NAME: 'example.org/x/{name}:1' });
    expect(stdout.split('\n')[0]).toBe('example.org/x/ui:1');
  });

  test('stops at the first image that is not built', () => {
    const { status, stdout, stderr } = run('docker/build', [], { BUILD_COMMAND: echo(3) });
    expect(status).toBe(1);
    expect(stdout).not.toContain('localhost/dvc:e2e');
    expect(stderr).toContain('the image trainer was not built (exit code 3)');
  });

  test('refuses an image that is not there, before it builds any', () => {
    const { status, stdout } = run('docker/build', ['ui', 'nope'], { BUILD_COMMAND: echo() });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('.ci/push-image', () => {
  const push = (metadata: string) =>
    run('.ci/push-image', ['ui'], { BUILDER: builder('pushes', metadata), IMAGE_REGISTRY: 'ghcr.io/you/mlops' });

  test('pushes for both platforms and prints the digest alone', () => {
    const { status, stdout, stderr } = push(`{\n  "containerimage.digest": "${digest}"\n}`);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `digest=${digest}\n` });
    expect(stderr).toContain('linux/amd64,linux/arm64\n--push');
    expect(stderr).toMatch(/^ghcr\.io\/you\/mlops\/ui:\d+\.\d+\.\d+$/m);
  });

  test('fails when the builder does not say what it pushed', () => {
    const { status, stdout, stderr } = push('{}');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('did not say what it pushed (got {})');
  });
});
