import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isColorSupported } from 'picocolors';
import { documentOf } from '../argo-workflows/lint/documents';
import { fieldsOf, scalarText, textOf } from '../argo-workflows/lint/fields';
import { readWorkflow } from '../argo-workflows/lint/model';
import { dockerExecutor } from '../argo-workflows/run/docker/docker-executor';
import type { Executor } from '../argo-workflows/run/executor';
import { mockExecutor } from '../argo-workflows/run/mocks';
import { processExecutor } from '../argo-workflows/run/process/process-executor';
import { jsonReport } from '../argo-workflows/run/report/json';
import { junitReport } from '../argo-workflows/run/report/junit';
import { isFailed, RunError, type RunResult } from '../argo-workflows/run/result';
import { runWorkflow } from '../argo-workflows/run/run-workflow';
import { clusters } from '../clusters';
import { InvalidInput, type Problem, throwIfAny } from '../core/problem';
import { openLoop } from './loop';
import { paths, root } from './project';
import { type ExitCode, say } from './report';
import { askAtTerminal } from './workflow/ask';
import { liveView } from './workflow/live-view';
import { readWorkflowObjects, type WorkflowObjects } from './workflow/objects';
import { readAnswers, readFailures, readPairs, type WorkflowOptions } from './workflow/options';
import { readLog, summaryLines } from './workflow/summary';
import { plainView } from './workflow/view';

/** How a run is called, what runs its programs, and where it leaves its files. */
interface Place {
  readonly name: string;
  readonly uid: string;
  readonly executor: Executor;
  /** Undefined when nothing is left. */
  readonly folder?: string;
}

/** Runs a synthesized workflow on this machine; 0 when it succeeded, 1 when it failed, 130 after Ctrl-C. */
export async function runWorkflowHere(name: string, options: WorkflowOptions): Promise<ExitCode> {
  const loop = options.local ? await openLoop() : undefined;
  const objects = readWorkflowObjects(name, loop?.rendered ?? clusterFolder(options.cluster));
  const place = loop ? loop.newRun(nameOf(objects)) : placeOf(objects, options);
  const [given, answers, fail] = allOf(
    () => readPairs('--parameter', options.parameter, '-p subset=300'),
    () => readAnswers(options.answer, questionsOf(objects)),
    () => readFailures(options.fail),
  );
  const stopping = new AbortController();
  const interrupt = (): void => {
    // The second time at once; what runs is ended from outside then.
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
  };
  const clock = place.executor.clock();
  const executor: Executor = { ...place.executor, clock: () => clock };
  const isTerminal = process.stderr.isTTY && !process.env.CI;
  const view = isTerminal ? liveView(process.stderr, isColorSupported, clock.now) : plainView(say, isColorSupported);
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    const result = await runWorkflow(objects.workflow, {
      executor,
      objects: objects.others,
      arguments: given,
      answers,
      ...(isTerminal && process.stdin.isTTY ? { ask: askAtTerminal(view, isColorSupported) } : {}),
      fail,
      skip: options.skip,
      name: place.name,
      uid: place.uid,
      signal: stopping.signal,
      onEvent: view.add,
    });
    view.close();
    for (const line of summaryLines(result, place.folder, isColorSupported)) say(line);
    writeReports(result, place, options);
    if (stopping.signal.aborted) return 130;
    return isFailed(result.phase) ? 1 : 0;
  } catch (error) {
    view.close();
    if (!(error instanceof RunError)) throw error;
    throw new InvalidInput([{ where: error.where, what: error.problem, fix: error.fix }]);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** The values of all readers, or the problems of all of them at once. */
function allOf<Values extends readonly unknown[]>(
  ...readers: { readonly [K in keyof Values]: () => Values[K] }
): Values {
  const problems: Problem[] = [];
  const values = readers.map((reader) => {
    try {
      return reader();
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  });
  throwIfAny(problems);
  return values as unknown as Values;
}

function clusterFolder(cluster: string): string {
  if (clusters.some((one) => one.name === cluster)) return join(paths.dist, cluster);
  const fix = `name one of ${clusters.map((one) => one.name).join(', ')}`;
  throw new InvalidInput([{ where: '--cluster', what: 'there is no such cluster', got: cluster, fix }]);
}

function nameOf({ workflow }: WorkflowObjects): string {
  const { name, generateName } = fieldsOf(fieldsOf(workflow).metadata);
  return (textOf(name) ?? textOf(generateName) ?? 'workflow').replace(/-$/, '');
}

function placeOf(objects: WorkflowObjects, options: WorkflowOptions): Place {
  const base = nameOf(objects);
  if (options.executor === 'mock') {
    return { name: base, uid: '00000000-0000-0000-0000-000000000000', executor: mockExecutor() };
  }
  const run = `${base}-${randomBytes(3).toString('hex')}`;
  const folder = resolve(options.folder ?? join(root, '.local', 'runs', run));
  const volumes = folders('--volume', options.volume, '--volume dataset=../reviews');
  const secrets = folders('--secret', options.secret, '--secret model-repository-credentials=../keys');
  const executor = (options.executor === 'docker' ? dockerExecutor : processExecutor)({ folder, volumes, secrets });
  return { name: run, uid: randomUUID(), folder, executor };
}

function folders(option: string, texts: readonly string[], example: string): Readonly<Record<string, string>> {
  const pairs = Object.entries(readPairs(option, texts, example));
  return Object.fromEntries(pairs.map(([name, folder]) => [name, resolve(folder)]));
}

/** What suspended templates ask, and the values that may be chosen. */
function questionsOf({
  workflow,
  others,
}: WorkflowObjects): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const templates = [workflow, ...others]
    .flatMap((object) => readWorkflow(documentOf(object, 'workflow')) ?? [])
    .flatMap((each) => each.allTemplates)
    .filter((template) => template.kind === 'suspend');
  return new Map(
    templates.map(({ name, inputs, outputs }) => {
      const asked = outputs.parameters.map((output): [string, readonly string[]] => {
        const choices = inputs.parameters.find((input) => input.name === output.name)?.fields.enum;
        return [output.name, Array.isArray(choices) ? choices.flatMap((each) => scalarText(each) ?? []) : []];
      });
      return [name, new Map(asked)];
    }),
  );
}

function writeReports(result: RunResult, { folder }: Place, options: WorkflowOptions): void {
  if (options.json) process.stdout.write(`${JSON.stringify(jsonReport(result), null, 2)}\n`);
  if (options.junit === undefined) return;
  const context = folder === undefined ? {} : { logOf: (node: RunResult['root']) => readLog(folder, node) };
  mkdirSync(dirname(resolve(options.junit)), { recursive: true });
  writeFileSync(options.junit, junitReport(result, context));
}
