import type { MapValue } from '../expressions/values';
import { type Fields, fieldsOf, isFields, partAt, scalarText } from '../lint/fields';
import type { Template } from '../lint/model';
import { resolveInputs } from './arguments';
import { type Attempt, attemptNode } from './attempt';
import type { TemplateRequest } from './context';
import { runDag } from './dag';
import { parseSeconds } from './durations';
import { mockOutputs, runMock } from './mocks';
import { isDaemon } from './node-variables';
import { exportGlobals } from './outputs';
import { isFailed, NO_OUTPUTS, type NodeOutputs, type Phase, RunError, type RunNode } from './result';
import { decideRetry, readRetryStrategy, retryVariables } from './retries';
import { extendScope, type Scope, substituteAll } from './scope';
import { runSteps } from './steps';

/** As deep as the controller goes. */
const MAX_DEPTH = 100;

/** Runs a template: its inputs, its attempts, and what it is made of. */
export function runTemplate(request: TemplateRequest): RunNode {
  const { context, found, nodeName, displayName, values, startAt, depth } = request;
  const { template, workflow } = found;
  if (depth > MAX_DEPTH)
    throw new RunError(nodeName, `more than ${MAX_DEPTH} templates within each other`, 'end the recursion');
  const base = template.inlineOf === undefined ? context.globals : request.outer;
  const { parameters, artifacts } = resolveInputs(template, values, base, nodeName, context);
  const scope = templateScope(template, base, parameters, artifacts, nodeName, displayName);
  const attempt = (number: number, name: string, at: number, local: Scope): RunNode =>
    runAttempt({
      context,
      frame: { name, template, workflow, scope: local, depth },
      displayName: name === nodeName ? displayName : `${displayName}(${number})`,
      inputs: parameters,
      artifacts,
      startAt: at,
      number,
    });
  if (!isFields(template.fields.retryStrategy)) return attempt(0, nodeName, startAt, scope);

  const attempts: RunNode[] = [];
  const strategy = readRetryStrategy(
    substituteAll({ ...template.fields.retryStrategy, expression: undefined }, scope, nodeName),
    nodeName,
  );
  const expression = scalarText(template.fields.retryStrategy.expression);
  const withExpression = expression === undefined ? strategy : { ...strategy, expression };
  for (let at = startAt; ; ) {
    const number = attempts.length;
    const node = attempt(number, `${nodeName}(${number})`, at, extendScope(scope, retryVariables(attempts)));
    attempts.push(node);
    if (!isFailed(node.phase)) return retryNode(request, attempts, node.phase, '');
    const variables = { ...retryVariables(attempts), retries: String(number) };
    const decision = decideRetry(withExpression, attempts, { variables, texts: new Map() }, nodeName);
    if ('message' in decision) return retryNode(request, attempts, node.phase, decision.message);
    at = decision.startAt;
  }
}

function retryNode(request: TemplateRequest, attempts: readonly RunNode[], phase: Phase, message: string): RunNode {
  const last = attempts.at(-1);
  return {
    name: request.nodeName,
    displayName: request.displayName,
    kind: 'Retry',
    template: request.found.template.name,
    phase,
    message,
    inputs: last?.inputs ?? {},
    outputs: last?.outputs ?? NO_OUTPUTS,
    daemoned: last?.daemoned ?? false,
    startedAt: request.startAt,
    finishedAt: last?.finishedAt ?? request.startAt,
    children: attempts,
  };
}

function templateScope(
  template: Template,
  base: Scope,
  parameters: Readonly<Record<string, string>>,
  artifacts: Readonly<Record<string, string>>,
  nodeName: string,
  displayName: string,
): Scope {
  const around = (name: string): MapValue => fieldsOf(base.variables[name]) as MapValue;
  const outer = fieldsOf(base.variables.inputs);
  const paths = template.inputs.artifacts.map(({ name, fields }): [string, string] => [
    `inputs.artifacts.${name}.path`,
    scalarText(fields.path) ?? '',
  ]);
  const variables: MapValue = {
    inputs: {
      parameters: { ...(fieldsOf(outer.parameters) as MapValue), ...parameters },
      artifacts: { ...(fieldsOf(outer.artifacts) as MapValue), ...artifacts },
    },
    // Inside a steps or dag template, these hold the nodes that have ended too.
    steps: { ...around('steps'), name: displayName },
    tasks: { ...around('tasks'), name: displayName },
    node: { name: nodeName },
    pod: { name: nodeName },
  };
  const list = Object.entries(parameters).map(([name, value]) => ({ name, value }));
  return extendScope(base, variables, [['inputs.parameters', JSON.stringify(list)], ...paths]);
}

function runAttempt(attempt: Attempt): RunNode {
  const { template } = attempt.frame;
  switch (template.kind) {
    case 'steps':
      return runSteps(attempt);
    case 'dag':
      return runDag(attempt);
    case 'suspend':
      return runSuspend(attempt);
    case undefined:
      throw new RunError(
        attempt.frame.name,
        `template "${template.name}" runs nothing, or several things`,
        'give it one kind',
      );
    default:
      return runLeaf(attempt);
  }
}

