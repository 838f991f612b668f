import type { Arguments } from './arguments';
import type { ExitContext, WorkflowParameters } from './exit-handler';
import type { Expr } from './expr';
import type { Inputs } from './inputs';
import type { Manifest } from './manifest';
import type { Metric } from './metrics';
import type { HookRecord } from './node-record';
import type { Outputs } from './outputs';
import type { Placement } from './placement';
import type { Given } from './program';
import type { Duration } from './quantities';
import { renderWorkflowTemplate } from './render';
import type { Synchronization } from './synchronization';
import { type AnyTemplate, refer, type Template } from './template';

/** What the fields of a whole workflow can use. */
export interface WorkflowContext<I extends Inputs> {
  /** What the workflow was started with. */
  readonly parameters: WorkflowParameters<I, 'workflow'>;
}

/** What a metric of a whole workflow can use. */
export interface WorkflowMetricContext<I extends Inputs> extends WorkflowContext<I> {
  readonly status: Expr<'Succeeded' | 'Failed' | 'Error', 'workflow'>;
  /** In seconds. */
  readonly duration: Expr<number, 'workflow'>;
}

/** A template that runs while the workflow runs. */
export interface Hook {
  readonly record: Omit<HookRecord, 'name'>;
}

/** What a hook can use. */
export interface HookContext<I extends Inputs> {
  readonly status: Expr<'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Error', 'hook'>;
  readonly parameters: WorkflowParameters<I, 'hook'>;
  /** Run a template once when a condition begins to hold. */
  run<A extends Inputs, O extends Outputs>(
    when: Expr<boolean, 'hook'>,
    template: Template<A, O>,
    args: Arguments<A, 'hook', 'this hook'>,
  ): Hook;
}

/** The fields of a workflow template whatever its templates are. */
export type AnyWorkflowTemplateProps = WorkflowTemplateProps<AnyTemplates, string>;

type AnyTemplates = Readonly<Record<string, AnyTemplate>>;
type InputsOf<T> = T extends Template<infer I, Outputs> ? I : never;

/** Fields of a workflow template. */
export interface WorkflowTemplateProps<T extends AnyTemplates, K extends keyof T> {
  /** The templates that others may use; those that they run come along. */
  readonly templates: T;
  /** Which of them a run begins with. Its inputs are what the workflow is started with. */
  readonly entrypoint: K;
  /** Values for the inputs of the entrypoint, so that a run needs none. @default - the defaults of the inputs */
  readonly arguments?: Arguments<InputsOf<T[NoInfer<K>]>, never, 'the workflow'>;
  /** Pods run as it, without its token. Its Role: {@link EXECUTOR_RULES}. */
  readonly serviceAccount: { readonly name: string };
  /** Shown in the Argo UI. @default - none */
  readonly title?: string;
  /** Shown in the Argo UI, in Markdown. @default - none */
  readonly description?: string;
  /** Tasks to run when the workflow has ended, whatever its end. @default - none */
  readonly onExit?: (x: ExitContext<InputsOf<T[NoInfer<K>]>>) => void;
  /** Templates to run once when a condition on the workflow begins to hold. @default - none */
  readonly hooks?: (h: HookContext<InputsOf<T[NoInfer<K>]>>) => Readonly<Record<string, Hook>>;
  /** What a run must hold. @default - nothing */
  readonly synchronization?: Given<Synchronization<'workflow'>, WorkflowContext<InputsOf<T[NoInfer<K>]>>>;
  /** Metrics beside the number and duration of runs. @default - none */
  readonly metrics?: (m: WorkflowMetricContext<InputsOf<T[NoInfer<K>]>>) => readonly Metric<'workflow'>[];
  /** On which nodes pods run that say nothing themselves. @default - any */
  readonly placement?: Placement;
  /** @default - that of Kubernetes: Always for `latest`, otherwise IfNotPresent */
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** Secrets with credentials of image registries. @default - none */
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  /**
   * Key of a ConfigMap that says where artifacts are kept.
   * @default - the default of the namespace or of the controller
   * @see https://argo-workflows.readthedocs.io/en/release-3.7/artifact-repository-ref/
   */
  readonly artifactRepository?: { readonly configMap: { readonly name: string }; readonly key: string };
  /** Seconds after which a run is ended as failed, waiting included. @default 86400 (a day) */
  readonly activeDeadlineSeconds?: number;
  /** How many pods of a run work at a time. @default - all that can */
  readonly parallelism?: number;
  /** When pods are deleted. @default - 10 minutes after they succeeded; those that failed stay with the workflow */
  readonly podGC?: PodGarbageCollection;
  /** When a run is deleted. @default - a day after it succeeded, 7 days after it failed */
  readonly ttl?: TimeToLive;
  /** Labels of the object. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the object. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** When pods are deleted. @see https://argo-workflows.readthedocs.io/en/release-3.7/fields/#podgc */
export interface PodGarbageCollection {
  readonly strategy: 'OnPodCompletion' | 'OnPodSuccess' | 'OnWorkflowCompletion' | 'OnWorkflowSuccess';
  /** How much later. @default - at once */
  readonly deleteDelayDuration?: Duration;
}

/** When a run is deleted, in seconds. @see https://argo-workflows.readthedocs.io/en/release-3.7/fields/#ttlstrategy */
export interface TimeToLive {
  readonly secondsAfterSuccess: number;
  readonly secondsAfterFailure: number;
}

/** What the ServiceAccount of a workflow template must be allowed: to report results, and nothing else. */
export const EXECUTOR_RULES = [
  { apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] },
] as const;

/** A workflow template: what runs are made of. */
export interface WorkflowTemplate<out T extends AnyTemplates, out I extends Inputs> {
  readonly name: string;
  /** What a run is started with. */
  readonly inputs: I;
  /** Its templates, for tasks of other workflow templates. */
  readonly templates: T;
  /**
   * The object for Kubernetes.
   *
   * @throws WorkflowError with all mistakes at once
   */
  toManifest(): Manifest;
}

/**
 * A workflow template.
 *
 * @param name at most 63 characters, unique in its namespace
 */
export function workflowTemplate<const T extends AnyTemplates, const K extends keyof T & string>(
  name: string,
  props: WorkflowTemplateProps<T, K>,
): WorkflowTemplate<T, InputsOf<T[K]>> {
  const foreign = { workflowTemplate: name };
  return {
    name,
    inputs: props.templates[props.entrypoint]?.inputs as InputsOf<T[K]>,
    templates: Object.fromEntries(
      Object.entries(props.templates).map(([key, template]) => [key, refer(template, foreign)]),
    ) as unknown as T,
    toManifest: () => renderWorkflowTemplate(name, props as unknown as AnyWorkflowTemplateProps),
  };
}
