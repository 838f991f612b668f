import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { placesIn } from '../../src/local/places';
import { asOnlyLoop, forgetRunning, readRunning, writeRunning } from '../../src/local/running';
import { portsFrom } from '../../src/local/servers';
import { makeProject, type Project } from '../support/project';

let project: Project;
beforeAll(() => {
  project = makeProject();
}, 60_000);
afterAll(() => project.remove());

describe('before there is a loop', () => {
  test('--local says what to do first, and --pull-request has nowhere to go', () => {
    const promote = ['promote', 'model', 'sentiment@v0.1.0', '--to', 'laptop', '--local'];
    expect(project.mlops(...promote)).toMatchObject({
      code: 1,
      stderr: `error: --local: there is no loop in ${join(project.folder, '.local')}; run "npm start" in another terminal first\n`,
    });
    expect(project.mlops(...promote, '--pull-request').stderr).toMatch(/^error: --pull-request: needs a server/);
  }, 60_000);

  test('start refuses a port that is none, and a data set that is not there, before it makes anything', () => {
    expect(project.mlops('start', '--port', '80x')).toMatchObject({
      code: 1,
      stderr: 'error: --port: is no port (got "80x"); write a number from 1 to 65533\n',
    });
    expect(project.mlops('start', '--dataset', 'absent.csv').stderr).toMatch(/^error: --dataset: is not there/);
    expect(existsSync(join(project.folder, '.local'))).toBe(false);
  }, 60_000);
});

describe('a loop that runs', () => {
  test('is the only one: another start is told where it is, and reset leaves it alone', async () => {
    const places = placesIn(project.folder);
    mkdirSync(places.folder);
    await asOnlyLoop(places, async () => {
      writeRunning(places, { process: 4711, ports: portsFrom(8080) });
      for (const command of ['start', 'reset']) {
        const { code, stderr } = project.mlops(command);
        expect([command, code, stderr]).toEqual([
          command,
          1,
          `error: ${places.folder}: npm start runs already as process 4711; its page is http://127.0.0.1:8080; use that one, or stop it with Ctrl-C first\n`,
        ]);
      }
      forgetRunning(places);
      expect(readRunning(places)).toBeUndefined();
    });
  }, 60_000);

  test('leaves what reset removes, at once and as often as one likes', () => {
    const { folder } = placesIn(project.folder);
    mkdirSync(join(folder, 'volumes'), { recursive: true });
    writeFileSync(join(folder, 'volumes', 'a'), '');
    expect(project.mlops('reset')).toMatchObject({ code: 0, stderr: `removed ${folder}\n` });
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(`${folder}.discarded`)).toBe(false);
    expect(project.mlops('reset')).toMatchObject({ code: 0, stderr: 'there is nothing to remove\n' });
  }, 60_000);
});
