import { Chart } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import type { Cluster } from './cluster';
import { Connections } from './connections';
import { InvalidInput } from './problem';
import type { WaveName } from './waves';

/** What comes with an operator's upstream source, so that references to it can be checked. */
export interface Provides {
  /** Namespaces in which its objects live, besides the component's own. */
  readonly namespaces?: readonly string[];
  /** Cluster-scoped kinds that it creates, as `group/Kind` (`/Kind` for the core group). */
  readonly clusterKinds?: readonly string[];
  /** Namespaced kinds that it creates, as `group/Kind`; all when left out. */
  readonly namespacedKinds?: readonly string[];
  /** Kinds that it defines, as `group/Kind`. */
  readonly definitions?: readonly string[];
  /** Services that it brings, as `namespace/name`. */
  readonly services?: readonly string[];
}

const COMPONENT = Symbol('Component');

export interface ComponentProps {
  /** Folder below `dist/<cluster>/` and suffix of the Application's name. */
  readonly name: string;
  /** Default of its namespaced objects, and the destination of its Application. */
  readonly namespace: string;
  /** When it comes up. */
  readonly wave: WaveName;
  /** AppProject, by its name without the cluster's. */
  readonly project: string;
  /**
   * Whether deleting its Application deletes its objects. Off for what holds data or what others stand on.
   * @default true
   */
  readonly cascadeDelete?: boolean;
  /**
   * Where its objects come from, for an operator that is installed from its upstream source.
   * @default - they are rendered here
   */
  readonly upstream?: UpstreamSource;
  /**
   * What an operator's upstream source brings.
   * @default - nothing: its objects are rendered here
   */
  readonly provides?: Provides;
  /**
   * Namespaced kinds, as `group/Kind`, that it may hold when its data changes, beside those that it holds now: its
   * AppProject permits them before the commit that first needs one.
   * @default - none
   */
  readonly mayHold?: readonly string[];
}

/** A source of manifests outside this repository, at a pinned version, with this platform's configuration of it. */
export type UpstreamSource = {
  /** URL of a Git or Helm repository. */
  readonly repository: string;
  /** Git tag, or version of the chart. */
  readonly version: string;
} & (
  | {
      readonly type: 'kustomize';
      /** Folder in the Git repository. */
      readonly path: string;
      /** Strategic merge patches, each on the object that it names. */
      readonly patches: readonly object[];
    }
  | {
      readonly type: 'helm';
      /** Name of the chart, or its folder when the repository is a Git one. */
      readonly chart: string;
      readonly values: Readonly<Record<string, unknown>>;
    }
);

/**
 * One folder in `dist/`, one Argo CD Application, one set of grants in an AppProject: all three are computed from the
 * same objects, so that path, namespace, order and permissions cannot drift apart.
 */
export class Component extends Chart {
  /** `instanceof` would do for every Chart: cdk8s overrides it, and classes inherit that. */
  static isComponent(construct: unknown): construct is Component {
    return Chart.isChart(construct) && COMPONENT in construct;
  }

  /** The component that a construct belongs to. */
  static ofConstruct(construct: IConstruct): Component {
    const found = construct.node.scopes.find(Component.isComponent);
    if (found) return found;
    throw new TypeError(`${construct.node.path} is in no component`);
  }

  readonly [COMPONENT] = true;
  readonly name: string;
  /** Not passed to the Chart, which would put it on cluster-scoped kinds too; rendering adds it where it belongs. */
  readonly defaultNamespace: string;
  readonly wave: WaveName;
  readonly project: string;
  readonly cascadeDelete: boolean;
  readonly upstream: UpstreamSource | undefined;
  readonly provides: Provides;
  readonly mayHold: readonly string[];

  /** @throws InvalidInput when another component of the cluster has this name */
  constructor(scope: Construct, props: ComponentProps) {
    if (scope.node.tryFindChild(props.name)) {
      throw new InvalidInput([
        {
          where: `${scope.node.path}/${props.name}`,
          what: 'another component has this name, which is its folder and its Application',
          got: props.name,
          fix: 'give each component in src/platform/ a name of its own',
        },
      ]);
    }
    super(scope, props.name, { disableResourceNameHashes: true });
    this.name = props.name;
    this.defaultNamespace = props.namespace;
    this.wave = props.wave;
    this.project = props.project;
    this.cascadeDelete = props.cascadeDelete ?? true;
    this.upstream = props.upstream;
    this.provides = props.provides ?? {};
    this.mayHold = props.mayHold ?? [];
  }
}

/** The scope of everything that belongs to one cluster. */
export class ClusterScope extends Construct {
  /** The cluster that a construct belongs to. */
  static of(construct: IConstruct): ClusterScope {
    const found = construct.node.scopes.find((scope) => scope instanceof ClusterScope);
    if (found) return found;
    throw new TypeError(`${construct.node.path} is in no cluster`);
  }

  readonly connections: Connections;

  constructor(
    scope: Construct,
    readonly cluster: Cluster,
  ) {
    super(scope, cluster.name);
    this.connections = new Connections();
  }

  /** Components in the order in which they were made. */
  get components(): Component[] {
    return this.node.children.filter(Component.isComponent);
  }
}
