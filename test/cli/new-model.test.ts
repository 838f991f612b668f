import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeProject, type Project } from '../support/project';

let project: Project;
beforeAll(() => {
  project = makeProject();
}, 120_000);
afterAll(() => project.remove());

/** Every file below a folder of the project. */
function filesOf(folder: string): string[] {
  const entries = readdirSync(join(project.folder, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(project.folder.length + 1));
}

describe('new-model', () => {
  test("writes parameters and a test for texts, which the platform's own programs judge", () => {
    const { code, stderr } = project.mlops('new-model', 'film-reviews');
    expect([code, stderr]).toEqual([0, expect.stringContaining('...filmReviews.pipelines')]);
    expect(project.read('src/models/film-reviews.ts')).toContain("image: 'trainer'");
    expect(project.read('test/models/film-reviews.test.ts')).toContain("describe('film-reviews'");
    expect(existsSync(join(project.folder, 'docker', 'film-reviews'))).toBe(false);
  }, 120_000);

  test('writes a program of its own for a table, which holds nothing of the names of the template', () => {
    expect(project.mlops('new-model', 'box-fit', '--kind', 'tabular')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('"box-fit": { "repository": "box-fit", "tag": "0.1.0" }'),
    });
    const names = filesOf('docker/box-fit');
    expect(names).toEqual(expect.arrayContaining(['docker/box-fit/src/box_fit/model.py', 'docker/box-fit/Dockerfile']));
    const texts = names.map((name) => `${name}\n${project.read(name)}`);
    expect(texts.filter((text) => /new-?model/.test(text))).toEqual([]);
  }, 120_000);

  test('writes a program that goes on with texts, with its settings', () => {
    expect(project.mlops('new-model', 'novella', '--kind', 'generation')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('docker/novella/base-model'),
    });
    expect(project.read('src/models/novella.ts')).toContain(
      'generation: { maximumLength: 300, temperature: 0.55, topP: 0.8, topK: 40, noRepeatNgramSize: 4 },',
    );
    const names = filesOf('docker/novella');
    expect(names).toEqual(
      expect.arrayContaining([
        'docker/novella/src/novella/network.py',
        'docker/novella/src/novella/server.py',
        'docker/novella/.gitignore',
      ]),
    );
    const texts = names.map((name) => `${name}\n${project.read(name)}`);
    expect(texts.filter((text) => /new-?model/.test(text))).toEqual([]);
    // Of a mirror, nobody else can install; whatever is not pinned by its hash may be another package tomorrow.
    const lock = project.read('docker/novella/requirements.lock');
    expect(lock).not.toMatch(/:\/\//);
    expect(lock).toMatch(/^torch==\d+\.\d+\.\d+ \\\n {4}--hash=sha256:/m);
  }, 120_000);

  test('writes files as this project formats its own', () => {
    cpSync(resolve('biome.json'), join(project.folder, 'biome.json'));
    const { status, stderr } = spawnSync('node_modules/.bin/biome', ['check', 'src/models', 'test/models'], {
      cwd: project.folder,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  }, 120_000);

  test('replaces nothing, and says all that is in its way', () => {
    const { code, stderr } = project.mlops('new-model', 'box-fit', '--kind', 'tabular');
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^error: src\/models\/box-fit\.ts: is there already; choose another name/),
      expect.stringMatching(/^error: test\/models\/box-fit\.test\.ts: is there already/),
      expect.stringMatching(/^error: docker\/box-fit: is there already/),
    ]);
  }, 120_000);

  test.each(['9lives', 'Box', 'a_b'])(
    'refuses the name %s',
    (name) => {
      expect(project.mlops('new-model', name)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^error: NAME: /),
      });
    },
    120_000,
  );
});
