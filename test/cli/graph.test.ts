import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeProject, type Project } from '../support/project';

describe('mlops graph', () => {
  let project: Project;
  const PAGE = 'docs/platform.md';
  beforeAll(() => {
    project = makeProject();
  }, 60_000);
  afterAll(() => project.remove());

  test('makes the page, and finds it current from then on', () => {
    expect(project.mlops('graph')).toMatchObject({ code: 0, stderr: `${PAGE}: written\n` });
    const page = project.read(PAGE);
    for (const cluster of ['homelab', 'laptop']) expect(page).toContain(`\n## ${cluster}\n`);
    expect(page).toContain('| nodes (192.168.10.0/24) | registry | 5000 |');
    expect(project.mlops('graph', '--check')).toMatchObject({ code: 0 });
    expect(project.mlops('graph')).toMatchObject({ code: 0, stderr: `${PAGE}: nothing changed\n` });
  });

  test('keeps what stands around the pictures', () => {
    project.edit(PAGE, '# The platform in pictures', '# Ours\n\nA sentence.');
    project.edit(PAGE, '## laptop', '## old name');
    const { code, stderr } = project.mlops('graph', '--check');
    expect(code).toBe(1);
    expect(stderr).toContain(`error: ${PAGE}: does not show what the sources say; run "npm run graph" and commit it`);
    expect(project.read(PAGE)).toContain('## old name');
    project.mlops('graph');
    expect(project.read(PAGE)).toContain('# Ours\n\nA sentence.');
    expect(project.read(PAGE)).toContain('## laptop');
  });

  test('refuses a page that has lost its marks, and leaves it as it is', () => {
    writeFileSync(join(project.folder, PAGE), 'mine\n');
    const { code, stderr } = project.mlops('graph');
    expect(code).toBe(1);
    expect(stderr).toContain(`error: ${PAGE}: does not have one begin mark`);
    expect(project.read(PAGE)).toBe('mine\n');
    rmSync(join(project.folder, PAGE));
  });

  test('wrong usage', () => {
    expect(project.mlops('graph', 'surplus')).toMatchObject({ code: 2, stdout: '' });
  });
});
