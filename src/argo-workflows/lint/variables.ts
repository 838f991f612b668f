import type { Catalogue } from './catalogue';
import { templatesAround } from './graph';
import { isRetried, type Named, type WorkflowObject } from './model';
import { nodeProblem } from './nodes';
import type { Reference } from './references';
import { nearest, suggest } from './similar';
import type { Site } from './sites';
import { outside, type VariableProblem } from './variable-problem';
import { workflowProblem } from './workflow-variables';

const ROOTS = ['workflow', 'inputs', 'outputs', 'steps', 'tasks', 'item', 'pod', 'node', 'retries', 'lastRetry'];
const METRIC_ROOTS = ['duration', 'status', 'exitCode', 'resourcesDuration', 'retries'];

/** What is wrong with a reference, where it stands; undefined when it resolves, or nobody can tell. */
export function variableProblem(
  reference: Reference,
  workflow: WorkflowObject,
  catalogue: Catalogue,
): VariableProblem | undefined {
  const { site, names } = reference;
  const [root = ''] = names;
  if (site.role === 'foreign' || root === '$env' || root === 'sprig') return undefined;
  if (site.role === 'retry' && reference.inExpression) return retryProblem(reference);
  if (site.role === 'cron') return root === 'cronworkflow' || root === 'workflow' ? undefined : unknown(reference);
  if (site.role === 'metric' && METRIC_ROOTS.includes(root)) return undefined;
  switch (root) {
    case 'workflow':
      return workflowProblem(reference, workflow, catalogue);
    case 'inputs':
      return inputProblem(reference, workflow);
    case 'outputs':
      return outputProblem(reference);
    case 'steps':
    case 'tasks':
      return nodeProblem(reference, workflow, catalogue);
    case 'item':
      return isInLoop(site, workflow) || site.role === 'workflow'
        ? undefined
        : outside(reference, 'withItems, withParam or withSequence on the step or task');
    case 'retries':
    case 'lastRetry':
      return retries(site, workflow) || site.role === 'workflow'
        ? undefined
        : outside(reference, 'retryStrategy on the template');
    case 'pod':
      return site.template?.isPod === true || site.role === 'workflow'
        ? undefined
        : outside(reference, 'a template that runs a pod');
    case 'node':
      return site.template === undefined && site.role !== 'workflow' ? outside(reference, 'a template') : undefined;
    default:
      return unknown(reference);
  }
}

function retryProblem(reference: Reference): VariableProblem | undefined {
  const [root = '', member] = reference.names;
  if (root === 'retries') return undefined;
  if (root === 'lastRetry') {
    const known = ['exitCode', 'status', 'duration', 'message'];
    if (member === undefined || known.includes(member)) return undefined;
    return {
      mistake: 'unknown-variable',
      what: `lastRetry has no "${member}"`,
      fix: suggest(member, known, 'use lastRetry.exitCode'),
    };
  }
  return {
    mistake: 'variable-scope',
    what: `a retry expression knows only retries and lastRetry, so ${reference.written} is an unknown name there`,
    fix: `write it as a tag, '{{${reference.written}}}', which is filled in before`,
  };
}

function unknown(reference: Reference): VariableProblem {
  const [root = ''] = reference.names;
  const roots = reference.site.role === 'cron' ? ['cronworkflow'] : ROOTS;
  const meant = nearest(root, [...roots, ...(reference.site.role === 'metric' ? METRIC_ROOTS : [])]);
  if (reference.inExpression) {
    const metric = METRIC_ROOTS.includes(root);
    return {
      mistake: 'unknown-variable',
      what: `the expression uses the unknown name "${root}"`,
      fix: metric ? `"${root}" exists only in metrics` : suggest(root, roots, 'use a workflow variable'),
    };
  }
  if (METRIC_ROOTS.includes(root)) return outside(reference, 'a metric');
  if (meant !== undefined && reference.names.length > 1) {
    return {
      mistake: 'unknown-variable',
      what: `${reference.written} is no variable; it stays as text`,
      fix: `did you mean "${[meant, ...reference.names.slice(1)].join('.')}"?`,
    };
  }
  return {
    mistake: 'literal-tag',
    what: `${reference.written} is no variable of Argo and stays as text`,
    fix: 'if another program is meant to read it, keep it out of the manifest (a file, a ConfigMap); else correct the name',
  };
}

