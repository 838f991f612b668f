import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Command, run, say, seconds, times, verdict } from './measure';

const root = resolve(__dirname, '..');
const ROUNDS = Number(process.env.ROUNDS ?? 5);

/** What somebody writes who follows the tutorial of cdk8s: the same constructs, its own App and its own output. */
const plainMain = `
import { App } from 'cdk8s';
import { loadSchemas } from './checks/schemas/load';
import { clusters } from './clusters';
import { loadClusters } from './core/cluster';
import { platform } from './platform';

const app = new App();
const { scopes } = loadSchemas('schemas');
for (const cluster of loadClusters(clusters)) platform(app, cluster, scopes);
app.synth();
`;

/**
 * The main job against plain \`npx cdk8s synth\` of the same constructs. All commands take turns, so that a busy machine
 * slows them alike, and every run writes all files.
 */
export function benchSynth(): void {
  const folder = project();
  try {
    const cdk8s = (main: string): Command => ({ words: ['npx', 'cdk8s', 'synth', '--app', main], folder });
    const commands = {
      plain: cdk8s('npx ts-node -P plain.json src/plain.ts'),
      transpileOnly: cdk8s('node -r ts-node/register/transpile-only src/plain.ts'),
      synth: { words: ['npm', 'run', '-s', 'synth'], folder },
      withoutTypes: { words: ['npm', 'run', '-s', 'synth', '--', '--no-typecheck'], folder },
      withoutNpm: { words: [process.execPath, 'bin/mlops.js', 'synth', '--no-typecheck'], folder },
    } as const satisfies Record<string, Command>;
    const names = Object.keys(commands) as (keyof typeof commands)[];
    const walls = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<string, number[]>;
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of names) {
        for (const output of ['dist', 'plain']) rmSync(join(folder, output), { recursive: true, force: true });
        if (name === 'synth' || name === 'withoutTypes') forgetLastRun();
        // What takes less than a second is disturbed most: the median of more runs counts.
        for (let again = 0; again < (name === 'withoutNpm' ? 5 : 1); again++)
          walls[name]?.push(run(commands[name]).wall);
      }
    }
    const of = (name: keyof typeof commands) => times(walls[name] ?? []);
    const ratios = (one: keyof typeof commands, other: keyof typeof commands) =>
      times((walls[one] ?? []).map((wall, round) => wall / (walls[other]?.[round] ?? Number.NaN)));
    const ratio = (value: number) => value.toFixed(2);
    const line = (label: string, name: keyof typeof commands, goal: number) => {
      const { minimum, median, maximum } = ratios(name, 'plain');
      const spread = `${ratio(minimum)} to ${ratio(maximum)}`;
      say(`  ${label}: ${verdict(median, goal, ratio)}, ${spread}; ${seconds(of(name).minimum)} at best`);
    };
    say(`Main job, ${ROUNDS} rounds; ratios to plain cdk8s are medians of rounds, each run as straight after "npm ci"`);
    say(`  plain npx cdk8s synth: median ${seconds(of('plain').median)}, first ${seconds(walls.plain?.[0] ?? 0)}`);
    line('npm run synth, with type check', 'synth', 0.3);
    line('npm run synth, without', 'withoutTypes', 0.2);
    const fair = ratios('withoutTypes', 'transpileOnly');
    say(`  against cdk8s with ts-node transpile-only: ${ratio(fair.median)} without type check`);
    const { minimum, median, maximum } = of('withoutNpm');
    const again = `${verdict(median, 600, seconds)}, ${seconds(minimum)} to ${seconds(maximum)}`;
    say(`  without npm and type check, when it ran before: median ${again}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Leaves of what commands keep for the next run what "npm ci" makes. */
function forgetLastRun(): void {
  const cache = join(root, 'node_modules/.cache/cdk8s-mlops');
  for (const name of readdirSync(cache)) if (name !== 'packages.js') rmSync(join(cache, name));
}

function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bench-'));
  for (const name of ['bin', 'imports', 'schemas', 'src', 'package.json', 'tsconfig.json', 'tsconfig.synth.json']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'src/plain.ts'), plainMain);
  // ts-node as it comes: with the type check of TypeScript, without swc.
  writeFileSync(join(folder, 'plain.json'), JSON.stringify({ extends: './tsconfig.json', 'ts-node': { swc: false } }));
  writeFileSync(join(folder, 'cdk8s.yaml'), 'language: typescript\napp: overridden\noutput: plain\n');
  return folder;
}
