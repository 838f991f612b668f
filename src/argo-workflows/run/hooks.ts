import type { Found } from '../lint/catalogue';
import { textOf } from '../lint/fields';
import type { Call } from '../lint/model';
import { resolveArguments } from './arguments';
import { emptyNode } from './attempt';
import type { CallRequest } from './context';
import { nodeVariables } from './node-variables';
import type { RunNode } from './result';
import { evaluateCondition, extendScope, type Scope } from './scope';
import { runTemplate } from './template';

/** A step or task with hooks, and how to find what they run. */
export interface Hooked {
  readonly request: CallRequest;
  readonly scope: Scope;
  readonly found: (hook: Call, scope: Scope) => Found;
}

/**
 * Runs a step or task and its hooks: `exit` at its end, others beside it as soon as their expression holds. They do not
 * change how it ended; it is over when they are.
 */
export async function runWithHooks(hooked: Hooked, run: () => Promise<RunNode>): Promise<RunNode> {
  const { call, context, nodeName } = hooked.request;
  if (call.hooks.length === 0) return run();
  const others = call.hooks.filter((hook) => hook.name !== 'exit');
  const running: RunNode = {
    ...emptyNode(nodeName, call.name, 'Pod', context.clock.now()),
    // The only moment before the end that an expression can tell apart.
    phase: 'Running',
  };
  const early = others.filter((hook) => wants(hooked, hook, running));
  const beside = early.map((hook) => runHook(hooked, hook, running));
  const [node] = await Promise.all([run(), ...beside]);
  const late = call.hooks.filter((hook) => !early.includes(hook) && wants(hooked, hook, node));
  const after = await Promise.all(late.map((hook) => runHook(hooked, hook, node)));
  const before = await Promise.all(beside);
  const inOrder = call.hooks.flatMap((hook) => before[early.indexOf(hook)] ?? after[late.indexOf(hook)] ?? []);
  return { ...node, finishedAt: context.clock.now(), children: [...node.children, ...inOrder] };
}

function wants(hooked: Hooked, hook: Call, node: RunNode): boolean {
  const expression = textOf(hook.fields.expression) ?? '';
  return expression === '' || evaluateCondition(expression, scopeWith(hooked, node), hookName(hooked, hook));
}

function runHook(hooked: Hooked, hook: Call, node: RunNode): Promise<RunNode> {
  const { context, frame, nodeName } = hooked.request;
  const scope = scopeWith(hooked, node);
  const name = hookName(hooked, hook);
  return runTemplate({
    context,
    found: hooked.found(hook, scope),
    nodeName: name,
    displayName: name,
    parent: nodeName,
    values: resolveArguments(hook.arguments, scope, name, context),
    outer: scope,
    depth: frame.depth + 1,
    daemons: frame.daemons,
  });
}

function hookName(hooked: Hooked, hook: Call): string {
  const { nodeName } = hooked.request;
  return hook.name === 'exit' ? `${nodeName}.onExit` : `${nodeName}.hooks.${hook.name}`;
}

/** What the hook sees of its own step or task: a single one, also in a loop. */
function scopeWith({ request, scope }: Hooked, node: RunNode): Scope {
  const { frame, call, context } = request;
  const kind = frame.template.kind === 'dag' ? 'tasks' : 'steps';
  const { loop, ...single } = call;
  const { variables } = nodeVariables(node, single, undefined, context.clock);
  const others = scope.variables[kind];
  const siblings = typeof others === 'object' && others !== null && !Array.isArray(others) ? others : {};
  return extendScope(scope, { [kind]: { ...siblings, [call.name]: variables } });
}
