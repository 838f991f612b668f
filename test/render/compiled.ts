import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { transformSync } from '@swc/core';

const project = resolve(__dirname, '..', '..');

/**
 * Compiles sources into a folder, for tests that start many processes: loading a compiler would be most of their time.
 *
 * @param files paths in the project
 * @returns environment in which they find the project's dependencies
 */
export function compile(folder: string, files: readonly string[]): NodeJS.ProcessEnv {
  for (const file of files) {
    const { code } = transformSync(readFileSync(join(project, file), 'utf8'), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    });
    const target = join(folder, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  return { ...process.env, NODE_PATH: join(project, 'node_modules') };
}

/** What publishing consists of. */
export const publishing = ['publish', 'lock', 'tree', 'layout', 'model']
  .map((name) => `src/render/${name}.ts`)
  .concat('src/core/problem.ts', 'src/core/yaml.ts');
