import { textServing, textTraining } from '../../core/cluster/model-programs';
import { type Kind, kinds } from './kinds';

/** Longest line of the formatter. */
const LINE = 120;

/** `ticket-priority` as a name in TypeScript. */
export function identifier(name: string): string {
  return name.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase());
}

function programs(name: string, kind: Kind) {
  if (kind === 'text') return { training: textTraining, serving: textServing };
  const argv = ['python', '-m', name.replaceAll('-', '_')];
  return { training: { image: name, argv }, serving: { image: name, argv: [...argv, 'serve'] } };
}

/** The parameters of a model, as TypeScript. */
export function dataOf(name: string, kind: Kind): string {
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

/** A test of them, as TypeScript. */
export function testOf(name: string, kind: Kind): string {
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
