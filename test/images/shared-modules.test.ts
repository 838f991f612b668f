import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const docker = resolve(__dirname, '..', '..', 'docker');

/** A module of a Python program, without the program's own name and description. */
function moduleOf(program: string, source: string, module: string): string {
  return readFileSync(join(docker, program, 'src', source, `${module}.py`), 'utf8')
    .replace(/^ +description="[A-Z].*",\n/m, '')
    .replaceAll(source, 'PROGRAM');
}

// Each image is built from its own folder alone, so what both Python programs need stands in both: small, and the same.
test.each(['cli', 'errors', 'folders', 'logs'])('trainer and dvc have the same %s.py', (module) => {
  expect(moduleOf('trainer', 'trainer', module)).toBe(moduleOf('dvc', 'versioning', module));
});

test('modules that differ would be seen', () => {
  expect(moduleOf('trainer', 'trainer', 'commands')).not.toBe(moduleOf('dvc', 'versioning', 'commands'));
});
