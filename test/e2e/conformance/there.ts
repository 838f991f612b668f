import { fieldsOf, listOf, scalarText } from '../../../src/argo-workflows/lint/fields';
import { get, kubectl, type LiveObject, waitFor } from '../kubectl';
import { ProgramFailed } from '../run';
import type { SeenRun } from './compare';

/** Seconds without any change after which a run counts as one that never ends: no step of the corpus takes as long. */
const PATIENCE = 120;

/** Lets the workflow controller run a workflow, and reads what became of it. */
export async function runThere(object: object): Promise<SeenRun> {
  const { name = '', namespace = '' } = fieldsOf(fieldsOf(object).metadata) as Record<string, string>;
  try {
    await kubectl(['create', '--validate=false', '--filename', '-'], object);
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    return { phase: 'Refused', error: error.message, isNeverStarted: true, outputs: {}, nodes: [] };
  }
  try {
    return await watch(name, namespace);
  } finally {
    await kubectl(['delete', 'workflow', name, '--namespace', namespace, '--wait=false', '--ignore-not-found']);
  }
}

/** Follows a run to its end, or for as long as something happens in it. */
async function watch(name: string, namespace: string): Promise<SeenRun> {
  let last: LiveObject | undefined;
  for (;;) {
    const changed = await waitFor(`a change of ${name}`, PATIENCE, async () => {
      const [workflow] = await get('workflow', name, '--namespace', namespace);
      return workflow?.metadata.resourceVersion === last?.metadata.resourceVersion ? undefined : workflow;
    }).catch(() => undefined);
    if (changed === undefined) return seen(last?.status, true);
    if (['Succeeded', 'Failed', 'Error'].includes(changed.status?.phase)) return seen(changed.status, false);
    last = changed;
  }
}

function seen(status: unknown, isEndless: boolean): SeenRun {
  const { phase, message, nodes, outputs } = fieldsOf(status);
  const refused = Object.keys(fieldsOf(nodes)).length === 0 ? scalarText(message) : undefined;
  return {
    phase: isEndless ? 'never ends' : String(phase),
    ...(refused === undefined ? {} : { error: refused }),
    outputs: parameters(outputs),
    nodes: Object.values(fieldsOf(nodes)).map((value) => {
      const node = fieldsOf(value);
      const { result, exitCode } = fieldsOf(node.outputs);
      return {
        name: String(node.name),
        type: String(node.type),
        phase: String(node.phase),
        parameters: parameters(node.outputs),
        ...(result === undefined ? {} : { result: String(result) }),
        ...(exitCode === undefined ? {} : { exitCode: String(exitCode) }),
      };
    }),
  };
}

function parameters(outputs: unknown): Record<string, string> {
  const list = listOf(fieldsOf(outputs).parameters).map(fieldsOf);
  return Object.fromEntries(
    list.flatMap(({ name, value }) => (value === undefined ? [] : [[String(name), String(value)]])),
  );
}
