import { apiServer } from '../checks/schemas/api-server';
import { generateSchemas } from '../checks/schemas/generate';
import { kindsWithSchema } from '../checks/schemas/kinds';
import { publish, withTree } from '../render/publish';
import { compareTrees, readTree } from '../render/tree';
import { paths } from './project';
import { type ExitCode, say } from './report';

export interface SchemasOptions {
  /** Context of the kubeconfig whose API server is asked. */
  readonly context: string;
}

/** `npm run schemas`: renews `schemas/`, against which every synth holds what it renders. */
export async function schemas({ context }: SchemasOptions): Promise<ExitCode> {
  const files = await generateSchemas(await apiServer(context), kindsWithSchema);
  const { added, changed, removed } = await withTree(paths.schemas, async () => {
    const change = compareTrees(readTree(paths.schemas), files);
    publish(paths.schemas, files, change);
    return change;
  });
  say(`schemas/: ${files.length} files, ${added.length} added, ${changed.length} changed, ${removed.length} removed`);
  return 0;
}
