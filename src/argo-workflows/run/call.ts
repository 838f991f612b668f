import { ExpressionError } from '../expressions/expression-error';
import type { Value } from '../expressions/values';
import { evaluateWhen } from '../expressions/when';
import { type Found, findCalled } from '../lint/catalogue';
import type { Call } from '../lint/model';
import { resolveArguments } from './arguments';
import { begin, emptyNode, end, skippedNode } from './attempt';
import type { CallRequest } from './context';
import { runWithHooks } from './hooks';
import { itemScope, loopItems } from './loops';
import { isFailed, RunError, type RunNode } from './result';
import { type Scope, substituteText } from './scope';
import { runTemplate } from './template';

/** What the controller has no node for: `failFast` of a template keeps it from being made. */
export const NOT_STARTED = 'not started: another one failed, and failFast is on';

/** Runs a step or task: its condition, its loop, its template and its hooks. */
export async function runCall(request: CallRequest): Promise<RunNode> {
  const { context, call, nodeName, scope, parent } = request;
  if (call.loop === undefined) return runOne(request, call.name, scope);
  const about = { name: nodeName, displayName: call.name, template: call.template ?? '', parent };
  if (context.skip.has(call.name)) return skippedNode(context, about, 'left out on request');
  const items = loopItems(call, scope, nodeName);
  if (items.length === 0) return skippedNode(context, about, 'Skipped, empty params');
  const startedAt = begin(context, { ...about, kind: 'TaskGroup' });
  const runs = items.map((item: Value, index) => {
    const { scope: inner, label } = itemScope(scope, item);
    return { suffix: `(${index}:${label})`, inner };
  });
  const planned = runs.map(({ suffix }) => ({ name: nodeName + suffix, displayName: call.name + suffix }));
  context.emit({ type: 'planned', parent: nodeName, children: planned });
  const children = await Promise.all(
    runs.map(({ suffix, inner }) => {
      return runOne({ ...request, nodeName: nodeName + suffix, parent: nodeName }, call.name + suffix, inner);
    }),
  );
  const failed = children.filter((child) => isFailed(child.phase));
  const group: RunNode = {
    ...emptyNode(nodeName, call.name, 'TaskGroup', startedAt),
    phase: failed.at(-1)?.phase ?? 'Succeeded',
    message: failed.length > 0 ? `child '${failed[0]?.name ?? ''}' failed` : '',
    finishedAt: context.clock.now(),
    children,
  };
  return end(context, group, parent);
}

async function runOne(request: CallRequest, displayName: string, scope: Scope): Promise<RunNode> {
  const { context, frame, call, nodeName, parent } = request;
  const about = { name: nodeName, displayName, template: call.template ?? '', parent };
  if (context.signal.aborted) return skippedNode(context, about, 'the run was stopped', 'Omitted');
  if (context.skip.has(call.name)) return skippedNode(context, about, 'left out on request');
  if (call.when !== undefined) {
    const when = substituteText(call.when, scope, `${nodeName}.when`);
    if (!holds(when, `${nodeName}.when`)) return skippedNode(context, about, `when '${when}' evaluated false`);
  }
  const found = (called: Call, inner: Scope): Found => resolveTemplate(request, called, inner);
  const leave = await frame.limit.enter(nodeName, context);
  if (frame.trouble.failed && frame.template.fields.failFast === true) {
    leave();
    return skippedNode(context, about, NOT_STARTED, 'Omitted');
  }
  try {
    const node = await runWithHooks({ request, scope, found }, () =>
      runTemplate({
        context,
        found: found(call, scope),
        nodeName,
        displayName,
        parent,
        values: resolveArguments(call.arguments, scope, nodeName, context),
        outer: scope,
        depth: frame.depth + 1,
        daemons: frame.daemons,
      }),
    );
    if (isFailed(node.phase)) frame.trouble.failed = true;
    return node;
  } finally {
    leave();
  }
}

function holds(when: string, where: string): boolean {
  try {
    return evaluateWhen(when);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new RunError(
      where,
      `the condition "${when}" fails: ${error.problem}`,
      'write it as one expression, {{= … }}',
    );
  }
}

function resolveTemplate(request: CallRequest, call: Call, scope: Scope): Found {
  const { context, frame, nodeName } = request;
  const fill = (text: string): string => substituteText(text, scope, nodeName);
  const filled: Call = {
    ...call,
    ...(call.template === undefined ? {} : { template: fill(call.template) }),
    ...(call.templateRef === undefined
      ? {}
      : {
          templateRef: {
            ...call.templateRef,
            name: fill(call.templateRef.name),
            template: fill(call.templateRef.template),
          },
        }),
  };
  const found = findCalled(context.catalogue, frame.workflow, filled);
  if (found !== undefined) return found;
  const name =
    filled.templateRef === undefined ? filled.template : `${filled.templateRef.name}/${filled.templateRef.template}`;
  throw new RunError(nodeName, `there is no template "${name ?? ''}" among the objects`, 'pass the object that has it');
}
