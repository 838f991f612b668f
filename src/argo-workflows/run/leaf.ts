import { type Fields, fieldsOf, listOf, scalarText } from '../lint/fields';
import type { Template } from '../lint/model';
import { type Attempt, attemptNode } from './attempt';
import type { Daemons } from './daemons';
import { parseSeconds } from './durations';
import type { Step, StepEnd } from './executor';
import { exportGlobals } from './outputs';
import { NO_OUTPUTS, type NodeOutputs, RunError, type RunNode } from './result';
import { extendScope, type Scope, substituteAll } from './scope';

/** Runs a template that runs something itself, in the executor. A daemon goes on until `daemons` are stopped. */
export async function runLeaf(attempt: Attempt, daemons: Daemons): Promise<RunNode> {
  const { context, frame } = attempt;
  const { clock } = context;
  const resolved = resolveLeaf(frame.template, frame.scope, frame.name);
  const leave = await context.pods.enter(frame.name, context);
  if (clock.now() >= context.deadline || context.signal.aborted) {
    leave();
    const message = context.signal.aborted ? 'the run was stopped' : 'Step exceeded its deadline';
    return attemptNode(attempt, { kind: 'Pod', phase: 'Failed', message });
  }
  if (fails(attempt)) {
    leave();
    const message = 'Error (exit code 1): failed on request';
    return attemptNode(attempt, { kind: 'Pod', phase: 'Failed', message, outputs: { ...NO_OUTPUTS, exitCode: 1 } });
  }
  const stop = new AbortController();
  let answered = (_: string): void => {};
  const ready = new Promise<string>((resolve) => {
    answered = resolve;
  });
  const over = new AbortController();
  const ended = context.executor
    .run(stepOf(attempt, resolved, AbortSignal.any([context.signal, stop.signal]), answered))
    .finally(() => {
      over.abort();
      leave();
    });
  context.running.add(ended);
  ended.then(
    () => context.running.delete(ended),
    () => context.running.delete(ended),
  );
  const limit = Math.min(context.deadline - clock.now(), deadlineOf(resolved, frame.name));
  let late = false;
  if (limit < Number.POSITIVE_INFINITY) {
    void clock.sleep(limit, over.signal).then(() => {
      late = !over.signal.aborted;
      if (late) stop.abort();
    });
  }
  const first = await (frame.template.fields.daemon === true ? Promise.race([ended, ready]) : ended);
  if (typeof first === 'string') {
    context.emit({ type: 'ready', name: frame.name, address: first });
    daemons.add(async () => {
      stop.abort();
      await ended;
    });
    return attemptNode(attempt, { kind: 'Pod', phase: 'Succeeded', daemoned: true, address: first });
  }
  if (late) {
    const message = 'Pod was active on the node longer than the specified deadline';
    return attemptNode(attempt, { kind: 'Pod', phase: 'Failed', message });
  }
  return endedNode(attempt, first, resolved);
}

/** Whether the user wants this attempt to fail. */
function fails({ context, frame, displayName, number }: Attempt): boolean {
  const task = displayName.replace(/\(.*\)$/, '');
  return number < Math.max(context.fail[task] ?? 0, context.fail[frame.template.name] ?? 0);
}

function stepOf(attempt: Attempt, template: Fields, signal: AbortSignal, ready: (address: string) => void): Step {
  const { context, frame, displayName, inputs, artifacts, number } = attempt;
  const { run, catalogue, clock, emit } = context;
  return {
    node: frame.name,
    task: displayName.replace(/\(\d+\)$/, ''),
    parameters: inputs,
    artifacts,
    attempt: number,
    declared: frame.template,
    template,
    spec: frame.workflow.spec.fields,
    run,
    catalogue,
    signal,
    clock,
    ready,
    emit,
  };
}

