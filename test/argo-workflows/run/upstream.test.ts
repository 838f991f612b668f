import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readYamlFile } from '../../../src/argo-workflows/lint/documents';
import { runWorkflow } from '../../../src/argo-workflows/run/run-workflow';

const SOURCE = process.env.ARGO_WORKFLOWS_SOURCE;

if (SOURCE === undefined) {
  console.warn('skipped: set ARGO_WORKFLOWS_SOURCE to a checkout of argoproj/argo-workflows to run its examples');
}

/** What the consumer of each example prints, as the comment in the example says. */
const EXPECTED = [
  ['consumer-input-default', 'fallback-from-input'],
  ['expression-fallback', 'expr-fallback'],
  ['producer-output-default', 'hello-from-producer'],
] as const;

(SOURCE === undefined ? describe.skip : describe)("Argo's examples of skipped outputs", () => {
  test.each(EXPECTED)('%s gives %s', async (name, text) => {
    const documents = readYamlFile(join(SOURCE ?? '', 'examples/skipped-output-defaults', `${name}.yaml`));
    if (!Array.isArray(documents)) throw new Error('unreadable');
    const result = await runWorkflow(documents[0]?.object ?? {});
    const values = result.nodes.flatMap((node) => [
      ...Object.values(node.inputs),
      ...Object.values(node.outputs.parameters),
    ]);
    expect(result.phase).toBe('Succeeded');
    expect(values).toContain(text);
  });
});