function runLeaf(attempt: Attempt): RunNode {
  const { context, frame, startAt } = attempt;
  const { template } = frame;
  if (startAt >= context.deadline) {
    return attemptNode(attempt, {
      kind: 'Pod',
      phase: 'Failed',
      message: 'Step exceeded its deadline',
      finishedAt: startAt,
    });
  }
  const resolved = resolveLeaf(template, frame.scope, frame.name);
  const outcome = runMock(context.mocks[template.name], {
    node: frame.name,
    task: attempt.displayName.replace(/\(\d+\)$/, ''),
    parameters: attempt.inputs,
    artifacts: attempt.artifacts,
    attempt: attempt.number,
    template: resolved,
  });
  const finishedAt = startAt + (outcome.seconds ?? 1);
  const limit = Math.min(context.deadline, startAt + deadlineOf(resolved, frame.name));
  if (finishedAt > limit && !isDaemon(template)) {
    const message = 'Pod was active on the node longer than the specified deadline';
    return attemptNode(attempt, { kind: 'Pod', phase: 'Failed', message, finishedAt: limit });
  }
  if (outcome.error !== undefined) {
    return attemptNode(attempt, { kind: 'Pod', phase: 'Error', message: outcome.error, finishedAt });
  }
  const exitCode = outcome.exitCode ?? 0;
  if (exitCode !== 0) {
    const outputs: NodeOutputs = { ...NO_OUTPUTS, exitCode, result: outcome.result ?? '' };
    return attemptNode(attempt, {
      kind: 'Pod',
      phase: 'Failed',
      message: `Error (exit code ${exitCode})`,
      outputs,
      finishedAt,
    });
  }
  const outputs = mockOutputs(template, outcome, resolved);
  exportGlobals(template, outputs, frame.scope, context);
  return attemptNode(attempt, { kind: 'Pod', phase: 'Succeeded', outputs, daemoned: isDaemon(template), finishedAt });
}

/** The body of a leaf with its tags filled in; metrics and retries are evaluated elsewhere. */
function resolveLeaf(template: Template, scope: Scope, where: string): Fields {
  const { metrics, retryStrategy, inputs, data, http, ...body } = template.fields;
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

/** Waits for an answer or for its duration, whichever there is; without an answer, outputs get their defaults. */
function runSuspend(attempt: Attempt): RunNode {
  const { context, frame, startAt } = attempt;
  const { template } = frame;
  const answer = context.answers[template.name];
  const suspend = fieldsOf(substituteAll(partAt(template, 'suspend').fields, frame.scope, frame.name));
  const duration = scalarText(suspend.duration) ?? '';
  if (answer === undefined && duration === '') {
    const fix = `pass answers: { '${template.name}': { … } }`;
    throw new RunError(frame.name, `"${template.name}" waits for a person, and has no answer`, fix);
  }
  checkAnswer(template, answer ?? {}, frame.name);
  const finishedAt = answer === undefined ? startAt + parseSeconds(duration, frame.name) : startAt;
  if (finishedAt > context.deadline) {
    const message = 'Step exceeded its deadline';
    return attemptNode(attempt, { kind: 'Suspend', phase: 'Failed', message, finishedAt: context.deadline });
  }
  const parameters: Record<string, string> = {};
  for (const { name, fields } of template.outputs.parameters) {
    const from = fieldsOf(fields.valueFrom);
    const value = answer?.[name] ?? scalarText(from.default);
    if (value !== undefined) parameters[name] = value;
    else if (answer !== undefined)
      throw new RunError(frame.name, `the answer to "${template.name}" lacks "${name}"`, 'add it');
    else {
      const message = `output parameter '${name}' has not been set and does not have a default value`;
      return attemptNode(attempt, { kind: 'Suspend', phase: 'Error', message, finishedAt });
    }
  }
  const outputs = { ...NO_OUTPUTS, parameters };
  exportGlobals(template, outputs, frame.scope, context);
  return attemptNode(attempt, { kind: 'Suspend', phase: 'Succeeded', outputs, finishedAt });
}

/** An answer is one of the form's values. */
function checkAnswer(template: Template, answer: Readonly<Record<string, string>>, where: string): void {
  for (const [name, value] of Object.entries(answer)) {
    const declared = template.outputs.parameters.map((output) => output.name);
    if (!declared.includes(name)) {
      throw new RunError(
        where,
        `"${template.name}" asks for no "${name}"`,
        `answer ${declared.join(', ') || 'nothing'}`,
      );
    }
    const choices = template.inputs.parameters.find((input) => input.name === name)?.fields.enum;
    if (!Array.isArray(choices) || choices.map(scalarText).includes(value)) continue;
    throw new RunError(
      where,
      `the answer "${value}" for "${name}" is not offered`,
      `answer one of ${choices.join(', ')}`,
    );
  }
}
