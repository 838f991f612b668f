import { goString } from '../expressions/values';
import { fieldsOf, isSet, scalarText, textOf } from '../lint/fields';
import type { Template } from '../lint/model';
import { resolveArtifact } from './arguments';
import type { RunContext } from './context';
import { type NodeOutputs, RunError } from './result';
import { ABSENT, evaluateIn, type Scope, substitute, substituteText } from './scope';

/** The outputs of a `steps` or `dag` template that succeeded, from those of its steps or tasks. */
export function outerOutputs(template: Template, scope: Scope, where: string, context: RunContext): NodeOutputs {
  const parameters = template.outputs.parameters.map((output): [string, string] => {
    const place = `${where}.outputs.${output.name}`;
    const value = scalarText(output.fields.value);
    if (value !== undefined) return [output.name, substituteText(value, scope, place)];
    const from = fieldsOf(output.fields.valueFrom);
    const fallback = scalarText(from.default);
    return [output.name, withDefault(() => outerParameter(from, scope, place), fallback, place)];
  });
  const artifacts = template.outputs.artifacts.flatMap((output): [string, string][] => {
    const content = resolveArtifact(output, scope, `${where}.outputs.${output.name}`, context);
    return content === undefined ? [] : [[output.name, content]];
  });
  return { parameters: Object.fromEntries(parameters), artifacts: Object.fromEntries(artifacts) };
}

function outerParameter(from: Readonly<Record<string, unknown>>, scope: Scope, where: string): string | undefined {
  const expression = textOf(from.expression);
  if (isSet(expression)) {
    const value = evaluateIn(expression ?? '', scope, where);
    return value === null ? undefined : goString(value);
  }
  const text = substitute(textOf(from.parameter) ?? '', scope, where);
  return text === ABSENT ? undefined : text;
}

/** The default of the output takes the place of a source that is absent or cannot be resolved. */
function withDefault(resolve: () => string | undefined, fallback: string | undefined, where: string): string {
  try {
    const value = resolve() ?? fallback;
    if (value !== undefined) return value;
  } catch (error) {
    if (fallback !== undefined && error instanceof RunError) return fallback;
    throw error;
  }
  throw new RunError(where, 'it comes from something that did not run', 'give it valueFrom.default, or use ??');
}

/** Writes down the outputs that have a `globalName`. */
export function exportGlobals(template: Template, outputs: NodeOutputs, scope: Scope, context: RunContext): void {
  for (const kind of ['parameters', 'artifacts'] as const) {
    for (const { name, fields } of template.outputs[kind]) {
      const value = outputs[kind][name];
      const globalName = textOf(fields.globalName) ?? '';
      if (value === undefined || globalName === '') continue;
      const where = `${template.name}.outputs.${name}.globalName`;
      context.globalOutputs[kind][substituteText(globalName, scope, where)] = value;
    }
  }
}
