import { ExpressionError } from '../expressions/expression-error';
import type { Value } from '../expressions/values';
import { evaluateWhen } from '../expressions/when';
import { type Found, findCalled } from '../lint/catalogue';
import { textOf } from '../lint/fields';
import type { Call } from '../lint/model';
import { resolveArguments } from './arguments';
import { emptyNode, skippedNode } from './attempt';
import type { CallRequest, Frame } from './context';
import { itemScope, loopItems } from './loops';
import { nodeVariables } from './node-variables';
import { isFailed, RunError, type RunNode } from './result';
import { evaluateCondition, extendScope, type Scope, substituteText } from './scope';
import { runTemplate } from './template';

/** Runs a step or task: its condition, its loop, its template and its hooks. */
export function runCall(request: CallRequest): RunNode {
  const { call, nodeName, scope, startAt } = request;
  if (call.loop === undefined) return runOne(request, call.name, scope);
  const items = loopItems(call, scope, nodeName);
  if (items.length === 0) return skippedNode(startAt, nodeName, call.name, 'Skipped, empty params');
  const children = items.map((item: Value, index) => {
    const { scope: inner, label } = itemScope(scope, item);
    const suffix = `(${index}:${label})`;
    return runOne({ ...request, nodeName: nodeName + suffix }, call.name + suffix, inner);
  });
  const failed = children.filter((child) => isFailed(child.phase));
  return {
    ...emptyNode(nodeName, call.name, 'TaskGroup', startAt),
    phase: failed.at(-1)?.phase ?? 'Succeeded',
    message: failed.length > 0 ? `child '${failed[0]?.name ?? ''}' failed` : '',
    finishedAt: Math.max(...children.map((child) => child.finishedAt)),
    children,
  };
}

function runOne(request: CallRequest, displayName: string, scope: Scope): RunNode {
  const { context, frame, call, nodeName, startAt } = request;
  if (call.when !== undefined) {
    const when = substituteText(call.when, scope, `${nodeName}.when`);
    if (!holds(when, `${nodeName}.when`))
      return skippedNode(startAt, nodeName, displayName, `when '${when}' evaluated false`);
  }
  const node = runTemplate({
    context,
    found: resolveTemplate(request, call, scope),
    nodeName,
    displayName,
    values: resolveArguments(call.arguments, scope, nodeName, context),
    outer: scope,
    startAt,
    depth: frame.depth + 1,
  });
  return call.hooks.length === 0 ? node : runHooks(request, node, scope);
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

/** Runs the hooks of a node that has ended; they do not change how it ended. */
function runHooks(request: CallRequest, node: RunNode, scope: Scope): RunNode {
  const { context, frame, call, nodeName } = request;
  const hooks = call.hooks.flatMap((hook): RunNode[] => {
    const inner = scopeWithNode(frame, scope, node, call, hook.name === 'exit' ? node.phase : undefined);
    const name = hook.name === 'exit' ? `${nodeName}.onExit` : `${nodeName}.hooks.${hook.name}`;
    const at = hookTime(request, hook, node, scope);
    if (at === undefined) return [];
    return [
      runTemplate({
        context,
        found: resolveTemplate(request, hook, inner),
        nodeName: name,
        displayName: name,
        values: resolveArguments(hook.arguments, inner, name, context),
        outer: inner,
        startAt: at,
        depth: frame.depth + 1,
      }),
    ];
  });
  const finishedAt = Math.max(node.finishedAt, ...hooks.map((hook) => hook.finishedAt));
  return { ...node, finishedAt, children: [...node.children, ...hooks] };
}

/** When a hook runs: at the end for `exit`, else as soon as its expression holds; undefined for never. */
function hookTime(request: CallRequest, hook: Call, node: RunNode, scope: Scope): number | undefined {
  const { frame, call, nodeName } = request;
  const expression = textOf(hook.fields.expression);
  const moments = hook.name === 'exit' ? [node.finishedAt] : [node.startedAt, node.finishedAt];
  return moments.find((moment) => {
    if (expression === undefined || expression === '') return true;
    const status = hook.name !== 'exit' && moment === node.startedAt ? 'Running' : node.phase;
    return evaluateCondition(
      expression,
      scopeWithNode(frame, scope, node, call, status),
      `${nodeName}.hooks.${hook.name}`,
    );
  });
}

function scopeWithNode(frame: Frame, scope: Scope, node: RunNode, call: Call, status: string = node.phase): Scope {
  const kind = frame.template.kind === 'dag' ? 'tasks' : 'steps';
  const { loop, ...single } = call;
  const { variables } = nodeVariables(node, single, undefined);
  const others = scope.variables[kind];
  const siblings = typeof others === 'object' && others !== null && !Array.isArray(others) ? others : {};
  return extendScope(scope, { [kind]: { ...siblings, [call.name]: { ...variables, status } } });
}
