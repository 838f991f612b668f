import { get, kubectl, type LiveObject, say, waitFor } from '../kubectl';

/** A run of a pipeline that has ended. */
export interface Ended {
  readonly name: string;
  readonly phase: string;
  readonly message: string;
  readonly seconds: number;
  /** Outputs of its entry point. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Nodes by the name of their template, as the controller left them. */
  readonly nodes: readonly {
    readonly displayName: string;
    readonly phase: string;
    readonly type: string;
    readonly hostNodeName?: string;
    readonly message?: string;
  }[];
}

/** Submits a run of the WorkflowTemplate that has the name of its namespace. @returns the name of the run */
export async function submit(pipeline: string, parameters: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await kubectl(['create', '--filename', '-', '--output', 'json'], {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { generateName: `${pipeline}-`, namespace: pipeline },
    spec: {
      workflowTemplateRef: { name: pipeline },
      arguments: { parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })) },
    },
  });
  const { name } = JSON.parse(stdout).metadata;
  say(`  ${name} submitted ${JSON.stringify(parameters)}`);
  return name;
}

/** Waits for the end of a run, and tells of each step that ends meanwhile. */
export async function waitForEnd(pipeline: string, name: string, seconds = 600): Promise<Ended> {
  const told = new Set<string>();
  const live = await waitFor(`${name} ends`, seconds, async () => {
    const [run] = await get('workflows.argoproj.io', name, '--namespace', pipeline);
    for (const node of nodesOf(run)) {
      if (node.type !== 'Pod' || !['Succeeded', 'Failed', 'Error'].includes(node.phase) || told.has(node.id)) continue;
      told.add(node.id);
      const took = (Date.parse(node.finishedAt) - Date.parse(node.startedAt)) / 1000;
      say(`    ${node.displayName}: ${node.phase} in ${took} s${node.message ? ` (${node.message})` : ''}`);
    }
    const { phase } = run?.status ?? {};
    if (['Succeeded', 'Failed', 'Error'].includes(phase)) return run;
    const waiting = nodesOf(run).filter((node) => ['Pending', 'Running'].includes(node.phase));
    throw new Error(
      waiting.map(({ displayName, phase, message }) => `${displayName} ${phase} ${message ?? ''}`).join('\n'),
    );
  });
  const { status } = live;
  const root = nodesOf(live).find(({ displayName }) => displayName === name);
  const took = (Date.parse(status.finishedAt) - Date.parse(status.startedAt)) / 1000;
  say(`  ${name}: ${status.phase} in ${took} s ${status.message ?? ''}`);
  return {
    name,
    phase: status.phase,
    message: status.message ?? '',
    seconds: took,
    outputs: Object.fromEntries(
      (root?.outputs?.parameters ?? []).map((one: { name: string; value: string }) => [one.name, one.value]),
    ),
    nodes: nodesOf(live),
  };
}

/** Runs a pipeline to its end. */
export async function runPipeline(pipeline: string, parameters?: Readonly<Record<string, string>>): Promise<Ended> {
  return waitForEnd(pipeline, await submit(pipeline, parameters));
}

// biome-ignore lint/suspicious/noExplicitAny: the status of a run has many shapes
function nodesOf(run: LiveObject | undefined): any[] {
  return Object.values(run?.status?.nodes ?? {});
}
