import { type Catalogue, type Found, findReferenced, findWorkflowTemplate } from '../catalogue';
import { isSet, partAt, textOf } from '../fields';
import { allCallsOf, type Call, callsOf, type Template, type WorkflowObject } from '../model';
import { referencesOf } from '../references';
import type { Problem, Rule } from '../rule';
import { mountsOf, volumeNames } from './containers';

/** Whether the object is run itself; a mere collection of templates gets what its users have. */
function isRun(workflow: WorkflowObject): boolean {
  return !workflow.kind.endsWith('Template') || isSet(workflow.spec.fields.entrypoint);
}

/** Calls of templates of other objects that are among what is linted. */
function foreignCalls(workflow: WorkflowObject, catalogue: Catalogue): readonly (Found & { readonly call: Call })[] {
  if (!isRun(workflow)) return [];
  return workflow.allTemplates.flatMap(callsOf).flatMap((call) => {
    const found = call.templateRef && findReferenced(catalogue, workflow, call.templateRef);
    return found === undefined || found.workflow === workflow ? [] : [{ ...found, call }];
  });
}

/** A template and those that it calls within its own object. */
function reachable({ template, workflow }: Found): ReadonlySet<Template> {
  const seen = new Set<Template>();
  const queue: Template[] = [template];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const call of callsOf(next)) {
      const called = call.inline ?? workflow.templates.find((each) => each.name === call.template);
      if (called !== undefined) queue.push(called);
    }
  }
  return seen;
}

function* foreignTemplates(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const seen = new Set<string>();
  const references = allCallsOf(workflow).flatMap((call) =>
    call.templateRef === undefined ? [] : [{ at: [...call.at, 'templateRef'], ...call.templateRef }],
  );
  const base = partAt(workflow.spec, 'workflowTemplateRef');
  const name = textOf(base.fields.name);
  const all =
    name === undefined
      ? references
      : [{ at: base.at, name, clusterScope: base.fields.clusterScope === true }, ...references];
  for (const reference of all) {
    if (reference.name === '' || reference.name.includes('{{') || seen.has(reference.name)) continue;
    seen.add(reference.name);
    if (findWorkflowTemplate(catalogue, workflow, reference.name, reference.clusterScope) !== undefined) continue;
    const kind = reference.clusterScope ? 'ClusterWorkflowTemplate' : 'WorkflowTemplate';
    const what = `the ${kind} is not among these files, so nothing about it can be checked`;
    yield { at: reference.at, what, value: reference.name, fix: 'lint it together with this file' };
  }
}

function* foreignVolumes(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const own = volumeNames(workflow.spec);
  for (const { call, ...found } of foreignCalls(workflow, catalogue)) {
    const known = [...own, ...volumeNames(found.template)];
    for (const mount of mountsOf(found.template)) {
      const name = textOf(mount.fields.name) ?? '';
      if (known.includes(name)) continue;
      const what = `template "${found.template.name}" mounts the volume "${name}" of its own ${found.workflow.kind}, which a templateRef does not bring along`;
      yield {
        at: [...call.at, 'templateRef'],
        what,
        fix: `declare the volume "${name}" here too, or in that template`,
      };
    }
  }
}

function* foreignParameters(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const declared = workflow.arguments.parameters.map((parameter) => parameter.name);
  const seen = new Set<string>();
  for (const { call, ...found } of foreignCalls(workflow, catalogue)) {
    const templates = reachable(found);
    for (const { names, site } of referencesOf(found.workflow).references) {
      const [root, kind, name] = names;
      if (site.template === undefined || !templates.has(site.template)) continue;
      if (root !== 'workflow' || kind !== 'parameters' || name === undefined || name === 'json') continue;
      const key = JSON.stringify([call.at, name]);
      if (declared.includes(name) || seen.has(key)) continue;
      seen.add(key);
      const what = `"${found.template.name}" reads the workflow parameter "${name}", which a templateRef does not bring along`;
      yield { at: [...call.at, 'templateRef'], what, fix: `declare "${name}" in spec.arguments.parameters here` };
    }
  }
}

export const FOREIGN_RULES: readonly Rule[] = [
  {
    id: 'foreign-template',
    severity: 'warning',
    why: 'A template of another object is looked up when the step begins; if it is missing or changed, the run fails there. Linted together, its inputs, outputs and volumes are checked too.',
    check: foreignTemplates,
  },
  {
    id: 'foreign-volume',
    severity: 'error',
    why: 'A templateRef brings only the template: not the volumes, arguments or service account of the WorkflowTemplate that it stands in.',
    check: foreignVolumes,
  },
  {
    id: 'foreign-parameter',
    severity: 'error',
    why: 'A template that is used by templateRef reads the parameters of the workflow that runs it, not of the WorkflowTemplate that it stands in; the run is refused when it has none of that name.',
    check: foreignParameters,
  },
];
