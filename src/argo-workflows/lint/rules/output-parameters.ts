import { type Fields, fieldsOf, isFields, isSet, scalarText } from '../fields';
import type { Named, Template, WorkflowObject } from '../model';
import type { Problem, Rule } from '../rule';

const OUTPUT_SOURCES = ['path', 'jqFilter', 'jsonPath', 'parameter', 'expression', 'supplied'];

function* outputParameters(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    for (const output of template.outputs.parameters) {
      const { value, valueFrom } = output.fields;
      if (isSet(value) && isSet(valueFrom)) {
        yield { at: output.at, what: 'value and valueFrom together', value: output.name, fix: 'keep one of them' };
        continue;
      }
      if (isSet(value) || scalarText(value) === '') continue;
      if (!isFields(valueFrom)) {
        yield {
          at: output.at,
          what: 'an output without valueFrom',
          value: output.name,
          fix: `set ${expectedSource(template)}`,
        };
        continue;
      }
      yield* outputSource(template, output, valueFrom);
    }
  }
}

function* outputSource(template: Template, output: Named, valueFrom: Fields): Generator<Problem> {
  const sources = OUTPUT_SOURCES.filter((source) => isSet(valueFrom[source]));
  const at = [...output.at, 'valueFrom'];
  if (sources.length > 1) {
    yield { at, what: `an output with several sources: ${sources.join(', ')}`, fix: 'keep one of them' };
  } else if (sources.length === 0) {
    yield { at, what: 'an output without a source', value: output.name, fix: `set ${expectedSource(template)}` };
  } else if (!allowedSources(template).includes(sources[0] ?? '')) {
    const what = `a ${template.kind ?? ''} template has no ${sources[0] ?? ''} to read from`;
    yield { at: [...at, sources[0] ?? ''], what, fix: `set ${expectedSource(template)}` };
  }
}

function allowedSources(template: Template): readonly string[] {
  switch (template.kind) {
    case 'container':
    case 'containerSet':
    case 'script':
      return ['path'];
    case 'resource':
      return ['jqFilter', 'jsonPath'];
    case 'steps':
    case 'dag':
      return ['parameter', 'expression'];
    default:
      return OUTPUT_SOURCES;
  }
}

function expectedSource(template: Template): string {
  const [first = 'path'] = template.kind === 'suspend' ? ['supplied'] : allowedSources(template);
  return `valueFrom.${first}`;
}

function* suspendForms(workflow: WorkflowObject): Generator<Problem> {
  for (const template of workflow.allTemplates) {
    if (template.kind !== 'suspend') continue;
    const inputs = template.inputs.parameters.map((input) => input.name);
    for (const output of template.outputs.parameters) {
      if (!isSet(fieldsOf(output.fields.valueFrom).supplied) || inputs.includes(output.name)) continue;
      const what = 'the form in the UI shows the inputs of a suspend template, and there is none of this name';
      yield { at: output.at, what, value: output.name, fix: 'add an input of the same name, with enum and default' };
    }
  }
}

export const OUTPUT_PARAMETER_RULES: readonly Rule[] = [
  {
    id: 'output-parameter',
    severity: 'error',
    why: 'An output parameter has one source, and which one depends on what the template runs.',
    check: outputParameters,
  },
  {
    id: 'suspend-form',
    severity: 'warning',
    why: 'The UI asks a person for the inputs of a suspend template; an output that is to be supplied needs an input of the same name to appear in the form.',
    check: suspendForms,
  },
];
