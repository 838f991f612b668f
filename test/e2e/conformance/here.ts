import { join } from 'node:path';
import { fieldsOf } from '../../../src/argo-workflows/lint/fields';
import { processExecutor } from '../../../src/argo-workflows/run/process/process-executor';
import { RunError } from '../../../src/argo-workflows/run/result';
import { runWorkflow } from '../../../src/argo-workflows/run/run-workflow';
import { type SeenRun, seenHere } from './compare';

const tools = join(__dirname, 'image');

/** Runs a workflow with processes of this machine. */
export async function runHere(object: object, objects: readonly object[], folder: string): Promise<SeenRun> {
  const { name = '' } = fieldsOf(fieldsOf(object).metadata) as Record<string, string>;
  const executor = processExecutor({
    folder: join(folder, name),
    graceSeconds: 2,
    images: { conformance: { path: [tools] } },
  });
  try {
    return seenHere(await runWorkflow(object, { executor, objects }));
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return { phase: 'Refused', error: error.message, outputs: {}, nodes: [] };
  }
}
