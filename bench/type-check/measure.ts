/**
 * What type-checking workflows costs: generates DAGs of tasks that use each other's values, and measures the compiler
 * that this repository pins. Memory is what the compiler holds when it is done, after a collection of garbage.
 *
 * usage: npx ts-node bench/type-check/measure.ts [DAGS [TASKS]]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** Other work on the machine stretches the time that passes, less so that of the processor, all threads together. */
const CPU_TIME = `data:text/javascript,${encodeURIComponent(`
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  console.log('CPU time: ' + ((user + system) / 1e6).toFixed(2) + 's');
});`)}`;

/** A DAG in which every task is of a kind that pipelines have: plain, conditional, repeated, reacting. */
function dagSource(index: number, tasks: number): string {
  const lines = Array.from({ length: tasks }, (_, task) => {
    const before = `t${task - 1}`;
    if (task === 0) return `const t0 = d.task('t0', train, { data: d.inputs.data });`;
    switch (task % 5) {
      case 1:
        return `const t${task} = d.task('t${task}', train, { data: d.inputs.data, epochs: ${before}.outputs.epochs });`;
      case 2:
        return `const t${task} = d.taskWhen('t${task}', ${before}.outputs.accuracy.gte(0.5), train, { data: ${before}.outputs.model });`;
      case 3:
        return `const t${task} = d.task('t${task}', train, { data: d.inputs.data, name: ${before}.outputs.version.or('none') });`;
      case 4:
        return `const t${task} = d.eachOf('t${task}', ${before}.outputs.shards, train, (item) => ({ data: d.inputs.data, name: item.get('id') }));`;
      default:
        return `const t${task} = d.task('t${task}', train, { data: d.inputs.data, accuracies: ${before}.outputs.accuracy.or([]) });`;
    }
  });
  return `
export const dag${index} = dag('dag${index}', { inputs: { data: input.artifact(), mode: input.oneOf(['a', 'b']) } }, (d) => {
  ${lines.join('\n  ')}
  return { version: t0.outputs.version };
});`;
}

const LANGUAGE = join(ROOT, 'src/argo-workflows/language');
const DAG_HEADER = `import { dag, input } from '${LANGUAGE}';\nimport { train } from './train';\n`;

const TEMPLATE = `
import { z } from '${join(ROOT, 'node_modules/zod')}';
import { container, input, output } from '${LANGUAGE}';

export const train = container('train', {
  inputs: {
    data: input.artifact('/inputs/data'),
    name: input.string({ default: '' }),
    epochs: input.int({ default: 3 }),
    accuracies: input.json(z.array(z.number()), { default: [] }),
  },
  outputs: {
    version: output.path('/outputs/version'),
    epochs: output.int('/outputs/epochs'),
    accuracy: output.number('/outputs/accuracy'),
    shards: output.json('/outputs/shards', z.array(z.object({ id: z.string(), size: z.number() }))),
    model: output.artifact('/outputs/model'),
  },
  image: 'registry.example/train:1.0.0',
  command: ['train'],
  resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
});
`;

function measure(dags: number, tasks: number): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'type-check-'));
  try {
    for (let index = 0; index < dags; index++) {
      writeFileSync(join(folder, `dag${index}.ts`), DAG_HEADER + dagSource(index, tasks));
    }
    writeFileSync(join(folder, 'train.ts'), TEMPLATE);
    const typeRoots = [join(ROOT, 'node_modules/@types')];
    const compilerOptions = { typeRoots, rootDir: '/', noUnusedLocals: false, noUnusedParameters: false };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: ['*.ts'] }),
    );
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const args = ['--expose-gc', '--import', CPU_TIME, tsc, '-p', folder, '--extendedDiagnostics'];
    const { status, stdout } = spawnSync('node', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stdout.slice(0, 2000));
    const rows = [...stdout.matchAll(/^(Types|Instantiations|Memory used|Check time|Total time|CPU time):\s+(\S+)$/gm)];
    return Object.fromEntries(rows.map(([, name, value]) => [name, value]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [dags = 40, tasks = 100] = process.argv.slice(2).map(Number);
const sizes = [0.25, 0.5, 1].map((share) => Math.round(tasks * share));
console.table(Object.fromEntries(sizes.map((size) => [`${dags} DAGs of ${size} tasks`, measure(dags, size)])));
