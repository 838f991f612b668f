import type { MapValue } from '../expressions/values';
import { findCalled } from '../lint/catalogue';
import { fieldsOf } from '../lint/fields';
import type { Call } from '../lint/model';
import { type Attempt, attemptNode } from './attempt';
import { nodeVariables } from './node-variables';
import { exportGlobals, outerOutputs } from './outputs';
import { isFailed, type RunNode } from './result';
import { extendScope, type Scope } from './scope';

/** Runs a `steps` template: group after group, the steps of one group side by side. */
export async function runSteps(attempt: Attempt): Promise<RunNode> {
  const { context, frame } = attempt;
  const { template } = frame;
  const children: RunNode[] = [];
  let ended: MapValue = {};
  let texts: [string, string][] = [];
  const planned = template.steps.flatMap((group, index) =>
    group.map(({ name }) => ({ name: `${frame.name}[${index}].${name}`, displayName: name })),
  );
  context.emit({ type: 'planned', parent: frame.name, children: planned });
  const scopeNow = (): Scope => extendScope(frame.scope, { steps: { ...ended, name: frame.name } }, texts);

  for (const [index, group] of template.steps.entries()) {
    const scope = scopeNow();
    const nodes = await Promise.all(
      group.map(async (call) => {
        const nodeName = `${frame.name}[${index}].${call.name}`;
        return { call, node: await context.runCall({ context, frame, call, nodeName, scope, parent: frame.name }) };
      }),
    );
    children.push(...nodes.map(({ node }) => node));
    for (const { call, node } of nodes) {
      const template = findCalled(context.catalogue, frame.workflow, call)?.template;
      const seen = nodeVariables(node, call, template, context.clock);
      ended = { ...ended, [call.name]: seen.variables };
      texts = [...texts, ...seen.texts.map(([name, text]): [string, string] => [`steps.${call.name}.${name}`, text])];
    }
    const failed = nodes.find(({ call, node }) => isFailed(node.phase) && !continuesOn(call, node));
    if (failed !== undefined) {
      const message = `child '${failed.node.name}' failed`;
      return attemptNode(attempt, { kind: 'Steps', phase: 'Failed', message, children });
    }
    if (context.signal.aborted) return attemptNode(attempt, { kind: 'Steps', phase: 'Failed', children });
  }
  const outputs = outerOutputs(template, scopeNow(), frame.name, context);
  exportGlobals(template, outputs, frame.scope, context);
  return attemptNode(attempt, { kind: 'Steps', phase: 'Succeeded', outputs, children });
}

/** Whether `continueOn` lets this end pass. */
export function continuesOn(call: Call, node: RunNode): boolean {
  const { failed, error } = fieldsOf(call.fields.continueOn);
  return (node.phase === 'Failed' && failed === true) || (node.phase === 'Error' && error === true);
}
