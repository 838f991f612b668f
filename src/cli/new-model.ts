import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { dnsLabelProblem } from '../core/names';
import { type Problem, throwIfAny } from '../core/problem';
import type { Kind } from './new-model/kinds';
import { dataOf, identifier, testOf } from './new-model/source';
import { root } from './project';
import { type ExitCode, say } from './report';

export interface NewModelOptions {
  readonly kind: Kind;
}

const TEMPLATES = join(root, 'templates');
/** What every template begins with. */
const COMMON = 'common';
/** What the templates' own names are, as a model and as a Python package. */
const [TEMPLATE_NAME, TEMPLATE_PACKAGE] = ['new-model', 'newmodel'];

/**
 * Writes what a new model takes: its parameters and a test of them, and for all but texts that are judged a program that
 * trains and serves it.
 *
 * @throws InvalidInput when the name cannot be one, or something has it already
 */
export async function newModel(name: string, { kind }: NewModelOptions): Promise<ExitCode> {
  const program = join(root, 'docker', name);
  const data = join(root, 'src', 'models', `${name}.ts`);
  const test = join(root, 'test', 'models', `${name}.test.ts`);
  const own = kind !== 'text';
  const made = own ? [data, test, program] : [data, test];
  throwIfAny([...nameProblems(name), ...made.filter(existsSync).map(taken)]);

  if (own) copyTemplate(kind, name, program);
  write(data, dataOf(name, kind));
  write(test, testOf(name, kind));
  for (const path of made) say(`wrote ${relative(root, path)}`);
  say(`\nLet a cluster have it, in src/clusters/CLUSTER.ts:\n${usage(name)}`);
  if (own) {
    say(
      `\nand in its lock file, src/clusters/CLUSTER.images.json:\n  "${name}": { "repository": "${name}", "tag": "0.1.0" }`,
    );
  }
  if (kind === 'generation') {
    say(`\nand put the model that it begins with into docker/${name}/base-model; see docker/${name}/README.md.`);
  }
  say('\nThen "npm run synth", commit, and "npm start" when the cluster is laptop.');
  return 0;
}

function nameProblems(name: string): Problem[] {
  const what = dnsLabelProblem(name) ?? (/^[a-z]/.test(name) ? undefined : 'does not begin with a letter');
  if (what === undefined) return [];
  return [{ where: 'NAME', what, got: name, fix: 'write a name such as ticket-priority' }];
}

function taken(path: string): Problem {
  return { where: relative(root, path), what: 'is there already', fix: 'choose another name, or remove it first' };
}

/** Aside first: a folder that has its name is whole. */
function copyTemplate(kind: string, name: string, target: string): void {
  const aside = `${target}.next`;
  rmSync(aside, { recursive: true, force: true });
  for (const part of [COMMON, kind]) {
    cpSync(join(TEMPLATES, part), aside, {
      recursive: true,
      filter: (path) => !/[/\\](\.venv|__pycache__)$/.test(path),
    });
  }
  const packageName = name.replaceAll('-', '_');
  const renamed = (text: string) => text.replaceAll(TEMPLATE_PACKAGE, packageName).replaceAll(TEMPLATE_NAME, name);
  for (const entry of readdirSync(aside, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) writeFileSync(path, renamed(readFileSync(path, 'utf8')));
  }
  renameSync(join(aside, 'src', TEMPLATE_PACKAGE), join(aside, 'src', packageName));
  renameSync(join(aside, 'tests', `test_${TEMPLATE_PACKAGE}.py`), join(aside, 'tests', `test_${packageName}.py`));
  renameSync(aside, target);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function usage(name: string): string {
  const id = identifier(name);
  return [
    `  import { ${id} } from '../models/${name}';`,
    `  pipelines: { ...homelab.pipelines, ...${id}.pipelines },`,
    `  inference: { ...homelab.inference, ...${id}.inference },`,
  ].join('\n');
}
