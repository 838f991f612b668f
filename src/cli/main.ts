import { Command, CommanderError } from 'commander';
import { runCommand } from './report';
import { type SchemasOptions, schemas } from './schemas';
import { type SynthOptions, synth } from './synth';

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
  .command('schemas')
  .description('renew schemas/ from an API server that serves every kind in src/checks/schemas/kinds.ts')
  .requiredOption('--context <name>', 'kubeconfig context of that API server')
  .action((options: SchemasOptions) => runCommand(() => schemas(options)));

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said what is wrong; asking for help is no mistake.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
});
