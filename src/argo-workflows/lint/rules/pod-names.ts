import { allCallsOf, isRetried, type Template, type WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { TAG } from './names';

function* podNames(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.templates) {
    const { at, isPod, name } = template;
    if (!isPod || !/[A-Z]/.test(name.replace(TAG, '')) || isNamedAfterWorkflow(template, workflow)) continue;
    const what = 'no pod can be named after a template with capital letters';
    yield { at: [...at, 'name'], what, value: name, fix: `write it in lower case, such as "${hyphenated(name)}"` };
  }
}

/** Whether the only pod of a template is that of the whole workflow: each try of one that is retried has its own. */
function isNamedAfterWorkflow(template: Template, workflow: WorkflowObject): boolean {
  const { name } = template;
  const { spec, kind } = workflow;
  if (kind.endsWith('Template') || spec.fields.entrypoint !== name || spec.fields.onExit === name) return false;
  return !isRetried(template, workflow) && !allCallsOf(workflow).some((call) => call.template === name);
}

function hyphenated(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

export const POD_NAME_RULES: readonly Rule[] = [
  {
    id: 'pod-name',
    severity: 'error',
    why: 'Pods of steps and tasks carry the name of their template, and Kubernetes refuses names with capital letters: argo lint accepts the template and the step ends in Error.',
    check: podNames,
  },
];
