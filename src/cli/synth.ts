import { clusters } from '../clusters';
import { type Problem, throwIfAny } from '../core/problem';
import { dangerousDeletions, foreignFiles } from '../render/guard';
import { publish, withTree } from '../render/publish';
import { compareTrees, isUnchanged, readTree, type TreeChange } from '../render/tree';
import { paths, root } from './project';
import { type Rendering, render } from './render';
import { type ExitCode, say, sayProblems, sayWarnings } from './report';
import { summary } from './summary';
import { startTypeCheck, type TypeCheck } from './type-check';

export interface SynthOptions {
  /** Write nothing; fail when `dist/` is not what the sources say. */
  readonly check?: boolean;
  /** @default true */
  readonly typecheck?: boolean;
  /** Delete what holds data, or a large part of everything. */
  readonly allowDeletions?: boolean;
  /** Print the result as JSON to stdout. */
  readonly json?: boolean;
}

/** Renders every cluster into `dist/`: everything is checked first, and then all of it is published or nothing. */
export async function synth(options: SynthOptions): Promise<ExitCode> {
  const types = options.typecheck === false ? undefined : startTypeCheck(root);
  // A rejection is read when rendering is done; until then it must not count as unhandled.
  types?.catch(() => undefined);
  return withTree<ExitCode>(paths.dist, async () => {
    const rendering = await checked(types, () => render(clusters));
    const before = readTree(paths.dist);
    const change = compareTrees(before, rendering.files);
    if (options.check) return check(rendering, change, options);
    throwIfAny([
      ...foreignFiles(before, change),
      ...(options.allowDeletions ? [] : dangerousDeletions(before, change, rendering.folders)),
    ]);
    publish(paths.dist, rendering.files, change);
    report(rendering, change, options);
    return 0;
  });
}

function check(rendering: Rendering, change: TreeChange, options: SynthOptions): ExitCode {
  report(rendering, change, options);
  if (isUnchanged(change)) return 0;
  for (const [sign, list] of [
    ['+', change.added],
    ['~', change.changed],
    ['-', change.removed],
  ] as const) {
    for (const path of list) say(`${sign} dist/${path}`);
  }
  sayProblems('error', [
    { where: 'dist/', what: 'is not what the sources say', fix: 'run "npm run synth" and commit dist/' },
  ]);
  return 1;
}

/** Renders while types are checked, and lets both report their mistakes. */
async function checked(types: Promise<TypeCheck> | undefined, work: () => Rendering): Promise<Rendering> {
  let rendering: Rendering | undefined;
  let failure: unknown;
  try {
    rendering = work();
  } catch (error) {
    failure = error;
  }
  const result = await types;
  if (result && !result.ok) {
    say(result.output.trimEnd());
    const problem: Problem = { where: 'src/', what: 'does not type-check', fix: 'mend the errors above' };
    if (failure === undefined) throwIfAny([problem]);
    sayProblems('error', [problem]);
  }
  if (!rendering) throw failure;
  return rendering;
}

function report(rendering: Rendering, change: TreeChange, { json }: SynthOptions): void {
  sayWarnings(rendering.warnings);
  const rows = summary(rendering, change);
  if (json) process.stdout.write(`${JSON.stringify({ ...change, components: rows.components })}\n`);
  else say(rows.text);
}
