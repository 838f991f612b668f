import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../src/core/problem';
import { diskProblem, findPython, portProblems } from '../../src/local/requirements';
import { portsFrom } from '../../src/local/servers';
import { temporaryFolder } from '../support/temporary';

const folder = temporaryFolder();
let machines = 0;
/** Lets only these programs be found. */
function machineWith(programs: Readonly<Record<string, string>>): string {
  const bin = join(folder, `bin-${machines++}`);
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

const saying = (version: string) => `case "$2" in *version_info*) echo ${version};; esac`;
const withoutVenv = `case "$2" in *version_info*) echo 3 11;; *) echo "No module named 'ensurepip'" >&2; exit 1;; esac`;

async function answer(PATH: string, PYTHON?: string): Promise<string> {
  const found = await findPython({ PATH, PYTHON });
  return 'problem' in found ? formatProblem(found.problem) : found.value;
}

describe('Python', () => {
  test('is the first interpreter that is new enough', async () => {
    const bin = machineWith({ python3: saying('3 9'), 'python3.12': saying('3 12'), 'python3.11': saying('3 11') });
    expect(await answer(bin)).toBe('python3.12');
  });

  test('is the one that is named, or none', async () => {
    const bin = machineWith({ python3: saying('3 12'), old: saying('3 10') });
    expect(await answer(bin, 'old')).toMatch(
      /^PYTHON: cannot be used: old: is 3\.10 \(got "old"\); install Python 3\.11 or/,
    );
    expect(await answer(bin, 'absent')).toMatch(/^PYTHON: is not on the PATH \(got "absent"\); install/);
  });

  test('must be able to make environments, which Debian keeps apart', async () => {
    const bin = machineWith({ python3: withoutVenv });
    expect(await answer(bin)).toMatch(
      /^python3: cannot be used: python3: No module named 'ensurepip'; install .* venv/,
    );
  });

  test('is missed in one line', async () => {
    const bin = machineWith({});
    expect(await answer(bin)).toBe(
      'python3: is not on the PATH; install Python 3.11 or newer with its venv module, or name one in the environment variable PYTHON',
    );
  });
});

describe('the disk', () => {
  test('is asked for room, with what there is', () => {
    expect(diskProblem(folder, 1)).toBeUndefined();
    expect(formatProblem(diskProblem(folder, 1e18) ?? { where: '', what: '', fix: '' })).toMatch(
      /: 1000000000000 MB of free space are wanted \(got "\d+ MB"\); make room on that disk$/,
    );
  });
});

describe('ports', () => {
  test('that something listens on are named, each once', async () => {
    const server = createServer();
    const first = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    // Whatever else is in use: the port that is taken here is among them, and not once it is free.
    const named = async () => (await portProblems(portsFrom(first))).map(({ where }) => where);
    expect(await named()).toContain(`127.0.0.1:${first}`);
    await new Promise((resolve) => server.close(resolve));
    expect(await named()).not.toContain(`127.0.0.1:${first}`);
  });
});
