import { existsSync } from 'node:fs';
import type { RunEvent } from '../argo-workflows/run/events';
import { logFile } from '../argo-workflows/run/process/process-executor';
import { RunError, type RunNode, type RunResult } from '../argo-workflows/run/result';
import { runWorkflow } from '../argo-workflows/run/run-workflow';
import { InvalidInput } from '../core/problem';
import { lastLine } from './child';
import { localRun, readPipelines } from './pipelines';
import type { Places } from './places';

/** A run of a pipeline that is to succeed. */
export interface PipelineRun {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Of the code that trains. */
  readonly revision: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * Runs a pipeline of this machine.
 *
 * @throws InvalidInput when there is none of this name, or the run fails
 */
export async function runPipeline(
  places: Places,
  { name, parameters, revision, ...run }: PipelineRun,
): Promise<RunResult> {
  const pipelines = await readPipelines(places);
  const template = pipelines.find(({ metadata }) => metadata.name === name);
  if (template === undefined) {
    const fix = 'bring it back in src/pipelines/, and commit it';
    throw new InvalidInput([{ where: name, what: 'is no pipeline that the checkout renders', fix }]);
  }
  const objects = pipelines.filter((one) => one !== template);
  const { folder, ...local } = localRun(places, name, revision);
  try {
    const result = await runWorkflow(template, { ...local, ...run, objects, arguments: parameters });
    run.signal.throwIfAborted();
    if (result.phase !== 'Succeeded') throw failure(name, result, folder);
    return result;
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    throw new InvalidInput([{ where: name, what: `cannot run: ${error.message}`, fix: `see ${folder}` }]);
  }
}

function failure(name: string, { nodes, message }: RunResult, folder: string): InvalidInput {
  const failed = nodes.filter((node: RunNode) => node.kind === 'Pod' && ['Failed', 'Error'].includes(node.phase));
  const steps = failed.map((node) => `${node.displayName}: ${said(folder, node) ?? node.message}`).join(', ');
  return new InvalidInput([
    { where: name, what: `failed: ${steps || message}`, fix: `see ${folder}/logs, and start again` },
  ]);
}

/** The last line of the step's program: a program tells its mistake last. */
function said(folder: string, { name }: RunNode): string | undefined {
  const log = logFile(folder, name);
  return existsSync(log) ? lastLine(log) : undefined;
}

/** Of reviews that are made up, the first version learns from so many: a second one that learns from all is better. */
const FIRST_REVIEWS = '800';

/**
 * Brings a first version into service: trains and versions it, asks a throw-away server with it, and promotes it. What a
 * run before has done already is found again.
 *
 * @param generated whether the reviews are made up
 */
export async function serveFirstVersion(
  generated: boolean,
  run: (name: string, parameters: Readonly<Record<string, string>>) => Promise<RunResult>,
): Promise<void> {
  const { version = '', existing = '' } = (
    await run('train-new-model-version', generated ? { subset: FIRST_REVIEWS } : {})
  ).root.outputs.parameters;
  const first = version || existing;
  await run('train-and-inference-testing', { mode: 'test', version: first });
  await run('promote-model-version', { version: first });
}
