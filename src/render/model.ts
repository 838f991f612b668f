/** A Kubernetes object as it is written: plain data, keys sorted, namespace set where its kind has one. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** One folder of `dist/`: what rendering and checks know of a component. */
export interface RenderedComponent {
  readonly cluster: string;
  readonly name: string;
  readonly namespace: string;
  readonly wave: number;
  readonly project: string;
  /** Whether its objects come from an operator's upstream source and not from here. */
  readonly upstream: boolean;
  readonly objects: readonly RenderedObject[];
  readonly provides: ProvidedObjects;
}

/** What an operator's upstream source brings; see `Provides` in `core/component.ts`. */
export interface ProvidedObjects {
  readonly namespaces?: readonly string[];
  readonly clusterKinds?: readonly string[];
  readonly namespacedKinds?: readonly string[];
  readonly definitions?: readonly string[];
  readonly services?: readonly string[];
}

export interface RenderedObject {
  readonly manifest: Manifest;
  readonly cluster: string;
  readonly component: string;
  /** Sync wave of the component's Application. */
  readonly wave: number;
  /** Construct that made it, such as `homelab/registry/Workload/Service`. */
  readonly path: string;
  /** Source file and line that made it. Read when asked for: it is dear. */
  readonly source: () => string | undefined;
  /** Checks that it may fail, with the reasons. */
  readonly allowed: ReadonlyMap<string, string>;
}

/** Something outside that a construct refers to by name. */
export interface ExternalObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly purpose: string;
  readonly keys: readonly string[];
  readonly command?: string;
  readonly preparation?: string;
  readonly afterSync: boolean;
  /** Construct that refers to it. */
  readonly path: string;
}

/** Everything of one cluster. */
export interface RenderedCluster {
  readonly name: string;
  readonly components: readonly RenderedComponent[];
  readonly externals: readonly ExternalObject[];
}

/** Identity of an object in a cluster: group, kind, namespace and name. The version is not part of it. */
export function objectKey({ apiVersion, kind, metadata }: Manifest): string {
  return `${apiGroup(apiVersion)}/${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

/** `apps` of `apps/v1`, empty for the core group. */
export function apiGroup(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** All objects of a cluster in the order of its components. */
export function objectsOf(cluster: RenderedCluster): RenderedObject[] {
  return cluster.components.flatMap(({ objects }) => objects);
}
