import { Command, CommanderError } from 'commander';
import { isColorSupported } from 'picocolors';
import { formatReport, hasErrors, lintFolder } from '../argo-workflows/lint/command';

const EXIT_INVALID = 1;
const EXIT_USAGE = 2;
const EXIT_DEFECT = 70;

/** `npm run lint:workflows -- PATH`; returns the exit code. */
function main(args: readonly string[]): number {
  const program = new Command('lint:workflows')
    .description(
      'Finds mistakes in Argo workflows that argo lint, the API server or the run would find, and those that nothing finds.',
    )
    .argument('<path>', 'a file, or a folder with YAML or JSON files, which are checked together')
    .option('--strict', 'treat warnings as errors')
    .option('--json', 'write the report as JSON to stdout')
    .allowExcessArguments(false)
    .showHelpAfterError()
    .exitOverride();
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    throw error;
  }
  const [path = ''] = program.args;
  const { strict = false, json = false } = program.opts<{ strict?: boolean; json?: boolean }>();
  const report = lintFolder(path, { strict });
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else process.stderr.write(`${formatReport(report, isColorSupported && process.stderr.isTTY)}\n`);
  return hasErrors(report) ? EXIT_INVALID : 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(
    `error: lint:workflows: a defect of this program; please report it\n${String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exitCode = EXIT_DEFECT;
}
