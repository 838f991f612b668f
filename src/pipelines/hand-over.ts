import {
  type ArtifactInput,
  type ArtifactOutput,
  type Expr,
  input,
  type Mount,
  output,
  text,
  type Volume,
  type WorkflowTemplateProps,
  workflow,
} from '../argo-workflows/language';

/** Where every step finds the files of its run. */
export const WORK = '/work';
/** A folder for each candidate that was trained or pulled, with `model/` and `report/`. */
export const CANDIDATES = `${WORK}/candidates`;
/** The folder of the candidate that a step makes, where Argo copies it: the same path for each of them. */
export const CANDIDATE = `${WORK}/candidate`;
/** Folder of the training volume with a folder for each run. */
export const RUNS = 'runs';

/** How the steps of a run hand files to each other. Paths are those that a program sees. */
export interface HandOver {
  /** What a program takes, and what a DAG hands on. */
  readonly takes: (path?: string) => ArtifactInput<false>;
  /** What may be missing. */
  readonly mayTake: (path?: string) => ArtifactInput<true>;
  /** What a program gives. */
  readonly gives: (path: string) => ArtifactOutput<'present'>;
  /** The folder of a candidate, for the programs that make it. */
  readonly candidate: <Scope extends string = never>(
    name: Expr<string, Scope> | string,
  ) => Expr<string, Scope> | string;
  /** What a step mounts to read or write the files of its run. */
  readonly mounts: (use: 'read' | 'write') => readonly Mount<never>[];
  /** Holds what a run leaves behind; undefined where nothing has to be removed. */
  readonly volume?: Volume;
  /** Where Argo keeps files; undefined where it keeps none. */
  readonly artifactRepository?: NonNullable<WorkflowTemplateProps<never, never>['artifactRepository']>;
}

/** All steps of a run mount one folder of a volume. */
export function inRunFolder(volume: Volume): HandOver {
  const mount: Mount<never> = { volume, path: WORK, subPath: text`${RUNS}/${workflow.uid}` };
  return {
    takes: input.shared,
    mayTake: input.optionalShared,
    gives: output.shared,
    candidate: (name) => text`${CANDIDATES}/${name}`,
    mounts: (use) => [use === 'read' ? { ...mount, readOnly: true } : mount],
    volume,
  };
}

/** Argo brings each step what it takes and keeps what it gives, in an object store. */
export function asArtifacts(artifactRepository: HandOver['artifactRepository'] & object): HandOver {
  return {
    takes: (path) => input.artifact(path),
    mayTake: (path) => input.optionalArtifact(path),
    gives: (path) => output.artifact(path),
    candidate: () => CANDIDATE,
    mounts: () => [],
    artifactRepository,
  };
}
