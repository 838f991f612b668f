/** What one container asks for and may use at most, as Kubernetes quantities. */
export interface Resources {
  readonly requests: ResourceAmounts & { readonly cpu: string };
  readonly limits: ResourceAmounts;
}

export interface ResourceAmounts {
  /** Cores. As a limit optional: a limit throttles even when the node is idle. */
  readonly cpu?: string;
  /** Bytes of memory; above the limit the container is killed. */
  readonly memory: string;
  /** Bytes written to the container's file system, logs and emptyDirs; above the limit the pod is evicted. */
  readonly ephemeralStorage: string;
}

/** An extended resource, such as a GPU: whole devices, requested and limited alike. */
export interface Accelerator {
  /** The device plugin's resource name, such as `nvidia.com/gpu`. */
  readonly resource: string;
  /** Whole devices for each pod. */
  readonly count: number;
}

/** Sizes for machines of a home laboratory. */
export const resourceProfiles = {
  small: {
    requests: { cpu: '100m', memory: '128Mi', ephemeralStorage: '64Mi' },
    limits: { cpu: '1', memory: '256Mi', ephemeralStorage: '256Mi' },
  },
  medium: {
    requests: { cpu: '500m', memory: '512Mi', ephemeralStorage: '256Mi' },
    limits: { cpu: '2', memory: '1Gi', ephemeralStorage: '1Gi' },
  },
  large: {
    requests: { cpu: '1', memory: '2Gi', ephemeralStorage: '1Gi' },
    limits: { cpu: '4', memory: '4Gi', ephemeralStorage: '4Gi' },
  },
} as const satisfies Record<string, Resources>;

export type ResourceProfile = keyof typeof resourceProfiles;

/** Amounts by the names that Kubernetes has for them; a limit of cores that is left out stays out. */
export function wireAmounts({ cpu, memory, ephemeralStorage }: ResourceAmounts): Record<string, string> {
  return { ...(cpu !== undefined && { cpu }), memory, 'ephemeral-storage': ephemeralStorage };
}

/** A profile by its name, or amounts of one's own. */
export function resolveResources(resources: ResourceProfile | Resources): Resources {
  return typeof resources === 'string' ? resourceProfiles[resources] : resources;
}
