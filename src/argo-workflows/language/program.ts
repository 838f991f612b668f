import { type ArgumentPlace, literalProblems, renderField } from './arguments';
import { type Expr, isHandle, nodeOf, type Owner, variableHandle } from './expr';
import type { ArtifactInput, Inputs, ParameterInput } from './inputs';
import { nameProblems } from './names';
import type { ArtifactOutput, Outputs, ParameterOutput } from './outputs';
import { inputHandles } from './tasks';
import type { Wire } from './template';

/** Where a program finds or leaves a file. */
export interface FilePath {
  readonly path: string;
}

/** What a program can be given: its inputs as values or paths, and the paths of its outputs. */
export interface ProgramContext<Scope extends string, I extends Inputs, O extends Outputs> {
  readonly inputs: {
    readonly [K in keyof I]: I[K] extends ParameterInput<infer T, boolean>
      ? Expr<T, Scope>
      : I[K] extends ArtifactInput<boolean>
        ? FilePath
        : never;
  };
  readonly outputs: {
    readonly [K in keyof O as O[K] extends
      | ParameterOutput<unknown, 'present', 'file'>
      | ArtifactOutput<'present' | `absent when ${string}`>
      ? K
      : never]: FilePath;
  };
  /** The name of the pod. */
  readonly podName: Expr<string, Scope>;
}

/** A literal, or a value as a whole; Argo puts it there when the pod is made. */
export type Text<Scope extends string> = string | number | boolean | Expr<unknown, Scope>;

/** The value of an environment variable. */
export type EnvironmentValue<Scope extends string> =
  | Text<Scope>
  | { readonly secretKeyRef: KeyReference }
  | { readonly configMapKeyRef: KeyReference }
  | { readonly fieldRef: { readonly fieldPath: string } };

interface KeyReference {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}

type ShellName = 'sh' | 'bash' | 'ash' | 'dash' | 'zsh' | 'ksh';
type Shell = ShellName | `${string}/${ShellName}`;

/** A command; Argo cannot find out the one of the image in every registry. */
export type Command = readonly [string, ...string[]];

/** Arguments of a command. A shell gets no values, because it would run them: pass them by `env`. */
export type ArgumentsOf<C extends Command, Scope extends string> = C extends readonly [Shell, ...string[]]
  ? readonly string[]
  : readonly Text<Scope>[];

/** Either a value, or a function of what is known inside the template. */
export type Given<T, Context> = T | ((context: Context) => T);

/** Resolve what may be a function of a context. */
export function given<T, Context>(value: Given<T, Context>, context: Context): T {
  return typeof value === 'function' ? (value as (context: Context) => T)(context) : value;
}

/** The context of a template that runs a program. */
export function programContext(
  inputs: Inputs,
  outputs: Outputs,
  owner: Owner,
): ProgramContext<string, Inputs, Outputs> {
  const paths = (ports: Inputs | Outputs) =>
    Object.fromEntries(
      Object.entries(ports).map(([name, port]) => {
        const path = 'path' in port ? port.path : 'valueFrom' in port ? port.valueFrom.path : undefined;
        return [name, { path: typeof path === 'string' ? path : '' }];
      }),
    );
  const parameters = Object.fromEntries(Object.entries(inputs).filter(([, port]) => port.kind === 'parameter'));
  return {
    inputs: { ...paths(inputs), ...inputHandles(parameters, owner) },
    outputs: paths(outputs),
    podName: variableHandle(['pod', 'name'], 'string', { owner }),
  } as unknown as ProgramContext<string, Inputs, Outputs>;
}

const SHELL = /^(.*\/)?(sh|bash|ash|dash|zsh|ksh)$/;

/**
 * The command and its arguments.
 *
 * @param environment the names of the variables: Kubernetes writes their values in the place of `$(NAME)`
 */
export function renderCommand(
  command: Command,
  args: readonly Text<string>[] | undefined,
  environment: readonly string[],
  place: ArgumentPlace,
): Wire {
  if (command.length === 0 || command.some((word) => word === '')) {
    place.report({
      where: place.where,
      what: 'no command, so that Argo would have to ask the image registry for it',
      value: command,
      fix: 'say what the container runs',
    });
  }
  for (const problem of literalProblems(place.where, command)) place.report(problem);
  const isShell = command.some((word) => SHELL.test(word));
  const words = [...command, ...(args ?? [])];
  const literals = words.filter((word) => !isHandle(word));
  const written = environment.filter((name) => literals.some((word) => String(word).includes(`$(${name})`)));
  if (isShell && (words.some(isHandle) || written.length > 0)) {
    place.report({
      where: place.where,
      what: 'a value is an argument of a shell, which could run it',
      ...(written.length > 0 ? { value: `$(${written[0]})` } : {}),
      fix: 'pass it by env and read the variable, as "$NAME"',
    });
  }
  return {
    command,
    ...(args === undefined || args.length === 0 ? {} : { args: args.map((arg) => renderText(arg, place)) }),
  };
}

/**
 * Environment variables, values first: Kubernetes expands `$(NAME)` in a value where an earlier variable has that name,
 * so that no value can read a secret.
 */
export function renderEnvironment(
  environment: Readonly<Record<string, EnvironmentValue<string>>> | undefined,
  place: ArgumentPlace,
): Wire {
  const entries = Object.entries(environment ?? {});
  if (entries.length === 0) return {};
  const values: Wire[] = [];
  const references: Wire[] = [];
  for (const [name, value] of entries) {
    const where = `${place.where}, environment variable "${name}"`;
    for (const problem of nameProblems('environment variable', name, where)) place.report(problem);
    if (typeof value === 'object' && !isHandle(value)) references.push({ name, valueFrom: value });
    else values.push({ name, value: renderText(value as Text<string>, { ...place, where }) });
  }
  return { env: [...values, ...references] };
}

/** A literal or value as text. */
export function renderText(text: Text<string>, place: ArgumentPlace): string {
  // A list or object arrives as JSON.
  if (isHandle(text)) return renderField({ kind: 'text', of: nodeOf(text) }, 'string', text, place);
  return renderField({ kind: 'literal', value: String(text) }, 'string', text, place);
}
