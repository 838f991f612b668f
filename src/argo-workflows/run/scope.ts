import { evaluateExpression, fetchMember } from '../expressions/evaluate';
import { ExpressionError } from '../expressions/expression-error';
import { parseExpression } from '../expressions/parser';
import { splitTags } from '../expressions/tags';
import { goJson, goString, isMap, type MapValue, type Value, ValueError } from '../expressions/values';
import { isFields } from '../lint/fields';
import { RunError } from './result';

/** The variables that a text may use. */
export interface Scope {
  /** Nested by name: `{ inputs: { parameters: { n: '1' } } }`; `null` is an output that is absent. */
  readonly variables: MapValue;
  /** Whole lists as JSON, such as `inputs.parameters`, which in an expression are maps. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The value of a text that is one tag, for an output that is absent. */
export const ABSENT = Symbol('absent');

/** A scope with more variables; the new ones win. */
export function extendScope(scope: Scope, variables: MapValue, texts: Iterable<readonly [string, string]> = []): Scope {
  return { variables: { ...scope.variables, ...variables }, texts: new Map([...scope.texts, ...texts]) };
}

/**
 * Fills in every tag of a text.
 *
 * @returns {@link ABSENT} when the text is one plain tag of an output that is absent.
 * @throws {RunError} for a tag that cannot be resolved: the controller would wait, or leave it as it is.
 */
export function substitute(text: string, scope: Scope, where: string): string | typeof ABSENT {
  const inner = substituteNested(text, scope, where);
  const parts = splitTags(inner);
  let result = '';
  for (const part of parts) {
    if (part.kind === 'text') result += part.text;
    else if (part.kind === 'expression') result += evaluateTag(part.source, scope, where);
    else if (part.kind === 'variable') {
      const value = lookUp(part.name, scope);
      if (value === undefined) throw unresolved(part.name, where);
      if (value === null && parts.length === 1) return ABSENT;
      if (value === null) throw absent(part.name, where);
      result += value;
    }
  }
  return result;
}

/** Fills in the inner tags of `{{a.{{b}}}}`. */
function substituteNested(text: string, scope: Scope, where: string): string {
  return text.replace(/(\{\{[^{}=]*)\{\{([^{}]*)\}\}(?=[^{}]*\}\})/g, (_, before: string, name: string) => {
    const value = lookUp(name.trim(), scope);
    if (typeof value !== 'string') throw unresolved(name, where);
    return before + value;
  });
}

/** Like {@link substitute}, where an absent value has nothing to stand in for it. */
export function substituteText(text: string, scope: Scope, where: string): string {
  const result = substitute(text, scope, where);
  if (result === ABSENT) throw absent(text, where);
  return result;
}

/** Fills in every text below a value. */
export function substituteAll(value: unknown, scope: Scope, where: string): unknown {
  if (typeof value === 'string') return value.includes('{{') ? substituteText(value, scope, where) : value;
  if (Array.isArray(value)) return value.map((item) => substituteAll(item, scope, where));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, substituteAll(item, scope, `${where}.${key}`)]),
  );
}

/** Evaluates an expression. @throws {RunError} when it fails. */
export function evaluateIn(source: string, scope: Scope, where: string): Value {
  try {
    return evaluateExpression(parseExpression(source), scope.variables, source);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new RunError(
      where,
      `the expression "${source.trim()}" fails: ${error.message}`,
      'provide for the values that it may get',
    );
  }
}

/** Evaluates a condition such as `retryStrategy.expression`. @throws {RunError} when it is not true or false. */
export function evaluateCondition(source: string, scope: Scope, where: string): boolean {
  const value = evaluateIn(source, scope, where);
  if (typeof value === 'boolean') return value;
  throw new RunError(where, `the expression "${source.trim()}" is ${goString(value)}`, 'make it true or false');
}

function evaluateTag(source: string, scope: Scope, where: string): string {
  const value = evaluateIn(source, scope, where);
  if (value === null) {
    throw new RunError(where, `the expression "${source.trim()}" is nil`, 'add ?? and what to use instead');
  }
  try {
    return typeof value === 'string' ? value : goJson(value);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new RunError(
      where,
      `the expression "${source.trim()}" cannot be written: ${error.message}`,
      'make it a number',
    );
  }
}

/** The text of a variable; null when it is absent, undefined when it does not exist. */
function lookUp(name: string, scope: Scope): string | null | undefined {
  const whole = scope.texts.get(name);
  if (whole !== undefined) return whole;
  let value: Value = scope.variables;
  let rest = name;
  while (rest !== '') {
    if (!isMap(value)) return undefined;
    // Labels and annotations have dots in their names.
    const key: string = Object.hasOwn(value, rest) ? rest : (rest.split('.')[0] ?? '');
    if (!Object.hasOwn(value, key)) return undefined;
    value = fetchMember(value, key);
    rest = rest.slice(key.length + 1);
  }
  if (value === null || typeof value === 'string') return value;
  return isMap(value) ? undefined : goJson(value);
}

function unresolved(name: string, where: string): RunError {
  return new RunError(
    where,
    `{{${name}}} never resolves: the controller would wait for ever`,
    'use something that has a value here',
  );
}

function absent(name: string, where: string): RunError {
  const what = `${name} is an output of something that did not run, and has no default`;
  return new RunError(where, what, 'give it a default, or write an expression with ?? ');
}
