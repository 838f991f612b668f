import { fieldsOf, isSet, scalarText, textOf } from '../lint/fields';
import type { Named, Template, Values } from '../lint/model';
import { configMapValue } from './config-maps';
import type { Arguments, RunContext } from './context';
import { RunError } from './result';
import { ABSENT, evaluateIn, type Scope, substitute, substituteAll, substituteText } from './scope';

/** Fills in the arguments of a step or task. */
export function resolveArguments(values: Values, scope: Scope, where: string, context: RunContext): Arguments {
  const parameters = new Map<string, string | undefined>();
  for (const parameter of values.parameters) {
    const place = `${where}.arguments.${parameter.name}`;
    const value = scalarText(parameter.fields.value);
    if (value !== undefined) {
      const text = substitute(value, scope, place);
      parameters.set(parameter.name, text === ABSENT ? undefined : text);
    } else if (parameter.fields.value !== undefined) {
      parameters.set(parameter.name, JSON.stringify(parameter.fields.value));
    } else {
      parameters.set(parameter.name, fromConfigMap(parameter, scope, place, context));
    }
  }
  const artifacts = new Map<string, string>();
  for (const artifact of values.artifacts) {
    const content = resolveArtifact(artifact, scope, `${where}.arguments.${artifact.name}`, context);
    if (content !== undefined) artifacts.set(artifact.name, content);
  }
  return { parameters, artifacts };
}

/** What stands for an artifact: another artifact, a raw text, or the place where it lies; undefined when it is absent. */
export function resolveArtifact(artifact: Named, scope: Scope, where: string, context: RunContext): string | undefined {
  const from = textOf(artifact.fields.from);
  const expression = textOf(artifact.fields.fromExpression);
  if (isSet(from)) {
    const optional = artifact.fields.optional === true;
    try {
      const content = substitute(from ?? '', scope, where);
      if (content !== ABSENT) return content;
      if (optional) return undefined;
    } catch (error) {
      if (optional && error instanceof RunError) return undefined;
      throw error;
    }
    throw new RunError(where, `the artifact ${from ?? ''} is absent`, 'write optional: true');
  }
  if (isSet(expression)) {
    const value = evaluateIn(expression ?? '', scope, where);
    return typeof value === 'string' ? value : undefined;
  }
  return context.executor.importArtifact(fieldsOf(substituteAll(artifact.fields, scope, where)), where);
}

/**
 * The inputs of a template: the argument, else the default, else the ConfigMap.
 *
 * @throws {RunError} when an input has no value.
 */
export function resolveInputs(
  template: Template,
  given: Arguments,
  scope: Scope,
  where: string,
  context: RunContext,
): { readonly parameters: Readonly<Record<string, string>>; readonly artifacts: Readonly<Record<string, string>> } {
  const parameters = template.inputs.parameters.map((input): [string, string] => {
    const argument = given.parameters.get(input.name);
    if (argument !== undefined) return [input.name, argument];
    const fallback = scalarText(input.fields.value) ?? scalarText(input.fields.default);
    const place = `${where}.inputs.${input.name}`;
    if (fallback !== undefined) return [input.name, substituteText(fallback, scope, place)];
    if (isSet(fieldsOf(input.fields.valueFrom).configMapKeyRef))
      return [input.name, fromConfigMap(input, scope, place, context)];
    const absent = given.parameters.has(input.name);
    const problem = absent ? 'its argument is an output of something that did not run' : 'it was not supplied';
    throw new RunError(place, problem, 'pass an argument, or give the input a default');
  });
  const artifacts = template.inputs.artifacts.flatMap((input): [string, string][] => {
    const content = given.artifacts.get(input.name) ?? resolveArtifact(input, scope, where, context);
    if (content !== undefined) return [[input.name, content]];
    if (input.fields.optional === true) return [];
    throw new RunError(
      `${where}.inputs.${input.name}`,
      'the artifact was not supplied',
      'pass it, or make it optional',
    );
  });
  return { parameters: Object.fromEntries(parameters), artifacts: Object.fromEntries(artifacts) };
}

function fromConfigMap(parameter: Named, scope: Scope, where: string, context: RunContext): string {
  const valueFrom = substituteAll(parameter.fields.valueFrom, scope, where);
  const value = configMapValue(valueFrom, context.catalogue);
  if (value !== undefined) return value;
  const { name, key } = fieldsOf(fieldsOf(valueFrom).configMapKeyRef);
  const what = `there is no ConfigMap "${String(name)}" with a key "${String(key)}" among the objects`;
  throw new RunError(where, what, 'pass it to the run');
}
