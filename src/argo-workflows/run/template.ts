import type { MapValue } from '../expressions/values';
import { fieldsOf, isFields, scalarText } from '../lint/fields';
import type { Template } from '../lint/model';
import { resolveInputs } from './arguments';
import { type Attempt, attemptNode, begin, emptyNode, end } from './attempt';
import type { TemplateRequest } from './context';
import { newDaemons } from './daemons';
import { runDag } from './dag';
import { runLeaf } from './leaf';
import { newLimit } from './locks';
import { readMemoize, recall } from './memoization';
import { NO_OUTPUTS, type NodeKind, RunError, type RunNode } from './result';
import { runAttempts } from './retries';
import { extendScope, type Scope, substituteAll } from './scope';
import { runSteps } from './steps';
import { runSuspend } from './suspend';

/** As deep as the controller goes. */
const MAX_DEPTH = 100;

/** Runs a template: its locks, its memory, its attempts, and what it is made of. */
export async function runTemplate(request: TemplateRequest): Promise<RunNode> {
  const { context, found, nodeName, displayName, values, depth } = request;
  const { template } = found;
  if (depth > MAX_DEPTH)
    throw new RunError(nodeName, `more than ${MAX_DEPTH} templates within each other`, 'end the recursion');
  const base = template.inlineOf === undefined ? context.globals : request.outer;
  const { parameters, artifacts } = resolveInputs(template, values, base, nodeName, context);
  const scope = templateScope(template, base, parameters, artifacts, nodeName, displayName);
  const unlock = await context.locks.acquire(
    substituteAll(template.fields.synchronization, scope, nodeName),
    nodeName,
    context,
  );
  try {
    const place = readMemoize(substituteAll(template.fields.memoize, scope, nodeName), nodeName);
    const known = place === undefined ? undefined : recall(context.memory, place, context.clock);
    if (known !== undefined) return remembered(request, parameters, known);
    const node = await runWithRetries(request, parameters, artifacts, scope);
    if (place !== undefined && node.phase === 'Succeeded') {
      context.memory.set(place.key, { outputs: node.outputs, at: context.clock.epoch + context.clock.now() * 1000 });
    }
    return node;
  } finally {
    unlock();
  }
}

/** A node whose outputs are known from before. */
function remembered(
  request: TemplateRequest,
  inputs: Readonly<Record<string, string>>,
  outputs: RunNode['outputs'],
): RunNode {
  const { context, nodeName: name, displayName, parent, found } = request;
  const about = { name, displayName, kind: kindOf(found.template), template: found.template.name, parent };
  const node = emptyNode(name, displayName, about.kind, begin(context, about));
  return end(context, { ...node, template: about.template, inputs, outputs, message: 'memoized' }, parent);
}

async function runWithRetries(
  request: TemplateRequest,
  inputs: Readonly<Record<string, string>>,
  artifacts: Readonly<Record<string, string>>,
  scope: Scope,
): Promise<RunNode> {
  const { context, found, nodeName: name, displayName, parent, depth } = request;
  const { template, workflow } = found;
  const attempt = async (number: number, nodeName: string, local: Scope): Promise<RunNode> => {
    const shown = nodeName === name ? displayName : `${displayName}(${number})`;
    const about = { name: nodeName, displayName: shown, kind: kindOf(template), template: template.name };
    const over = nodeName === name ? parent : name;
    const daemons = newDaemons();
    const siblings = Number(scalarText(template.fields.parallelism) ?? Number.POSITIVE_INFINITY);
    const limit = newLimit(siblings, `parallelism of "${template.name}"`);
    const node = await runAttempt(
      {
        context,
        frame: { name: nodeName, template, workflow, scope: local, depth, limit, daemons, trouble: { failed: false } },
        displayName: shown,
        parent: over,
        inputs,
        artifacts,
        startedAt: begin(context, { ...about, parent: over }),
        number,
      },
      request,
    );
    await daemons.stop();
    return end(context, node, over);
  };
  const strategy = template.fields.retryStrategy;
  if (!isFields(strategy)) return attempt(0, name, scope);

  const startedAt = begin(context, { name, displayName, kind: 'Retry', template: template.name, parent });
  const { attempts, message } = await runAttempts(context, strategy, scope, name, attempt);
  const last = attempts.at(-1);
  const node: RunNode = {
    ...emptyNode(name, displayName, 'Retry', startedAt),
    template: template.name,
    phase: last?.phase ?? 'Failed',
    message,
    inputs,
    outputs: last?.outputs ?? NO_OUTPUTS,
    daemoned: last?.daemoned ?? false,
    ...(last?.address === undefined ? {} : { address: last.address }),
    finishedAt: context.clock.now(),
    children: attempts,
  };
  return end(context, node, parent);
}

function kindOf(template: Template): NodeKind {
  switch (template.kind) {
    case 'steps':
      return 'Steps';
    case 'dag':
      return 'DAG';
    case 'suspend':
      return 'Suspend';
    default:
      return 'Pod';
  }
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

async function runAttempt(attempt: Attempt, { daemons }: TemplateRequest): Promise<RunNode> {
  const { template, name } = attempt.frame;
  if (attempt.context.signal.aborted) {
    return attemptNode(attempt, { kind: kindOf(template), phase: 'Failed', message: 'the run was stopped' });
  }
  switch (template.kind) {
    case 'steps':
      return runSteps(attempt);
    case 'dag':
      return runDag(attempt);
    case 'suspend':
      return runSuspend(attempt);
    case undefined:
      throw new RunError(name, `template "${template.name}" runs nothing, or several things`, 'give it one kind');
    default:
      return runLeaf(attempt, daemons);
  }
}
