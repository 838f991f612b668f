import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { textServing, textTraining } from '../core/cluster/model-programs';
import { dnsLabelProblem } from '../core/names';
import { type Problem, throwIfAny } from '../core/problem';
import { root } from './project';
import { type ExitCode, say } from './report';

export interface NewModelOptions {
  readonly kind: keyof typeof kinds;
}

const judged = {
  gate: { metric: 'accuracy', op: '>=', value: -0.005, compareWith: 'served' },
  inferenceTest: { accuracy: 0.8, latencyMilliseconds: 250 },
};

/** What a model does, and what is written of it; all but the first have a program, in a folder of `templates/`. */
const kinds = {
  /** Judges texts, with the platform's own programs. */
  text: { ...judged, variants: textTraining.variants, program: {}, inference: {} },
  /** Judges rows of a table. */
  tabular: {
    ...judged,
    // Some hundred rows tell an accuracy no closer: two models of the same worth would not pass.
    gate: { ...judged.gate, value: -0.02 },
    variants: { standard: { strength: 0.001 }, compact: { strength: 0.1 }, smooth: { strength: 0.01 } },
    program: {},
    inference: {},
  },
  /** Goes on with texts. */
  generation: {
    variants: {
      standard: { epochs: 1, 'learning-rate': 0.00005, 'piece-length': 128 },
      compact: { epochs: 1, 'learning-rate': 0.00005, 'piece-length': 32 },
      smooth: { epochs: 1, 'learning-rate': 0.00001, 'piece-length': 128 },
    },
    gate: { metric: 'perplexity', op: '<=', value: 0.5, compareWith: 'served' },
    // A right answer follows on its text; a processor writes some dozens of tokens in a second.
    inferenceTest: { accuracy: 1, latencyMilliseconds: 60_000 },
    program: { generation: { maximumLength: 300, temperature: 0.55, topP: 0.8, topK: 40, noRepeatNgramSize: 4 } },
    // PyTorch and a small GPT-2 have 0.4 GiB of their own, beside what they map from files; so many fit into a quota of 4.
    inference: { resources: 'medium', autoscale: { minReplicas: 2, maxReplicas: 3, cpuPercent: 70 } },
  },
};

/** Longest line of the formatter. */
const LINE = 120;

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

/** `ticket-priority` as a name in TypeScript. */
function identifier(name: string): string {
  return name.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase());
}

function programs(name: string, kind: NewModelOptions['kind']) {
  if (kind === 'text') return { training: textTraining, serving: textServing };
  const argv = ['python', '-m', name.replaceAll('-', '_')];
  return { training: { image: name, argv }, serving: { image: name, argv: [...argv, 'serve'] } };
}

function dataOf(name: string, kind: NewModelOptions['kind']): string {
  const { training, serving } = programs(name, kind);
  const { variants, gate, inferenceTest, program, inference } = kinds[kind];
  const pipelines = { training: { ...training, variants }, gate, inferenceTest };
  return `import type { ModelData } from '../core/cluster';

/** The model ${name}: how it is trained, what it must reach, and what serves it. */
export const ${identifier(name)}: ModelData = {
${member('pipelines', pipelines, '  ')}
${member('inference', { model: name, program: { ...serving, ...program }, ...inference }, '  ')}
};
`;
}

/** A member of an object as the formatter of this project writes it: on one line where there is room. */
function member(name: string, value: unknown, indent: string): string {
  const line = `${indent}${key(name)}: ${literal(value)},`;
  if (line.length <= LINE || typeof value !== 'object' || value === null) return line;
  const members = Object.entries(value).map(([inner, one]) => member(inner, one, `${indent}  `));
  return `${indent}${key(name)}: {\n${members.join('\n')}\n${indent}},`;
}

/** A value on one line. */
function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  const members = Object.entries(value).map(([name, one]) => `${key(name)}: ${literal(one)}`);
  return `{ ${members.join(', ')} }`;
}

/** With quotes only where there must be some. */
function key(name: string): string {
  return /^\w+$/.test(name) ? name : literal(name);
}

function testOf(name: string, kind: NewModelOptions['kind']): string {
  const { training } = programs(name, kind);
  const id = identifier(name);
  const images =
    kind !== 'text' ? `\n  images: { ...homelab.images, ${key(name)}: { repository: '${name}', tag: '0.1.0' } },` : '';
  return `import { describe, expect, test } from '@jest/globals';
import { runWorkflow } from '../../src/argo-workflows/run/run-workflow';
import { homelab } from '../../src/clusters/homelab';
import { ${id} } from '../../src/models/${name}';
import { templateOf } from '../pipelines/templates';

const changes = {
  pipelines: { ...homelab.pipelines, ...${id}.pipelines, approval: false },
  inference: { ...homelab.inference, ...${id}.inference },${images}
  // As if a version were served: its workload must fit into the cluster.
  models: { ${key(name)}: { version: 'v0.1.0', digest: \`sha256:\${'0'.repeat(64)}\` } },
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
  ])(
    'runs through %s',
    async (pipeline, given) => {
      const run = await runWorkflow(templateOf(pipeline, changes), { arguments: given });
      expect(run.phase).toBe('Succeeded');
    },
    60_000,
  );
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
