import type { Artifact, ArtifactLocation } from './artifact';
import type { Both, Expr, Presence } from './expr';
import type { Schema } from './inputs';
import { type Json, type ScalarType, textOf } from './node';

/** Where the value of an output comes from; each kind of template allows its own. */
export type Source = 'file' | 'field' | 'supplied' | 'result' | 'ip' | 'builder';

/** A value that a template gives. */
export interface ParameterOutput<out Value, out Present extends Presence, out From extends Source> {
  readonly kind: 'parameter';
  readonly source: From;
  readonly type: ScalarType;
  /** The fields of `valueFrom`; none for what Argo sets by itself. */
  readonly valueFrom: Readonly<Record<string, unknown>>;
  readonly enum?: readonly string[];
  readonly schema?: Schema<Value>;
  /** Only the compiler reads these two. */
  readonly presence?: Present;
  readonly value?: Value;
}

/** A file or folder that a template gives. */
export interface ArtifactOutput<out Present extends Presence> {
  readonly kind: 'artifact';
  readonly optional: boolean;
  readonly path?: string;
  /** It stays in a volume that giver and taker mount. @default false */
  readonly shared?: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Only the compiler reads this. */
  readonly presence?: Present;
}

/** What a template gives, by name. */
export type Outputs = Readonly<Record<string, ParameterOutput<unknown, Presence, Source> | ArtifactOutput<Presence>>>;

/** Outputs of templates that run a program. */
export type ProgramOutputs = Readonly<
  Record<string, ParameterOutput<unknown, 'present', 'file' | 'result'> | ArtifactOutput<Presence>>
>;

/** The value of an output that cannot be read, and why. */
export interface Unreadable<out Reason extends string> {
  readonly unreadable: Reason;
}

type Many<T, S extends string, P extends Presence, Q extends Presence> = [Q] extends ['present']
  ? Expr<T[], S, P>
  : Unreadable<`a value of a loop that is ${Q}: give it a fallback inside the loop`>;

type Result<T, S extends string, P extends Presence, Loop extends boolean> = Loop extends true
  ? Unreadable<'the standard output of a loop: write a file and use output.path'>
  : [P] extends ['present']
    ? Expr<T, S>
    : Unreadable<`the standard output, which is ${P}: write a file and use output.path`>;

type Single<T, S extends string, P extends Presence, Loop extends boolean, From extends Source> = From extends 'result'
  ? Result<T, S, P, Loop>
  : Loop extends true
    ? Unreadable<'the address of a daemon that runs in a loop: run each in a DAG of its own'>
    : Expr<T, S, P>;

/** The outputs of a task as handles. Tasks of one template in one scope share the type, which keeps compiling cheap. */
export type Handles<S extends string, P extends Presence, Loop extends boolean, O extends Outputs> = {
  readonly [K in keyof O]: O[K] extends ParameterOutput<infer T, infer Q, infer From>
    ? From extends 'result' | 'ip'
      ? Single<T, S, P, Loop, From>
      : Loop extends true
        ? Many<T, S, P, Q>
        : Expr<T, S, Both<P, Q>>
    : O[K] extends ArtifactOutput<infer Q>
      ? Loop extends true
        ? Unreadable<'an artifact of a loop: Argo gives only the parameters of a loop'>
        : Artifact<S, Both<P, Q>>
      : never;
};

/** What a task gave, as what runs at its end sees it: there only if the task succeeded. */
export type Ended<H> = {
  readonly [K in keyof H]: H[K] extends Expr<infer T, infer S, infer P>
    ? Expr<T, S, Both<P, 'absent when the task did not succeed'>>
    : H[K] extends Artifact<infer S, infer P>
      ? Artifact<S, Both<P, 'absent when the task did not succeed'>>
      : H[K];
};

/** What a builder returns that gives nothing: it may end without a `return`. */
// biome-ignore lint/suspicious/noConfusingVoidType: the return type of a function without return
export type NoOutputs = void;

/** What the builder of a DAG or steps template returns. */
export type Returned<S extends string> =
  | Readonly<Record<string, Expr<unknown, S, Presence> | Artifact<S, Presence>>>
  | NoOutputs;

/** The outputs of a template whose builder returned these handles. */
export type OutputsOf<R> = [R] extends [NoOutputs]
  ? Record<never, never>
  : {
      readonly [K in keyof R]: R[K] extends Expr<infer T, string, infer P>
        ? ParameterOutput<T, P, 'builder'>
        : R[K] extends Artifact<string, infer P>
          ? ArtifactOutput<P>
          : never;
    };

