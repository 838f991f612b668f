import { type Catalogue, sameNamespace } from '../catalogue';
import { isFields, isSet, listOf, partAt, scalarText, textOf } from '../fields';
import { callsAndHooksOf, type WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';

function* submittedValues(workflow: WorkflowObject): Generator<Problem> {
  if (workflow.kind !== 'Workflow' || isSet(workflow.spec.fields.workflowTemplateRef)) return;
  for (const parameter of workflow.arguments.parameters) {
    if ('value' in parameter.fields || isFields(parameter.fields.valueFrom)) continue;
    const what = 'a parameter without value, so that the workflow can be submitted only with one';
    yield { at: parameter.at, what, value: parameter.name, fix: 'give it a value, or pass it with -p' };
  }
}

function* enums(workflow: WorkflowObject): Generator<Problem> {
  const parameters = [
    ...workflow.arguments.parameters,
    ...workflow.allTemplates.flatMap((template) => template.inputs.parameters),
  ];
  for (const parameter of parameters) {
    const values = listOf(parameter.fields.enum).map(scalarText);
    if (values.length === 0) continue;
    for (const field of ['value', 'default']) {
      const text = scalarText(parameter.fields[field]);
      if (text === undefined || text.includes('{{') || values.includes(text)) continue;
      yield {
        at: [...parameter.at, field],
        what: `not one of the values of its enum`,
        value: text,
        fix: `use one of ${values.join(', ')}`,
      };
    }
  }
}

function* textValues(workflow: WorkflowObject): Generator<Problem> {
  const parameters = [
    ...workflow.arguments.parameters,
    ...workflow.allTemplates.flatMap((template) => template.inputs.parameters),
    ...workflow.allTemplates.flatMap(callsAndHooksOf).flatMap((call) => call.arguments.parameters),
  ];
  for (const parameter of parameters) {
    for (const field of ['value', 'default']) {
      const value = parameter.fields[field];
      if (value === undefined || value === null || typeof value === 'string') continue;
      const scalar = scalarText(value);
      const what =
        scalar === undefined
          ? 'a value that is no text'
          : 'a value that is not quoted, and may be read differently (1.10, 010, yes)';
      yield {
        at: [...parameter.at, field],
        what,
        value: scalar ?? JSON.stringify(value),
        fix: 'write it in quotes; objects as JSON text',
      };
    }
  }
}

function* configMaps(workflow: WorkflowObject, catalogue: Catalogue): Generator<Problem> {
  const parameters = [
    ...workflow.arguments.parameters,
    ...workflow.allTemplates.flatMap((template) => template.inputs.parameters),
  ];
  for (const parameter of parameters) {
    const reference = partAt(parameter, 'valueFrom', 'configMapKeyRef');
    const name = textOf(reference.fields.name);
    const found = catalogue.configMaps.find(
      (each) => each.name === name && sameNamespace(each.namespace, workflow.namespace),
    );
    if (found === undefined || found.labels['workflows.argoproj.io/configmap-type'] === 'Parameter') continue;
    const what =
      'the ConfigMap lacks the label workflows.argoproj.io/configmap-type: Parameter, so the controller says that it does not exist';
    yield { at: reference.at, what, value: name ?? '', fix: 'add the label to the ConfigMap' };
  }
}

export const PARAMETER_RULES: readonly Rule[] = [
  {
    id: 'submitted-value',
    severity: 'warning',
    why: 'The API server takes the workflow, and the controller fails it at once, when a parameter has no value.',
    check: submittedValues,
  },
  {
    id: 'enum-value',
    severity: 'error',
    why: 'The controller refuses a value that is not in the enum of its parameter; the form in the UI shows only those.',
    check: enums,
  },
  {
    id: 'unquoted-value',
    severity: 'warning',
    why: 'Parameters are texts. What is not quoted is read by YAML first: 1.10 becomes 1.1, 010 becomes 8, yes becomes true. The complete definitions of Argo Workflows take only texts.',
    check: textValues,
  },
  {
    id: 'config-map-label',
    severity: 'error',
    why: 'The controller sees only ConfigMaps with this label, and otherwise reports that the ConfigMap does not exist.',
    check: configMaps,
  },
];
