import type { Owner, Presence } from './expr';
import type { Segment } from './node';

/**
 * A file or folder that a task produced or a template takes.
 *
 * @typeParam Scope where it may be used, such as `DAG train`
 * @typeParam Present whether it may be absent
 */
export interface Artifact<out Scope extends string, out Present extends Presence = 'present'> {
  readonly kind: 'artifact';
  /** Only the compiler reads these two. */
  readonly scope: Scope;
  readonly presence: Present;
}

interface Origin {
  readonly path: readonly Segment[];
  readonly owner: Owner;
  readonly optional: boolean;
  /** It stays in a volume, so that Argo hears nothing of it. */
  readonly shared: boolean;
}

const origins = new WeakMap<object, Origin>();

/** Make a handle of an artifact. */
export function artifactHandle<Scope extends string, Present extends Presence>(
  origin: Origin,
): Artifact<Scope, Present> {
  const made = { kind: 'artifact' as const };
  origins.set(made, origin);
  return made as unknown as Artifact<Scope, Present>;
}

/** Where an artifact handle comes from. */
export function originOf(value: unknown): Origin | undefined {
  return typeof value === 'object' && value !== null ? origins.get(value) : undefined;
}

/** A place outside the workflow that holds a file or folder. */
export interface ArtifactLocation {
  readonly kind: 'location';
  readonly fields: Readonly<Record<string, unknown>>;
}

const place = (fields: Record<string, unknown>): ArtifactLocation => ({ kind: 'location', fields });

/**
 * Places that artifacts come from. Bucket and credentials come from the artifact repository of the controller or the
 * namespace unless they are given.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/fields/#artifact
 */
export const location = {
  /** An object in an S3 compatible store. */
  s3: (options: { readonly key: string; readonly bucket?: string; readonly endpoint?: string }) =>
    place({ s3: { ...options } }),
  /** An object in Google Cloud Storage. */
  gcs: (options: { readonly key: string; readonly bucket?: string }) => place({ gcs: { ...options } }),
  /** A Git repository at a revision. */
  git: (options: { readonly repo: string; readonly revision: string; readonly depth?: number }) =>
    place({ git: { ...options } }),
  /** A file behind a URL. */
  http: (options: { readonly url: string }) => place({ http: { ...options } }),
  /** A text. */
  raw: (data: string) => place({ raw: { data } }),
};
