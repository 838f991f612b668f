import { fieldsOf, partsAt } from './fields';
import type { Template } from './model';
import type { ResolvedNode } from './nodes';
import type { Reference } from './references';
import { suggest } from './similar';
import type { VariableProblem } from './variable-problem';

const NODE_FIELDS = ['id', 'status', 'startedAt', 'finishedAt', 'hostNodeName', 'ip', 'exitCode', 'outputs', 'name'];
const RESULT_KINDS: readonly string[] = ['container', 'script', 'data', 'http', 'plugin'];

/** What belongs to one pod: a loop has none of its own, and what did not run has none either. */
export const POD_FIELDS: readonly string[] = ['hostNodeName', 'ip', 'exitCode'];

/** What is wrong with the part of a reference behind the name of the step or task. */
export function memberProblem(reference: Reference, node: ResolvedNode): VariableProblem | undefined {
  const { names, inExpression } = reference;
  const [root = '', name = '', member, kind, output] = names;
  if (member === undefined) {
    if (inExpression) return undefined;
    return {
      mistake: 'unknown-output',
      what: `${reference.written} is no value`,
      fix: `use {{${root}.${name}.outputs.result}}`,
    };
  }
  if (!NODE_FIELDS.includes(member)) {
    return {
      mistake: 'unknown-output',
      what: `a ${root === 'steps' ? 'step' : 'task'} has no "${member}"`,
      fix: suggest(member, NODE_FIELDS, 'use outputs'),
    };
  }
  if (member === 'status' && isOutputSource(reference)) {
    return {
      mistake: 'unknown-output',
      what: 'an output takes no status: the controller refuses it in valueFrom.parameter',
      fix: `write valueFrom.expression: ${root}['${name}'].status`,
    };
  }
  const { template } = node;
  if (node.call.loop !== undefined && POD_FIELDS.includes(member) && !isProvidedFor(reference)) {
    return {
      mistake: 'unknown-output',
      what: `"${name}" is a loop, whose runs each have their own ${member}; what reads it waits for ever`,
      fix: 'leave the loop out, or return it as an output parameter of what runs',
    };
  }
  if (template === undefined) return undefined;
  if (member === 'ip' && template.fields.daemon !== true) {
    return {
      mistake: 'unknown-output',
      what: `only a daemon has an ip, and template "${template.name}" is none`,
      fix: 'add daemon: true to the template',
    };
  }
  if (member === 'hostNodeName' && template.kind !== undefined && !template.isPod && !isProvidedFor(reference)) {
    return {
      mistake: 'unknown-output',
      what: `a ${template.kind} template such as "${template.name}" runs on no machine; what reads its hostNodeName waits for ever`,
      fix: 'read it of a template that runs a pod',
    };
  }
  if (member === 'exitCode' && !hasResult(template)) return noResult(template, 'exitCode');
  if (member !== 'outputs' || kind === undefined) return undefined;
  return outputsProblem(reference, node, template, kind, output);
}

function isProvidedFor({ guarded, conditional }: Reference): boolean {
  return guarded || conditional;
}

/** `valueFrom.parameter` of an output; an `expression` sees more. */
function isOutputSource({ site }: Reference): boolean {
  return site.role === 'output' && site.at.at(-1) === 'parameter' && site.at.at(-2) === 'valueFrom';
}

function outputsProblem(
  reference: Reference,
  node: ResolvedNode,
  template: Template,
  kind: string,
  output: string | undefined,
): VariableProblem | undefined {
  if (kind === 'result' || kind === 'exitCode') return hasResult(template) ? undefined : noResult(template, kind);
  if (kind !== 'parameters' && kind !== 'artifacts') {
    return {
      mistake: 'unknown-output',
      what: `outputs has no "${kind}"`,
      fix: suggest(kind, ['parameters', 'artifacts', 'result'], 'use outputs.parameters.NAME'),
    };
  }
  if (output === undefined) {
    if (reference.inExpression || (kind === 'parameters' && node.call.loop !== undefined)) return undefined;
    return {
      mistake: 'unknown-output',
      what: `${reference.written} has a value only for a loop`,
      fix: `name the output: {{${reference.names.join('.')}.NAME}}`,
    };
  }
  const declared = template.outputs[kind].map((each) => each.name);
  if (declared.includes(output) || declared.some((each) => each.includes('{{'))) {
    return kind === 'artifacts' && node.call.loop !== undefined ? loopArtifact(reference, node) : undefined;
  }
  return {
    mistake: 'unknown-output',
    what: `template "${template.name}" has no output ${kind === 'parameters' ? 'parameter' : 'artifact'} "${output}"`,
    fix: suggest(output, declared, `add it to outputs.${kind} of "${template.name}"`),
  };
}

/** Parameters of the runs of a loop are gathered in lists, artifacts are not. */
function loopArtifact(reference: Reference, { call }: ResolvedNode): VariableProblem {
  return {
    mistake: 'unknown-output',
    what: `${reference.written} is made by a loop, and the artifacts of its runs are not gathered: what reads it fails`,
    fix: `write the runs of "${call.name}" into one folder of the storage, and read that with key`,
  };
}

/** Only what runs a program, or asks one, has a result and an exit code. */
function hasResult(template: Template): boolean {
  if (template.kinds.some((kind) => RESULT_KINDS.includes(kind))) return true;
  const set = { at: template.at, fields: fieldsOf(template.fields.containerSet) };
  return partsAt(set, 'containers').some((container) => container.fields.name === 'main');
}

function noResult(template: Template, field: string): VariableProblem {
  const kind = template.kind ?? 'this kind of';
  return {
    mistake: 'unknown-output',
    what: `a ${kind} template such as "${template.name}" has no ${field}`,
    fix: 'give it an output parameter',
  };
}
