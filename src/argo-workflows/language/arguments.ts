import { type Artifact, type ArtifactLocation, originOf } from './artifact';
import { isHandle, nodeOf, type Owner, ownerOf, type Presence, type Value } from './expr';
import { ExpressionMistake, field } from './expression-text';
import { type ArtifactInput, type Inputs, misfit, type ParameterInput } from './inputs';
import { absences, type Json, literals, type Node, typeOf, type ValueType } from './node';
import type { Problem } from './problem';
import type { Wire } from './template';

type OptionalKeys<I extends Inputs> = {
  [K in keyof I]: I[K] extends { readonly optional: true } ? K : never;
}[keyof I];

/** What may be passed to one input. */
type Argument<X, Scope extends string> =
  X extends ParameterInput<infer T, infer Optional>
    ? T | Value<T, Scope, Optional extends true ? Presence : 'present'>
    : X extends ArtifactInput<infer Optional>
      ? Artifact<Scope, Optional extends true ? Presence : 'present'> | ArtifactLocation
      : never;

/** What may be passed to each input, made once for all tasks of a scope that run the template. */
type Accepted<I extends Inputs, Scope extends string> = {
  readonly [K in Exclude<keyof I, OptionalKeys<I>>]: Argument<I[K], Scope>;
} & {
  readonly [K in OptionalKeys<I>]?: Argument<I[K], Scope>;
} & NoOthers;

declare const place: unique symbol;

/** Of a type without any property, the compiler would let every object be. */
interface NoOthers {
  readonly [place]?: never;
}

/** Names task and input in the compiler's message: no value is of this type. */
interface TaskInput<Task, Input> {
  readonly [place]: readonly [Task, Input];
}

/** The arguments of a template: literals or handles of the scope. Inputs with a default may be left out. */
export type Arguments<I extends Inputs, Scope extends string, Task extends string> = {
  readonly [K in keyof Accepted<I, Scope>]: Accepted<I, Scope>[K] | TaskInput<Task, K>;
};

/** Arguments whatever the inputs are. */
export type AnyArguments = Readonly<Record<string, unknown>>;

/** Where arguments are written, and what collects their mistakes. */
export interface ArgumentPlace {
  readonly where: string;
  /** The builder whose handles may be used; `undefined` allows only variables of the workflow. */
  readonly owner: Owner | undefined;
  report(problem: Problem): void;
}

/** The `arguments` of a task, step, hook or workflow. */
export function renderArguments(inputs: Inputs, given: AnyArguments, place: ArgumentPlace): Wire {
  for (const name of Object.keys(given).filter((key) => inputs[key] === undefined)) {
    place.report({
      where: place.where,
      what: `unknown argument, which Argo would ignore`,
      value: name,
      fix: `use one of: ${Object.keys(inputs).join(', ') || '(the template takes none)'}`,
    });
  }
  const parameters: Wire[] = [];
  const artifacts: Wire[] = [];
  for (const [name, declared] of Object.entries(inputs)) {
    const value = given[name];
    const where = `${place.where}, input "${name}"`;
    if (value === undefined) {
      if (!declared.optional) {
        place.report({ where, what: 'a required argument is missing', fix: 'pass it, or give the input a default' });
      }
    } else if (declared.kind === 'artifact') {
      artifacts.push(...renderArtifact(name, declared, value, { ...place, where }));
    } else {
      parameters.push({ name, value: renderParameter(declared, value, { ...place, where }) });
    }
  }
  return {
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(artifacts.length > 0 ? { artifacts } : {}),
  };
}

/** What starts a run has no values of one. */
export function refuseHandles(given: AnyArguments, place: Pick<ArgumentPlace, 'where' | 'report'>): void {
  for (const name of Object.keys(given).filter((each) => isHandle(given[each]))) {
    const where = `${place.where}, argument "${name}"`;
    place.report({ where, what: 'a value of a run, before there is one', fix: 'use a literal' });
  }
}

