import { load, loadAll, YAMLException } from 'js-yaml';
import { hasTags } from '../../expressions/tags';
import { fieldsOf, isFields, isSet, partAt, partsAt, scalarText, textOf } from '../fields';
import type { WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { suggest } from '../similar';

const POD_GC = ['OnPodCompletion', 'OnPodSuccess', 'OnWorkflowCompletion', 'OnWorkflowSuccess'];

function* podGc(workflow: WorkflowObject): Generator<Problem> {
  const gc = partAt(workflow.spec, 'podGC');
  const strategy = scalarText(gc.fields.strategy);
  if (isSet(strategy) && !POD_GC.includes(strategy ?? '')) {
    const fix = suggest(strategy ?? '', POD_GC, 'use OnPodSuccess');
    yield { at: [...gc.at, 'strategy'], what: 'no such strategy', value: strategy ?? '', fix };
  }
  const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];
  for (const requirement of partsAt(gc, 'labelSelector', 'matchExpressions')) {
    const operator = scalarText(requirement.fields.operator) ?? '';
    if (operators.includes(operator)) continue;
    yield {
      at: [...requirement.at, 'operator'],
      what: 'no such operator',
      value: operator,
      fix: suggest(operator, operators, 'use In'),
    };
  }
}

function* memoization(workflow: WorkflowObject): Generator<Problem> {
  const collects = isSet(fieldsOf(workflow.spec.fields.artifactGC).strategy);
  for (const template of workflow.allTemplates) {
    if (!isFields(template.fields.memoize)) continue;
    const collected = template.outputs.artifacts.find((artifact) => {
      const strategy = textOf(fieldsOf(artifact.fields.artifactGC).strategy);
      return strategy === undefined ? collects : strategy !== 'Never';
    });
    if (collected === undefined) continue;
    const what = `the cache remembers the artifact "${collected.name}", which is deleted with the workflow that made it`;
    yield { at: [...template.at, 'memoize'], what, fix: 'set artifactGC.strategy: Never on the artifact' };
  }
}

function* memoizeFields(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    const { memoize } = template.fields;
    if (!isFields(memoize)) continue;
    const configMap = fieldsOf(fieldsOf(memoize.cache).configMap);
    const wanted = { key: memoize.key, maxAge: memoize.maxAge, 'cache.configMap.key': configMap.key };
    for (const [field, value] of Object.entries(wanted)) {
      if (isSet(value)) continue;
      const fix = field === 'cache.configMap.key' ? 'write any; the controller uses the key of memoize' : 'add it';
      yield { at: [...template.at, 'memoize'], what: `has no ${field}`, fix };
    }
  }
}

function* resourceManifests(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    const manifest = textOf(partAt(template, 'resource').fields.manifest);
    if (manifest === undefined || /^\s*\{\{[^}]*\}\}\s*$/.test(manifest)) continue;
    try {
      loadAll(manifest.replace(/\{\{[\s\S]*?\}\}/g, 'value'), { json: true });
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      const at = [...template.at, 'resource', 'manifest'];
      yield {
        at,
        what: `the manifest is no YAML: ${error.reason}`,
        fix: 'quote values with tags, and check the indentation',
      };
    }
  }
}

function* patches(workflow: WorkflowObject): Generator<Problem> {
  for (const part of [workflow.spec, ...workflow.allTemplates]) {
    const patch = textOf(part.fields.podSpecPatch);
    if (patch === undefined || hasTags(patch)) continue;
    try {
      if (isFields(load(patch, { json: true }))) continue;
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
    }
    yield {
      at: [...part.at, 'podSpecPatch'],
      what: 'the patch is no map of a pod specification',
      value: patch.slice(0, 40),
      fix: 'write it as JSON or YAML',
    };
  }
}

export const LIFECYCLE_RULES: readonly Rule[] = [
  {
    id: 'pod-gc',
    severity: 'error',
    why: 'The controller refuses an unknown strategy or selector for deleting pods.',
    check: podGc,
  },
  {
    id: 'memoize-artifact-gc',
    severity: 'warning',
    why: 'A cache hit gives the outputs of the first run; when its artifacts were deleted with it, the steps that read them fail.',
    check: memoization,
  },
  {
    id: 'memoize-fields',
    severity: 'warning',
    why: 'Where the complete definitions of Argo Workflows are installed, the API server refuses a memoize without key, maxAge or the key of its ConfigMap.',
    check: memoizeFields,
  },
  {
    id: 'resource-manifest',
    severity: 'error',
    why: 'The controller refuses a resource template whose manifest is no YAML.',
    check: resourceManifests,
  },
  {
    id: 'pod-spec-patch',
    severity: 'error',
    why: 'The patch is read when the pod is created; a text that is no map fails the step.',
    check: patches,
  },
];
