import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { textServing, textTraining } from '../core/cluster/model-programs';
import { dnsLabelProblem } from '../core/names';
import { type Problem, throwIfAny } from '../core/problem';
import { root } from './project';
import { type ExitCode, say } from './report';

export interface NewModelOptions {
  /** What it judges: texts with the platform's own programs, or rows of a table with a program of its own. */
  readonly kind: 'text' | 'tabular';
}

/** What the template's own names are, as a model, as a Python package and in its path. */
const TEMPLATE = join(root, 'templates', 'tabular');
const [TEMPLATE_NAME, TEMPLATE_PACKAGE] = ['new-model', 'newmodel'];

/**
 * Writes what a new model takes: its parameters and a test of them, and for a table a program that trains and serves it.
 *
 * @throws InvalidInput when the name cannot be one, or something has it already
 */
export async function newModel(name: string, { kind }: NewModelOptions): Promise<ExitCode> {
  const program = join(root, 'docker', name);
  const data = join(root, 'src', 'models', `${name}.ts`);
  const test = join(root, 'test', 'models', `${name}.test.ts`);
  const made = kind === 'tabular' ? [data, test, program] : [data, test];
  throwIfAny([...nameProblems(name), ...made.filter(existsSync).map(taken)]);

  if (kind === 'tabular') copyTemplate(name, program);
  write(data, dataOf(name, kind));
  write(test, testOf(name, kind));
  for (const path of made) say(`wrote ${relative(root, path)}`);
  say(`\nLet a cluster have it, in src/clusters/CLUSTER.ts:\n${usage(name)}`);
  if (kind === 'tabular') {
    say(
      `\nand in its lock file, src/clusters/CLUSTER.images.json:\n  "${name}": { "repository": "${name}", "tag": "0.1.0" }`,
    );
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
function copyTemplate(name: string, target: string): void {
  const aside = `${target}.next`;
  rmSync(aside, { recursive: true, force: true });
  cpSync(TEMPLATE, aside, { recursive: true, filter: (path) => !/[/\\](\.venv|__pycache__)$/.test(path) });
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

/** `ticket-priority` as a name in TypeScript. */
function identifier(name: string): string {
  return name.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase());
}

function programs(name: string, kind: NewModelOptions['kind']) {
  if (kind === 'text') return { training: textTraining, serving: textServing };
  const argv = ['python', '-m', name.replaceAll('-', '_')];
  const variants = { standard: { strength: 0.001 }, compact: { strength: 0.1 }, smooth: { strength: 0.01 } };
  return { training: { image: name, argv, variants }, serving: { image: name, argv: [...argv, 'serve'] } };
}

function dataOf(name: string, kind: NewModelOptions['kind']): string {
  const { training, serving } = programs(name, kind);
  const variants = Object.entries(training.variants).map(
    ([variant, settings]) => `        ${variant}: ${literal(settings)},`,
  );
  return `import type { ModelData } from '../core/cluster';

/** The model ${name}: how it is trained, what it must reach, and what serves it. */
export const ${identifier(name)}: ModelData = {
  pipelines: {
    training: {
      image: '${training.image}',
      argv: ${literal(training.argv)},
      variants: {
${variants.join('\n')}
      },
    },
    gate: { metric: 'accuracy', op: '>=', value: -0.005, compareWith: 'served' },
    inferenceTest: { accuracy: 0.8, latencyMilliseconds: 250 },
  },
  inference: { model: '${name}', program: { image: '${serving.image}', argv: ${literal(serving.argv)} } },
};
`;
}

/** A value as the formatter of this project writes it. */
function literal(value: readonly string[] | Readonly<Record<string, number>>): string {
  if (Array.isArray(value)) return `[${value.map((word) => `'${word}'`).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, number]) => `${key}: ${number}`)
    .join(', ')} }`;
}

function testOf(name: string, kind: NewModelOptions['kind']): string {
  const { training } = programs(name, kind);
  const id = identifier(name);
  const images =
    kind === 'tabular' ? `\n  images: { ...homelab.images, '${name}': { repository: '${name}', tag: '0.1.0' } },` : '';
  return `import { describe, expect, test } from '@jest/globals';
import { runWorkflow } from '../../src/argo-workflows/run/run-workflow';
import { homelab } from '../../src/clusters/homelab';
import { ${id} } from '../../src/models/${name}';
import { templateOf } from '../pipelines/templates';

const changes = {
  pipelines: { ...homelab.pipelines, ...${id}.pipelines, approval: false },
  inference: { ...homelab.inference, ...${id}.inference },${images}
};

describe('${name}', () => {
  test('is trained by its own program, in every variant', async () => {
    const called: string[] = [];
    const train = ({ template }: { readonly template: Readonly<Record<string, unknown>> }) => {
      called.push(JSON.stringify(template.container));
      return {};
    };
    const run = await runWorkflow(templateOf('train-new-model-version', changes), {
      arguments: { variant: 'all' },
      mocks: { train, resolve: { parameters: { found: 'false' } } },
    });
    expect(run.phase).toBe('Succeeded');
    expect(called).toHaveLength(3);
    expect(called.filter((text) => text.includes('/${training.image}:') && text.includes('"${name}"'))).toHaveLength(3);
  }, 60_000);

  test.each([
    ['train-and-inference-testing', { mode: 'train-and-test' }],
    ['promote-model-version', { version: 'v0.1.0' }],
  ])('runs through %s', async (pipeline, given) => {
    const run = await runWorkflow(templateOf(pipeline, changes), { arguments: given });
    expect(run.phase).toBe('Succeeded');
  }, 60_000);
});
`;
}

function usage(name: string): string {
  const id = identifier(name);
  return [
    `  import { ${id} } from '../models/${name}';`,
    `  pipelines: { ...homelab.pipelines, ...${id}.pipelines },`,
    `  inference: { ...homelab.inference, ...${id}.inference },`,
  ].join('\n');
}