interface ParameterOptions<T> {
  /** Taken when the program did not write the file. @default - the step fails */
  readonly default?: T;
}

interface ArtifactOptions {
  /** `none` stores the file as it is, `zip` and `tar` pack it. @default 'tar' (gzip) */
  readonly archive?: 'none' | 'tar' | 'zip';
  /** Where it is stored. @default - the key format of the artifact repository */
  readonly location?: ArtifactLocation;
  /** When Argo deletes it. @default - what the workflow says */
  readonly garbageCollection?: 'OnWorkflowCompletion' | 'OnWorkflowDeletion' | 'Never';
}

const parameter = <T, From extends Source>(
  source: From,
  type: ScalarType,
  valueFrom: Readonly<Record<string, unknown>>,
  options: { readonly default?: unknown } = {},
): ParameterOutput<T, 'present', From> => ({
  kind: 'parameter',
  source,
  type,
  valueFrom:
    options.default === undefined ? valueFrom : { ...valueFrom, default: textAs(type, options.default as Json) },
});

const textAs = (type: ScalarType, value: Json): string => (type === 'json' ? JSON.stringify(value) : textOf(value));

const artifact = <P extends Presence>(
  path: string,
  optional: boolean,
  { archive, garbageCollection, location }: ArtifactOptions = {},
): ArtifactOutput<P> => ({
  kind: 'artifact',
  path,
  optional,
  fields: {
    ...(archive === undefined ? {} : { archive: { [archive]: {} } }),
    ...(garbageCollection === undefined ? {} : { artifactGC: { strategy: garbageCollection } }),
    ...location?.fields,
  },
});

/**
 * What a template gives. The program writes each value into the file of that absolute path.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/fields/#outputs
 */
export const output = {
  /** A text; one trailing newline is cut off. */
  path: (path: string, options?: ParameterOptions<string>) =>
    parameter<string, 'file'>('file', 'string', { path }, options),
  /** A whole number. */
  int: (path: string, options?: ParameterOptions<number>) =>
    parameter<number, 'file'>('file', 'int', { path }, options),
  number: (path: string, options?: ParameterOptions<number>) =>
    parameter<number, 'file'>('file', 'number', { path }, options),
  /** `true` or `false`. */
  boolean: (path: string, options?: ParameterOptions<boolean>) =>
    parameter<boolean, 'file'>('file', 'boolean', { path }, options),
  /** One of some texts. */
  oneOf: <const Values extends readonly [string, ...string[]]>(
    path: string,
    values: Values,
    options?: ParameterOptions<NoInfer<Values[number]>>,
  ): ParameterOutput<Values[number], 'present', 'file'> => ({
    ...parameter<Values[number], 'file'>('file', 'string', { path }, options),
    enum: values,
  }),
  /** A JSON value of a few kilobytes: Argo keeps it in the Workflow object. */
  json: <T>(
    path: string,
    schema: Schema<T>,
    options?: ParameterOptions<NoInfer<T>>,
  ): ParameterOutput<T, 'present', 'file'> => ({
    ...parameter<T, 'file'>('file', 'json', { path }, options),
    schema,
  }),
  /** The standard output, at most its last 256 kB. Only of a task that runs once and always; otherwise use `path`. */
  result: () => parameter<string, 'result'>('result', 'string', {}),
  /** A file or folder. */
  artifact: (path: string, options?: ArtifactOptions) => artifact<'present'>(path, false, options),
  /** A file or folder in a volume that both who gives and who takes it mount; see `input.shared`. */
  shared: (path: string): ArtifactOutput<'present'> => ({ ...artifact<'present'>(path, false), shared: true }),
  /** A file or folder that the program may leave out. */
  optionalArtifact: (path: string, options?: ArtifactOptions) =>
    artifact<'absent when the step writes none'>(path, true, options),
  /** A field of the object that a resource template made, as a JSONPath such as `{.status.phase}`. */
  jsonPath: (jsonPath: string) => parameter<string, 'field'>('field', 'string', { jsonPath }),
  /** A field of the object that a resource template made, by a jq filter. */
  jqFilter: (jqFilter: string) => parameter<string, 'field'>('field', 'string', { jqFilter }),
};
