import type {
  V1Affinity,
  V1PodTemplateSpec,
  V1Toleration,
  V1TopologySpreadConstraint,
  V1Volume,
} from '@kubernetes/client-node';
import type { IConstruct } from 'constructs';
import type { Reference } from '../core/existing';
import type { Placement } from '../core/placement';
import { type ContainerProps, container } from './container';
import type { Mountable } from './volumes/mountable';

/** User and group of every process of ours; files on shared folders belong to them. */
export const USER_ID = 10001;

export interface PodProps {
  /** The workload's own identity. */
  readonly serviceAccount: Reference<'ServiceAccount'>;
  /** The first is the one that serves. */
  readonly containers: readonly [ContainerProps, ...ContainerProps[]];
  /** Run one after the other before the containers. */
  readonly initContainers?: readonly ContainerProps[];
  /**
   * Where the pods may run.
   * @default - anywhere
   */
  readonly placement?: Placement | undefined;
  /** Who goes first when room is short. */
  readonly priorityClass: Reference<'PriorityClass'>;
  /**
   * Whether the pods may speak to the API server with their ServiceAccount's token.
   * @default false
   */
  readonly usesKubernetesApi?: boolean;
  /** @default - the image's Never or Always rule of the workload's kind */
  readonly restartPolicy?: 'Never' | 'OnFailure';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Spread over nodes: whether there may be more than one replica. */
  readonly spread?: boolean;
}

/** Seconds that a container has for its last requests after it stopped getting new ones. */
const LAST_REQUESTS_SECONDS = 30;

/** The pod template of a workload, complying with the `restricted` Pod Security Standard. */
export function podTemplate(scope: IConstruct, props: PodProps): V1PodTemplateSpec {
  const all = [...(props.initContainers ?? []), ...props.containers];
  const volumes = podVolumes(all.flatMap(({ mounts = [] }) => mounts.map(({ volume }) => volume)));
  const drain = Math.max(0, ...props.containers.map(({ drainSeconds = 0 }) => drainSeconds));
  const tolerations = [...(props.placement?.tolerations ?? []), ...acceleratorTolerations(all)];
  return {
    metadata: {
      labels: { ...props.labels },
      ...(props.annotations && { annotations: { ...props.annotations } }),
    },
    spec: {
      serviceAccountName: props.serviceAccount.name,
      automountServiceAccountToken: props.usesKubernetesApi ?? false,
      enableServiceLinks: false,
      priorityClassName: props.priorityClass.name,
      securityContext: {
        fsGroup: USER_ID,
        fsGroupChangePolicy: 'OnRootMismatch',
        runAsGroup: USER_ID,
        runAsNonRoot: true,
        runAsUser: USER_ID,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...(props.placement?.nodeSelector && { nodeSelector: { ...props.placement.nodeSelector } }),
      ...(tolerations.length > 0 && { tolerations }),
      ...affinity(props),
      ...(props.spread && { topologySpreadConstraints: [spreadOverNodes(props.labels)] }),
      ...(props.restartPolicy && { restartPolicy: props.restartPolicy }),
      ...(drain > 0 && { terminationGracePeriodSeconds: drain + LAST_REQUESTS_SECONDS }),
      ...(props.initContainers && { initContainers: props.initContainers.map((one) => container(scope, one)) }),
      containers: props.containers.map((one) => container(scope, one)),
      ...(volumes.length > 0 && { volumes }),
    },
  };
}

/** Each volume once, in order of name; two volumes of one name would silently become one. */
function podVolumes(mounted: readonly Mountable[]): V1Volume[] {
  const byName = new Map<string, Mountable>();
  for (const volume of mounted) {
    const other = byName.get(volume.name);
    if (other && other !== volume)
      throw new TypeError(`two volumes of a pod are called ${volume.name}; give each a name of its own`);
    byName.set(volume.name, volume);
  }
  return [...byName.values()]
    .map(({ name, source }) => ({ name, ...source }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Nodes with devices are commonly tainted with the name of the resource, to keep others off. */
function acceleratorTolerations(containers: readonly ContainerProps[]): V1Toleration[] {
  const resources = new Set(containers.flatMap(({ accelerator }) => (accelerator ? [accelerator.resource] : [])));
  return [...resources].map((key) => ({ key, operator: 'Exists', effect: 'NoSchedule' }));
}

function affinity({ placement, spread, labels }: PodProps): { affinity?: V1Affinity } {
  if (placement?.affinity) return { affinity: placement.affinity };
  if (!spread) return {};
  const term = { labelSelector: { matchLabels: { ...labels } }, topologyKey: 'kubernetes.io/hostname' };
  return {
    affinity: {
      podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
    },
  };
}

function spreadOverNodes(labels: Readonly<Record<string, string>>): V1TopologySpreadConstraint {
  return {
    labelSelector: { matchLabels: { ...labels } },
    matchLabelKeys: ['pod-template-hash'],
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
  };
}