function endedNode(attempt: Attempt, outcome: StepEnd, resolved: Fields): RunNode {
  const { context, frame } = attempt;
  const { error, exitCode = 0, result = '' } = outcome;
  if (context.signal.aborted)
    return attemptNode(attempt, { kind: 'Pod', phase: 'Failed', message: 'the run was stopped' });
  if (error !== undefined) return attemptNode(attempt, { kind: 'Pod', phase: 'Error', message: error });
  if (exitCode !== 0) {
    // What it had written by then is kept.
    const { parameters = {}, artifacts = {} } = outcome;
    const outputs: NodeOutputs = { parameters, artifacts, exitCode, result };
    const message = `Error (exit code ${exitCode})`;
    return attemptNode(attempt, { kind: 'Pod', phase: 'Failed', message, outputs });
  }
  const outputs = outputsOf(attempt, outcome, resolved);
  if (typeof outputs === 'string') return attemptNode(attempt, { kind: 'Pod', phase: 'Error', message: outputs });
  exportGlobals(frame.template, outputs, frame.scope, context);
  return attemptNode(attempt, { kind: 'Pod', phase: 'Succeeded', outputs });
}

/** The outputs of a step whose program ended well, or why they are not complete. */
function outputsOf(attempt: Attempt, outcome: StepEnd, resolved: Fields): NodeOutputs | string {
  const { template } = attempt.frame;
  const { executor } = attempt.context;
  for (const kind of ['parameters', 'artifacts'] as const) {
    const declared = template.outputs[kind].map((output) => output.name);
    const unknown = Object.keys(outcome[kind] ?? {}).find((name) => !declared.includes(name));
    if (unknown === undefined) continue;
    const what = `the mock gives the output "${unknown}", which the template does not declare`;
    throw new RunError(template.name, what, `use one of ${declared.join(', ') || '(none)'}`);
  }
  const written = new Map(
    listOf(fieldsOf(resolved.outputs).parameters).map((output) => [fieldsOf(output).name, output]),
  );
  const parameters: Record<string, string> = {};
  for (const { name } of template.outputs.parameters) {
    const output = fieldsOf(written.get(name));
    const value =
      outcome.parameters?.[name] ??
      scalarText(output.value) ??
      scalarText(fieldsOf(output.valueFrom).default) ??
      executor.missingOutput(template, 'parameters', name);
    if (value === undefined) return `the output parameter '${name}' was not written`;
    parameters[name] = value;
  }
  const artifacts: Record<string, string> = {};
  for (const { name, fields } of template.outputs.artifacts) {
    const value = outcome.artifacts?.[name] ?? executor.missingOutput(template, 'artifacts', name);
    if (value !== undefined) artifacts[name] = value;
    else if (fields.optional !== true) return `the output artifact '${name}' was not written`;
  }
  return { parameters, artifacts, result: outcome.result ?? '', exitCode: 0 };
}

/** The body of a leaf with its tags filled in; metrics and retries are evaluated elsewhere. */
function resolveLeaf(template: Template, scope: Scope, where: string): Fields {
  const { metrics, retryStrategy, inputs, memoize, synchronization, ...body } = template.fields;
  const paths = [...template.outputs.parameters, ...template.outputs.artifacts].map(
    ({ at, fields }): [string, string] => {
      const kind = at.includes('artifacts') ? 'artifacts' : 'parameters';
      const path = scalarText(fields.path) ?? scalarText(fieldsOf(fields.valueFrom).path) ?? '';
      return [`outputs.${kind}.${String(fields.name)}.path`, path];
    },
  );
  return fieldsOf(substituteAll(body, extendScope(scope, {}, paths), where));
}

function deadlineOf(resolved: Fields, where: string): number {
  const limits = ['activeDeadlineSeconds', 'timeout'].flatMap((field) => {
    const text = scalarText(resolved[field]);
    return text === undefined || text === '' ? [] : [parseSeconds(text, where)];
  });
  return Math.min(Number.POSITIVE_INFINITY, ...limits);
}
