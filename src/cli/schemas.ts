import { generateSchemas } from '../checks/schemas/generate';
import { kindsWithSchema } from '../checks/schemas/kinds';
import { InvalidInput } from '../core/problem';
import { publish, withTree } from '../render/publish';
import { compareTrees, readTree } from '../render/tree';
import { apiServer } from '../verify/api-server';
import { paths } from './project';
import { type ExitCode, say } from './report';

export interface SchemasOptions {
  /** Context of the kubeconfig whose API server is asked. */
  readonly context: string;
}

/** `npm run schemas`: renews `schemas/`, against which every synth holds what it renders. */
export async function schemas({ context }: SchemasOptions): Promise<ExitCode> {
  const server = await apiServer(context);
  const read = async (path: string) => {
    const { status, body } = await server.get(path);
    if (status === 200) return body;
    const fix = 'check the rights of the context with "kubectl auth can-i"';
    throw new InvalidInput([{ where: server.url + path, what: `the API server answered ${status}`, fix }]);
  };
  const files = await generateSchemas(read, kindsWithSchema);
  const { added, changed, removed } = await withTree(paths.schemas, async () => {
    const change = compareTrees(readTree(paths.schemas), files);
    publish(paths.schemas, files, change);
    return change;
  });
  say(`schemas/: ${files.length} files, ${added.length} added, ${changed.length} changed, ${removed.length} removed`);
  return 0;
}
