import { type Catalogue, findCalled } from './catalogue';
import { ancestorsOf, callAround, templatesAround } from './graph';
import { type Call, callsOf, type Template, type WorkflowObject } from './model';
import { memberProblem } from './node-members';
import type { Reference } from './references';
import { suggest } from './similar';
import type { VariableProblem } from './variable-problem';

/** The step or task that a reference names. */
export interface ResolvedNode {
  /** The steps or dag template in which it stands. */
  readonly owner: Template;
  readonly call: Call;
  /** The step or task that the reference stands in; undefined in the outputs of the owner. */
  readonly user?: Call;
  /** The template that the node runs; undefined when it is not known here. */
  readonly template?: Template;
}

/** Finds the step or task that `steps.NAME…` or `tasks.NAME…` stands for. */
export function resolveNode(
  reference: Reference,
  workflow: WorkflowObject,
  catalogue: Catalogue,
): ResolvedNode | undefined {
  const [root, name] = reference.names;
  const { site } = reference;
  let user = site.call;
  for (const owner of templatesAround(site.template, workflow)) {
    if (owner.kind === (root === 'steps' ? 'steps' : 'dag')) {
      const call = callsOf(owner).find((each) => each.name === name);
      if (call === undefined) return undefined;
      const template = findCalled(catalogue, workflow, call)?.template;
      return {
        owner,
        call,
        ...(user === undefined ? {} : { user }),
        ...(template === undefined ? {} : { template }),
      };
    }
    user = callAround(owner, workflow)?.call;
  }
  return undefined;
}

/** What is wrong with a reference to a step or task. */
export function nodeProblem(
  reference: Reference,
  workflow: WorkflowObject,
  catalogue: Catalogue,
): VariableProblem | undefined {
  const { names, site, inExpression } = reference;
  const [root = '', name] = names;
  if (name === undefined) return inExpression ? undefined : unknownNode(reference, [], root);
  if (name === 'name' && names.length === 2 && site.template !== undefined) return undefined;
  const kind = root === 'steps' ? 'steps' : 'dag';
  const owner = templatesAround(site.template, workflow).find((template) => template.kind === kind);
  if (owner === undefined && site.role === 'workflow') return undefined;
  if (owner === undefined) {
    return {
      mistake: 'variable-scope',
      what: `${reference.written} names a ${root === 'steps' ? 'step' : 'task'}, but there are none here`,
      fix: 'pass the value in as an input of this template',
    };
  }
  const node = resolveNode(reference, workflow, catalogue);
  if (node === undefined) {
    // A step name may itself be made of tags.
    const known = callsOf(owner).map((call) => call.name);
    return known.some((each) => each.includes('{{')) ? undefined : unknownNode(reference, known, root);
  }
  return orderProblem(reference, node) ?? memberProblem(reference, node);
}

function unknownNode(reference: Reference, known: readonly string[], root: string): VariableProblem {
  const name = reference.names[1] ?? '';
  return {
    mistake: 'unknown-node',
    what: `there is no ${root === 'steps' ? 'step' : 'task'} "${name}" in this template`,
    fix: suggest(name, known, 'name one of its steps or tasks'),
  };
}

/** The node must have ended when its user begins. */
function orderProblem(reference: Reference, node: ResolvedNode): VariableProblem | undefined {
  const { owner, call, user } = node;
  if (user === undefined) return undefined;
  if (call === user) {
    if (reference.site.role === 'hook') return undefined;
    return {
      mistake: owner.kind === 'dag' ? 'not-a-dependency' : 'step-not-finished',
      what: `"${user.name}" uses its own ${reference.names.slice(2).join('.')}, which it waits for for ever`,
      fix: 'use an output of something that runs before it',
    };
  }
  if (owner.kind === 'dag') {
    if (ancestorsOf(owner, user).has(call.name)) return undefined;
    return {
      mistake: 'not-a-dependency',
      what: `"${user.name}" uses ${reference.written} without depending on "${call.name}"; it may wait for ever`,
      fix: `add "${call.name}" to its depends`,
    };
  }
  const groupOf = (step: Call): number => owner.steps.findIndex((group) => group.includes(step));
  if (groupOf(call) < groupOf(user)) return undefined;
  const parallel = groupOf(call) === groupOf(user);
  return {
    mistake: 'step-not-finished',
    what: `"${user.name}" uses ${reference.written}, but "${call.name}" runs ${parallel ? 'at the same time' : 'later'}; it waits for ever`,
    fix: `move "${user.name}" into a group after "${call.name}"`,
  };
}
