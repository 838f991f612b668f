import type { ArtifactLocation } from './artifact';
import type { Json, ScalarType } from './node';

/**
 * A schema for JSON values, in the common interface of zod, valibot, arktype and others.
 *
 * @see https://standardschema.dev
 */
export interface Schema<out Value> {
  readonly '~standard': {
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>;
    readonly types?: { readonly output: Value } | undefined;
  };
}

interface SchemaResult {
  readonly issues?: readonly { readonly message: string }[] | undefined;
}

/** A text, number, choice or JSON value that a template takes. */
export interface ParameterInput<out Value, out Optional extends boolean> {
  readonly kind: 'parameter';
  readonly optional: Optional;
  readonly type: ScalarType;
  readonly default?: Json;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly schema?: Schema<Value>;
  /** Only the compiler reads this. */
  readonly value?: Value;
}

/** A file or folder that a template takes. */
export interface ArtifactInput<out Optional extends boolean> {
  readonly kind: 'artifact';
  readonly optional: Optional;
  /** Where a program finds it; none in a DAG or steps template, which only hands it on. */
  readonly path?: string;
  readonly mode?: number;
  readonly location?: ArtifactLocation;
  /** It stays in a volume that giver and taker mount. @default false */
  readonly shared?: boolean;
}

/** What a template takes, by name. */
export type Inputs = Readonly<Record<string, ParameterInput<unknown, boolean> | ArtifactInput<boolean>>>;

interface Described {
  /** Shown in the form of the Argo UI. */
  readonly description?: string;
}

interface WithDefault<Value> extends Described {
  /** Taken when no argument is given. */
  readonly default: Value;
}

interface ArtifactOptions {
  /** Permission bits of the file, 0 to 0o777. @default - as stored */
  readonly mode?: number;
}

const parameter = <Value, Optional extends boolean>(
  type: ScalarType,
  options: Partial<WithDefault<unknown>> = {},
  more: { readonly enum?: readonly string[]; readonly schema?: Schema<Value> } = {},
): ParameterInput<Value, Optional> => ({
  kind: 'parameter',
  type,
  optional: (options.default !== undefined) as Optional,
  ...(options.default === undefined ? {} : { default: options.default as Json }),
  ...(options.description === undefined ? {} : { description: options.description }),
  ...more,
});

function string(options?: Described): ParameterInput<string, false>;
function string(options: WithDefault<string>): ParameterInput<string, true>;
function string(options?: Partial<WithDefault<string>>): ParameterInput<string, boolean> {
  return parameter('string', options);
}

function int(options?: Described): ParameterInput<number, false>;
function int(options: WithDefault<number>): ParameterInput<number, true>;
function int(options?: Partial<WithDefault<number>>): ParameterInput<number, boolean> {
  return parameter('int', options);
}

function number(options?: Described): ParameterInput<number, false>;
function number(options: WithDefault<number>): ParameterInput<number, true>;
function number(options?: Partial<WithDefault<number>>): ParameterInput<number, boolean> {
  return parameter('number', options);
}

function boolean(options?: Described): ParameterInput<boolean, false>;
function boolean(options: WithDefault<boolean>): ParameterInput<boolean, true>;
function boolean(options?: Partial<WithDefault<boolean>>): ParameterInput<boolean, boolean> {
  return parameter('boolean', options);
}

type Choices = readonly [string, ...string[]];

function oneOf<const Values extends Choices>(
  values: Values,
  options?: Described,
): ParameterInput<Values[number], false>;
function oneOf<const Values extends Choices>(
  values: Values,
  options: WithDefault<NoInfer<Values[number]>>,
): ParameterInput<Values[number], true>;
function oneOf(values: Choices, options?: Partial<WithDefault<string>>): ParameterInput<string, boolean> {
  return parameter('string', options, { enum: values });
}

function json<Value>(schema: Schema<Value>, options?: Described): ParameterInput<Value, false>;
function json<Value>(schema: Schema<Value>, options: WithDefault<NoInfer<Value>>): ParameterInput<Value, true>;
function json<Value>(schema: Schema<Value>, options?: Partial<WithDefault<Value>>): ParameterInput<Value, boolean> {
  return parameter('json', options, { schema });
}

function artifact(path?: string, options?: ArtifactOptions): ArtifactInput<false>;
function artifact(
  path: string,
  options: ArtifactOptions & { readonly location: ArtifactLocation },
): ArtifactInput<true>;
function artifact(
  path?: string,
  options: ArtifactOptions & { readonly location?: ArtifactLocation } = {},
): ArtifactInput<boolean> {
  return {
    kind: 'artifact',
    ...(path === undefined ? {} : { path }),
    optional: options.location !== undefined,
    ...options,
  };
}

const shared = <Optional extends boolean>(optional: Optional, path?: string): ArtifactInput<Optional> => ({
  kind: 'artifact',
  ...(path === undefined ? {} : { path }),
  optional,
  shared: true,
});

/**
 * What a template takes. An input with a default may be left out by the caller; `oneOf` becomes a list in the form of
 * the Argo UI.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/fields/#parameter
 */
export const input = {
  string,
  /** A whole number. */
  int,
  number,
  boolean,
  /** One of some texts. */
  oneOf,
  /** A JSON value. Literal arguments and the default are checked against the schema. */
  json,
  /**
   * A file or folder, placed at an absolute path (none in a DAG or steps template). With a `location`, callers may leave
   * it out.
   */
  artifact,
  /**
   * A file or folder in a volume that both who gives and who takes it mount: Argo copies nothing, and whoever takes it
   * waits for who gives it. The path is that inside the mount, and needed only in templates that run a program.
   */
  shared: (path?: string) => shared(false, path),
  /** A file or folder in a volume that may be missing. */
  optionalShared: (path?: string) => shared(true, path),
  /** A file or folder that may be missing; the path then does not exist. */
  optionalArtifact: (path?: string, options: ArtifactOptions = {}): ArtifactInput<true> => ({
    kind: 'artifact',
    ...(path === undefined ? {} : { path }),
    optional: true,
    ...options,
  }),
};

/** Why a literal does not fit an input; `undefined` if it does. */
export function misfit(declared: ParameterInput<unknown, boolean>, value: unknown): string | undefined {
  if (declared.enum !== undefined && !declared.enum.includes(String(value))) {
    return `not one of ${declared.enum.map((choice) => `"${choice}"`).join(', ')}`;
  }
  if (declared.type === 'int' && !Number.isSafeInteger(value)) return 'not a whole number';
  if (declared.type === 'number' && !Number.isFinite(value)) return 'not a finite number';
  if (declared.type === 'boolean' && typeof value !== 'boolean') return 'neither true nor false';
  if (declared.type === 'string' && typeof value !== 'string') return 'not a text';
  const result = declared.schema?.['~standard'].validate(value);
  if (result === undefined || result instanceof Promise || result.issues === undefined) return undefined;
  return `not what the schema asks for: ${result.issues.map((issue) => issue.message).join(', ')}`;
}
