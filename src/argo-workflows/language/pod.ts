import { dirname } from 'node:path/posix';
import type { ArgumentPlace } from './arguments';
import { type Expr, type Owner, variableHandle } from './expr';
import type { Inputs } from './inputs';
import { type Memoize, renderMemoize } from './memoize';
import { type Metric, renderMetrics, type TemplateMetricContext, templateMetricContext } from './metrics';
import type { Outputs, ParameterOutput } from './outputs';
import { type Patch, renderPodPatch } from './patch';
import type { Placement } from './placement';
import { renderInputs, renderOutputs } from './ports';
import { type Given, given, type ProgramContext } from './program';
import { checkCount, type Resources } from './quantities';
import { type Retry, renderRetry } from './retry';
import { renderSynchronization, type Synchronization } from './synchronization';
import type { Surroundings, Wire } from './template';
import type { Mount } from './volumes';

/** What a metric of a program's template can use. */
export interface ProgramMetricContext<Scope extends string, I extends Inputs, O extends Outputs>
  extends TemplateMetricContext<Scope> {
  readonly inputs: ProgramContext<Scope, I, O>['inputs'];
  /** What it gave, such as a score. */
  readonly outputs: {
    readonly [K in keyof O as O[K] extends ParameterOutput<unknown, 'present', 'file'>
      ? K
      : never]: O[K] extends ParameterOutput<infer T, 'present', 'file'> ? Expr<T, Scope> : never;
  };
}

/** Fields of every template that runs in a pod. */
export interface PodProps<Scope extends string, I extends Inputs, O extends Outputs> {
  /** What it takes. @default - nothing */
  readonly inputs?: I;
  /** What it gives. @default - nothing */
  readonly outputs?: O;
  /** On which nodes it may run. @default - that of the workflow template */
  readonly placement?: Placement;
  /** How often and when it is tried again. @default - twice where the pod was lost, after 30 s and 60 s */
  readonly retry?: Retry | 'never';
  /** Seconds after which one attempt is ended as failed. @default 3600 */
  readonly activeDeadlineSeconds?: number;
  /** What it must hold while it runs. @default - nothing */
  readonly synchronization?: Given<Synchronization<Scope>, ProgramContext<Scope, I, O>>;
  /** Outputs to take again for the same key. @default - it always runs */
  readonly memoize?: Given<Memoize<Scope>, ProgramContext<Scope, I, O>>;
  /** Metrics beside the counter of ends that every step has. @default - none */
  readonly metrics?: (context: ProgramMetricContext<Scope, I, O>) => readonly Metric<Scope>[];
  /** Changes of the pod that need values, such as memory from a parameter. @default - none */
  readonly podSpecPatch?: (context: ProgramContext<Scope, I, O>) => Patch<Scope>;
  /** Labels of the pod. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the pod. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** @default - that of the namespace */
  readonly priorityClassName?: string;
}

/**
 * The identity of every pod: an ordinary user, in the words of the restricted Pod Security Standard.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const POD_SECURITY = {
  runAsNonRoot: true,
  runAsUser: 10001,
  runAsGroup: 10001,
  fsGroup: 10001,
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
} as const;

/** What every container may do: nothing beyond its own files. */
export const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
} as const;

/** A container of a pod. */
export interface ContainerProps<Scope extends string> {
  /** Repository and tag or digest. */
  readonly image: string;
  /** CPU, memory and disk. */
  readonly resources: Resources;
  /** Volumes at paths. @default - none */
  readonly mounts?: readonly Mount<Scope>[];
  /** Folders that the program may write, beside /tmp and those of its outputs; empty at the start. @default - none */
  readonly writable?: readonly string[];
}