function isInLoop(site: Site, workflow: WorkflowObject): boolean {
  if (site.call?.loop !== undefined) return true;
  return templatesAround(site.template, workflow).some((template) => template.inlineOf?.loop !== undefined);
}

function retries(site: Site, workflow: WorkflowObject): boolean {
  return site.template !== undefined && isRetried(site.template, workflow);
}

function inputProblem(reference: Reference, workflow: WorkflowObject): VariableProblem | undefined {
  const { site, names } = reference;
  const [, kind, name, member] = names;
  // Fields of pods that stand at the workflow are filled in with the inputs of the template that runs.
  if (site.role === 'workflow') return undefined;
  if (site.template === undefined) return outside(reference, 'a template with inputs');
  if (kind === undefined && reference.inExpression) return undefined;
  if (kind !== 'parameters' && kind !== 'artifacts') {
    return {
      mistake: 'unknown-variable',
      what: `inputs has no "${kind ?? ''}"`,
      fix: suggest(kind ?? '', ['parameters', 'artifacts'], 'use inputs.parameters.NAME'),
    };
  }
  if (name === undefined) return undefined;
  // The text of an inline template is filled in twice: with its own inputs, and with those of the templates around it.
  const templates = [...templatesAround(site.template, workflow), ...(site.call?.inline ? [site.call.inline] : [])];
  const declared = templates.flatMap((template) => template.inputs[kind]);
  const found = declared.find((input) => input.name === name);
  const label = site.template.name === '' ? 'the template' : `template "${site.template.name}"`;
  if (found === undefined) {
    return {
      mistake: 'undeclared-input',
      what: `${label} has no input ${kind === 'parameters' ? 'parameter' : 'artifact'} "${name}"`,
      fix: suggest(
        name,
        declared.map((input) => input.name),
        `add it to inputs.${kind}`,
      ),
    };
  }
  if (member !== undefined && !reference.inExpression && !(kind === 'artifacts' && member === 'path')) {
    return {
      mistake: 'unknown-variable',
      what: `${reference.written} is no variable`,
      fix: kind === 'artifacts' ? `use {{inputs.artifacts.${name}.path}}` : `use {{inputs.parameters.${name}}}`,
    };
  }
  return undefined;
}

function outputProblem(reference: Reference): VariableProblem | undefined {
  const { site, names } = reference;
  const [, kind, name, member] = names;
  const { template } = site;
  if (site.role === 'workflow') return undefined;
  if (template === undefined) return outside(reference, 'a template with outputs');
  if (kind === 'result' || kind === undefined || name === undefined) {
    return site.role === 'metric' || site.role === 'hook' ? undefined : outside(reference, 'a metric');
  }
  if (kind !== 'parameters' && kind !== 'artifacts') {
    return {
      mistake: 'unknown-variable',
      what: `outputs has no "${kind}"`,
      fix: suggest(kind, ['parameters', 'artifacts', 'result'], 'use outputs.parameters.NAME.path'),
    };
  }
  const declared: readonly Named[] = template.outputs[kind];
  if (!declared.some((output) => output.name === name)) {
    return {
      mistake: 'unknown-output',
      what: `template "${template.name}" has no output ${kind === 'parameters' ? 'parameter' : 'artifact'} "${name}"`,
      fix: suggest(
        name,
        declared.map((output) => output.name),
        `add it to outputs.${kind}`,
      ),
    };
  }
  if (member === 'path' || site.role === 'metric' || site.role === 'hook') return undefined;
  return outside(reference, 'a metric (a template can use the path of its output, but not the value)');
}
