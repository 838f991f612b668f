import { type Catalogue, findSubmitted } from '../catalogue';
import { fieldsOf, isSet, partAt, partsAt, textOf } from '../fields';
import type { WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';
import { hasDefault } from './arguments';

function* eventBinding(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  if (workflow.kind !== 'WorkflowEventBinding') return;
  if (!isSet(fieldsOf(workflow.spec.fields.event).selector)) {
    yield {
      at: [...workflow.spec.at, 'event'],
      what: 'an event binding without selector',
      fix: 'set event.selector, such as payload.message != ""',
    };
  }
  const submit = partAt(workflow.spec, 'submit');
  if (!isSet(workflow.spec.fields.submit)) return;
  if (!isSet(partAt(submit, 'workflowTemplateRef').fields.name)) {
    yield { at: submit.at, what: 'an event binding that submits nothing', fix: 'set submit.workflowTemplateRef.name' };
  }
  const target = findSubmitted(catalogue, workflow);
  if (target === undefined) return;
  const given = partsAt(submit, 'arguments', 'parameters').map((parameter) => textOf(parameter.fields.name));
  for (const parameter of target.arguments.parameters) {
    if (hasDefault(parameter) || given.includes(parameter.name)) continue;
    const what = `${target.kind} "${target.name}" needs the parameter "${parameter.name}", which is not given`;
    yield { at: submit.at, what, fix: 'add it to submit.arguments.parameters' };
  }
}

export const EVENT_RULES: readonly Rule[] = [
  {
    id: 'event-binding',
    severity: 'error',
    why: 'An event binding needs a selector, and submits a WorkflowTemplate with all its parameters; otherwise events are dropped with a line in the log of the server.',
    check: eventBinding,
  },
];
