import { Command, CommanderError, Option } from 'commander';
import type { DiffOptions } from './diff';
import { runCommand } from './report';
import { type SynthOptions, synth } from './synth';

/** Reads a command's module when it is called: synth need not wait for the others to be transpiled. */
function load<Module>(path: string): Module {
  return require(path);
}

const program = new Command('mlops')
  .description('Renders a machine-learning platform from typed constructs, and works with what it rendered.')
  .exitOverride()
  .showHelpAfterError();

program
  .command('synth')
  .description('render every cluster into dist/')
  .option('--check', 'write nothing; exit 1 when dist/ is not what the sources say')
  .option('--no-typecheck', 'do not check types beside rendering')
  .option('--allow-deletions', 'delete what holds data, or a large part of everything')
  .option('--json', 'print the result as JSON')
  .action((options: SynthOptions) => runCommand(() => synth(options)));

program
  .command('diff')
  .description('show how what the sources render differs from dist/ at a Git ref, and what is dangerous about it')
  .option('--against <ref>', 'branch, tag or commit to compare with', 'HEAD')
  .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'markdown', 'json']).default('text'))
  .option('--json', 'the same as --format json')
  .action((options: DiffOptions) => runCommand(() => load<typeof import('./diff')>('./diff').diff(options)));

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said what is wrong; asking for help is no mistake.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
});
