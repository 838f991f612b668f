import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { run, say, seconds, times, verdict } from './measure';
import type { ScaleResult } from './scale-worker';

const root = resolve(__dirname, '..');
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const worker = join(root, 'node_modules/.cache/bench/scale-worker.js');

interface Round {
  readonly wall: number;
  readonly result: ScaleResult;
  /** All but the first writing: what a synth that changes nothing does. */
  readonly inside: number;
}

/** Many objects rendered, checked and compared with what is there, on a file system in memory. */
export function benchScale(): void {
  const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(memory, 'mlops-bench-'));
  try {
    // As bin/mlops.js runs the sources: with neither a compiler nor its memory in the process.
    buildSync({
      entryPoints: [join(__dirname, 'scale-worker.ts')],
      outfile: worker,
      bundle: true,
      packages: 'external',
      platform: 'node',
      target: 'node20',
    });
    const trees = { 300: 3, 1000: 10, 10000: 100 };
    const once = (count: number, components: number): Round => {
      const words = [process.execPath, worker, count, components, join(folder, `${count}`)];
      const { wall, stdout } = run({ words: words.map(String) as [string], folder: root });
      const result = JSON.parse(stdout) as ScaleResult;
      const { publish: _, ...steps } = result.milliseconds;
      return { wall, result, inside: Object.values(steps).reduce((sum, one) => sum + one, 0) };
    };
    say(`Scale, ${ROUNDS} rounds, on ${memory}; nothing changed since the first run, so that nothing is written`);
    for (const [count, components] of Object.entries(trees)) {
      const first = once(Number(count), components);
      const { objects, findings, milliseconds } = first.result;
      say(
        `  ${objects} objects in ${components} components, ${findings} findings; first publish ${seconds(milliseconds.publish)}`,
      );
    }
    const rounds = Array.from({ length: ROUNDS }, () => ({
      few: once(300, 3),
      thousand: once(1000, 10),
      many: once(10_000, 100),
      kustomizeFew: kustomize(join(folder, '300')),
      kustomizeThousand: kustomize(join(folder, '1000')),
    }));
    const many = times(rounds.map((round) => round.many.inside));
    const steps = Object.entries(rounds[0]?.many.result.milliseconds ?? {})
      .filter(([name]) => name !== 'publish')
      .map(([name, one]) => `${name} ${seconds(one)}`);
    const growth = times(rounds.map((round) => round.many.inside / round.thousand.inside));
    const megabytes = Math.max(...rounds.map((round) => round.many.result.megabytes));
    const factor = (value: number) => value.toFixed(1);
    say(`  10 000 objects: ${verdict(many.minimum, 3000, seconds)} at best, median ${seconds(many.median)}`);
    const processor = times(rounds.map((round) => round.many.result.processor));
    say(`    processor time ${seconds(processor.minimum)} at best, on all cores together`);
    say(`    in the first round: ${steps.join(', ')}`);
    say(`    memory ${verdict(megabytes, 250, (value) => `${Math.round(value)} MB`)}, at most`);
    say(
      `    times that of 1 000: ${verdict(growth.median, 12, factor)}, ${factor(growth.minimum)} to ${factor(growth.maximum)}`,
    );
    if (rounds.some(({ kustomizeFew }) => kustomizeFew === undefined)) {
      say('  kubectl is not on the PATH: not compared with kubectl kustomize');
      return;
    }
    const compare = (label: string, one: (round: (typeof rounds)[number]) => number) => {
      const { minimum, median, maximum } = times(rounds.map(one));
      const spread = `${minimum.toFixed(2)} to ${maximum.toFixed(2)}`;
      say(`  against kubectl kustomize, ${label}: ${verdict(median, 1, (value) => value.toFixed(2))}, ${spread}`);
    };
    compare(
      '1 000 objects, whole process',
      ({ thousand, kustomizeThousand = Number.NaN }) => thousand.wall / kustomizeThousand,
    );
    compare('300 objects, inside the process', ({ few, kustomizeFew = Number.NaN }) => few.inside / kustomizeFew);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Wall time of building the tree's files; undefined without kubectl. */
function kustomize(tree: string): number | undefined {
  if (spawnSync('kubectl', ['version', '--client']).status !== 0) return undefined;
  const files = readdirSync(tree, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  const target = `${tree}-kustomize`;
  rmSync(target, { recursive: true, force: true });
  spawnSync('cp', ['-r', tree, target]);
  writeFileSync(join(target, 'kustomization.yaml'), `resources:\n${files.map((file) => `- ${file}\n`).join('')}`);
  return run({ words: ['kubectl', 'kustomize', target], folder: target }).wall;
}
