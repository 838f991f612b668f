import { resolve } from 'node:path';
import { Command } from 'commander';
import { apiServer } from '../checks/schemas/api-server';
import { generateSchemas } from '../checks/schemas/generate';
import { kindsWithSchema } from '../checks/schemas/kinds';
import { formatProblem, InvalidInput } from '../core/problem';
import { publish } from '../render/publish';
import { compareTrees, readTree } from '../render/tree';

/** `mlops schemas`: renews `schemas/`, against which every synth checks what it renders. */
export function schemasCommand(): Command {
  return new Command('schemas')
    .description('renew schemas/ from an API server that serves all kinds of src/checks/schemas/kinds.ts')
    .requiredOption('--context <name>', 'kubeconfig context of that API server')
    .action(async ({ context }: { context: string }) => {
      const folder = resolve('schemas');
      const files = await generateSchemas(await apiServer(context), kindsWithSchema);
      const change = compareTrees(readTree(folder), files);
      publish(folder, files, change);
      const { added, changed, removed } = change;
      process.stderr.write(
        `schemas: ${files.length} files, ${added.length} added, ${changed.length} changed, ${removed.length} removed\n`,
      );
    });
}

if (require.main === module) {
  schemasCommand()
    .parseAsync()
    .catch((error: unknown) => {
      if (!(error instanceof InvalidInput)) throw error;
      for (const problem of error.problems) process.stderr.write(`error: ${formatProblem(problem)}\n`);
      process.exitCode = 1;
    });
}