function renderParameter(declared: ParameterInput<unknown, boolean>, value: unknown, place: ArgumentPlace): string {
  if (!isHandle(value)) {
    const mistake = misfit(declared, value);
    if (mistake !== undefined) {
      place.report({ where: place.where, what: `the argument is ${mistake}`, value, fix: 'pass a value of its type' });
    }
  } else if (declared.type === 'int' && typeOf(nodeOf(value)) === 'number') {
    place.report({
      where: place.where,
      what: 'a number that may have a fraction is passed to a whole number',
      fix: 'declare the source as int, or the input as number',
    });
  } else if (typeOf(nodeOf(value)) === 'string' && !['string', 'json'].includes(declared.type)) {
    // The item of a sequence with a format, which the types hold for a number.
    const fix = 'leave the format out, or declare the input as string';
    place.report({ where: place.where, what: `a text is passed to an input of the type ${declared.type}`, fix });
  }
  return renderField(withDefault(nodeOf(value), declared.default), declared.type, value, place);
}

/** Argo takes the consumer's default for an absent value only since 3.7.16, and not for one of a nested template. */
function withDefault(node: Node, fallback: Json | undefined): Node {
  return absences(node).length > 0 && fallback !== undefined
    ? { kind: 'fallback', of: node, fallback: { kind: 'literal', value: fallback } }
    : node;
}

function renderArtifact(
  name: string,
  declared: ArtifactInput<boolean>,
  value: unknown,
  place: ArgumentPlace,
): readonly Wire[] {
  const origin = originOf(value);
  const { shared = false } = declared;
  if (shared !== (origin?.shared ?? false)) {
    place.report({
      where: place.where,
      what: shared
        ? 'an artifact that Argo keeps is passed where a file of a volume is wanted'
        : 'a file of a volume is passed where Argo is to bring an artifact',
      fix: 'declare both as shared, or both as artifact',
    });
  }
  // The argument's own `optional` replaces that of the input.
  const optional = declared.optional ? { optional: true } : {};
  if (origin === undefined) {
    const { fields } = value as ArtifactLocation;
    for (const problem of literalProblems(place.where, fields)) place.report(problem);
    return [{ name, ...optional, ...fields }];
  }
  if (origin.owner !== place.owner) place.report(foreignHandle(place.where));
  const path = origin.path.map((segment) => (typeof segment === 'string' ? segment : segment.name)).join('.');
  return shared ? [] : [{ name, ...optional, from: `{{${path}}}` }];
}

/** The text of a field that may hold a value; reports what cannot be written. */
export function renderField(
  node: Node,
  type: ValueType,
  value: unknown,
  place: ArgumentPlace,
  write: (node: Node, type: ValueType) => string = field,
): string {
  const owner = ownerOf(value);
  if (owner !== undefined && owner !== place.owner) place.report(foreignHandle(place.where));
  for (const problem of literals(node).flatMap((literal) => literalProblems(place.where, literal)))
    place.report(problem);
  try {
    return write(node, type);
  } catch (error) {
    if (!(error instanceof ExpressionMistake)) throw error;
    place.report({ where: place.where, what: error.message, fix: error.fix });
    return '';
  }
}

const foreignHandle = (where: string): Problem => ({
  where,
  what: 'a value of another DAG, steps template or hook of the same name is used',
  fix: 'pass it in as an input, or return it as an output',
});

/** What Argo would misread in a literal: it has no way to write its own tags as text. */
export function literalProblems(where: string, literal: unknown): readonly Problem[] {
  if (Array.isArray(literal)) return literal.flatMap((member) => literalProblems(where, member));
  if (typeof literal === 'object' && literal !== null) {
    return Object.entries(literal).flatMap((entry) => literalProblems(where, entry));
  }
  if (typeof literal !== 'string') return [];
  const problems: Problem[] = [];
  if (literal.includes('{{')) {
    problems.push({
      where,
      what: 'a literal contains "{{", which Argo reads as the beginning of a tag',
      value: literal,
      fix: 'use a handle where a value is meant, or keep the text in the image or a ConfigMap',
    });
  }
  // Argo quotes values as Go does, which is not JSON for these.
  if (/(?![\t\n\r])\p{Cc}|\p{Surrogate}|(?=[\u{10000}-\u{10FFFF}])\p{C}/u.test(literal)) {
    problems.push({
      where,
      what: 'a literal contains a control character, half a character or one that is not printed, which breaks the template',
      value: literal,
      fix: 'remove it, or encode the text',
    });
  }
  return problems;
}