/** All fields of a template that are not those of its kind, each with its default written out. */
export function renderPodFields(
  props: PodProps<string, Inputs, Outputs>,
  context: ProgramContext<string, Inputs, Outputs>,
  name: string,
  place: ArgumentPlace,
  surroundings: Surroundings,
): Wire {
  const placement = props.placement ?? surroundings.placement ?? {};
  checkCount('activeDeadlineSeconds', props.activeDeadlineSeconds, 1, place);
  if (props.memoize !== undefined) checkMemoized(props.outputs ?? {}, place);
  return {
    ...renderInputs(props.inputs ?? {}, place.where, 'program', surroundings),
    ...renderOutputs(props.outputs ?? {}, place.where, surroundings),
    ...(props.labels === undefined && props.annotations === undefined
      ? {}
      : { metadata: { ...pick('labels', props.labels), ...pick('annotations', props.annotations) } }),
    ...pick('nodeSelector', placement.nodeSelector),
    ...pick('tolerations', placement.tolerations),
    ...pick('affinity', placement.affinity),
    ...pick('priorityClassName', props.priorityClassName),
    serviceAccountName: surroundings.serviceAccount,
    automountServiceAccountToken: false,
    executor: { serviceAccountName: surroundings.serviceAccount },
    securityContext: POD_SECURITY,
    activeDeadlineSeconds: props.activeDeadlineSeconds ?? 3600,
    ...renderRetry(props.retry, place),
    ...(props.synchronization === undefined ? {} : renderSynchronization(given(props.synchronization, context), place)),
    ...(props.memoize === undefined ? {} : renderMemoize(given(props.memoize, context), name, place)),
    ...renderMetrics(
      [
        ...stepMetrics(name, surroundings),
        ...(props.metrics?.(metricContext(context, props.outputs ?? {}, place.owner)) ?? []),
      ],
      place,
    ),
    ...(props.podSpecPatch === undefined ? {} : { podSpecPatch: renderPodPatch(props.podSpecPatch(context), place) }),
  };
}

function checkMemoized(outputs: Outputs, place: ArgumentPlace): void {
  for (const [name, declared] of Object.entries(outputs)) {
    const collected =
      declared.kind === 'artifact' ? (declared.fields.artifactGC as { strategy: string } | undefined) : undefined;
    if (collected !== undefined && collected.strategy !== 'Never') {
      place.report({
        where: `${place.where}, output "${name}"`,
        what: 'an artifact of a memoized template is garbage collected, so that a later run would take one that is gone',
        value: collected.strategy,
        fix: 'keep it with garbageCollection "Never", or do not memoize',
      });
    }
  }
}

/** Every folder that a program writes an output into, but for those of volumes. */
export function outputFolders(outputs: Outputs, place: ArgumentPlace): readonly string[] {
  return Object.entries(outputs).flatMap(([name, declared]) => {
    if (declared.kind === 'artifact' && declared.shared) return [];
    const path = declared.kind === 'artifact' ? declared.path : declared.valueFrom.path;
    if (typeof path !== 'string') return [];
    if (!path.startsWith('/') || dirname(path) === '/') {
      place.report({
        where: `${place.where}, output "${name}"`,
        what: 'an output outside of a folder, where the program cannot write',
        value: path,
        fix: `write it into a folder, such as "/outputs/${name}"`,
      });
      return [];
    }
    return [dirname(path)];
  });
}

function metricContext(
  context: ProgramContext<string, Inputs, Outputs>,
  outputs: Outputs,
  owner: Owner | undefined,
): ProgramMetricContext<string, Inputs, Outputs> {
  const given = Object.entries(outputs).flatMap(([name, declared]) =>
    declared.kind === 'parameter' && declared.source === 'file'
      ? [
          [
            name,
            variableHandle(['outputs', 'parameters', { name }], declared.type, owner === undefined ? {} : { owner }),
          ],
        ]
      : [],
  );
  return { ...templateMetricContext<string>(), inputs: context.inputs, outputs: Object.fromEntries(given) };
}

function stepMetrics(name: string, surroundings: Surroundings): readonly Metric<string>[] {
  return [
    {
      kind: 'counter',
      name: 'workflow_step_ends_total',
      help: 'Steps that ended, by workflow template, template and status',
      labels: {
        workflow_template: surroundings.workflowTemplate,
        template: name,
        status: templateMetricContext<string>().status,
      },
    },
  ];
}

function pick<T>(key: string, value: T | undefined): Record<string, T> {
  return value === undefined ? {} : { [key]: value };
}
