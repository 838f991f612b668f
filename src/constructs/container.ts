import type { V1Container, V1EnvVar, V1Lifecycle, V1Probe, V1VolumeMount } from '@kubernetes/client-node';
import type { IConstruct } from 'constructs';
import type { ImageLock } from '../core/cluster';
import { ClusterScope } from '../core/component';
import { imageReference } from '../core/image';
import {
  type Accelerator,
  type ResourceProfile,
  type Resources,
  resolveResources,
  wireAmounts,
} from '../core/resources';
import type { Mountable } from './volumes/mountable';

export interface Mount {
  /** What is mounted, by object. */
  readonly volume: Mountable;
  /** Absolute path in the container. */
  readonly path: string;
  /** @default false */
  readonly readOnly?: boolean;
}

export interface ContainerProps {
  readonly name: string;
  /** From the cluster's lock file of images. */
  readonly image: ImageLock;
  /** @default - the image's entry point */
  readonly command?: readonly string[];
  /** @default - the image's arguments */
  readonly args?: readonly string[];
  /** Plain values; a secret is mounted as a file. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ports by name; Services and probes refer to the names. */
  readonly ports?: Readonly<Record<string, number>>;
  readonly mounts?: readonly Mount[];
  readonly resources: ResourceProfile | Resources;
  /** Devices for this container; their node must offer them. */
  readonly accelerator?: Accelerator;
  /** What a long-running container must answer. Left out for those that end by themselves. */
  readonly probes?: Probes;
  /**
   * Seconds for which a stopping container goes on serving while endpoints forget it.
   * @default - none: stopped at once
   * @see https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-implementations
   */
  readonly drainSeconds?: number;
}

/** Liveness and readiness ask different things: alive is not yet able to serve. */
export interface Probes {
  /** Until it succeeds the others wait; its period times failures is the time allowed to start. */
  readonly startup: V1Probe;
  /** Whether requests may come. */
  readonly readiness: V1Probe;
  /** Whether a restart would help. */
  readonly liveness: V1Probe;
}

/** A container under Pod Security `restricted`, with bounds on all that it uses. */
export function container(scope: IConstruct, props: ContainerProps): V1Container {
  const mounts = (props.mounts ?? []).map(
    ({ volume, path, readOnly }): V1VolumeMount => ({
      name: volume.name,
      mountPath: path,
      ...(readOnly && { readOnly }),
    }),
  );
  return {
    name: props.name,
    image: imageReference(props.image),
    imagePullPolicy: ClusterScope.of(scope).cluster.imagePullPolicy,
    ...(props.command && { command: [...props.command] }),
    ...(props.args && { args: [...props.args] }),
    ...(props.environment && {
      env: Object.entries(props.environment).map(([name, value]): V1EnvVar => ({ name, value })),
    }),
    ...(props.ports && {
      ports: Object.entries(props.ports).map(([name, containerPort]) => ({ name, containerPort, protocol: 'TCP' })),
    }),
    ...(mounts.length > 0 && { volumeMounts: mounts }),
    resources: wireResources(resolveResources(props.resources), props.accelerator),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    },
    ...(props.probes && {
      startupProbe: props.probes.startup,
      readinessProbe: props.probes.readiness,
      livenessProbe: props.probes.liveness,
    }),
    ...(props.drainSeconds !== undefined && { lifecycle: sleepBeforeStop(props.drainSeconds) }),
  };
}

function wireResources({ requests, limits }: Resources, accelerator: Accelerator | undefined) {
  const devices = accelerator && { [accelerator.resource]: String(accelerator.count) };
  return { requests: { ...wireAmounts(requests), ...devices }, limits: { ...wireAmounts(limits), ...devices } };
}

function sleepBeforeStop(seconds: number): V1Lifecycle {
  return { preStop: { sleep: { seconds } } };
}
