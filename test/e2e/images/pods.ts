import { apply, get, kubectl, type LiveObject, waitFor } from '../kubectl';

/** Namespace of these tests, at the strictest level of Pod Security. */
export const NAMESPACE = 'images-e2e';

export type ProgramName = 'trainer' | 'dvc' | 'inference' | 'ui' | 'deployer';

/** One run of an image, with the settings that the platform gives every container. */
export interface Step {
  readonly name: string;
  readonly image: ProgramName;
  /** In place of the image's own entry point. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** Runs beside the steps that follow, which begin when this path answers on port 8080. */
  readonly serves?: string;
}

/** How the containers of a pod ended. */
export interface Ended {
  /** Exit codes by name of the step; undefined for one that never ran. */
  readonly codes: Readonly<Record<string, number | undefined>>;
  /** Standard output and error, mixed. */
  logs(step: string): Promise<string>;
  /** What a step printed last, which is its result. */
  result(step: string): Promise<Readonly<Record<string, unknown>>>;
}

/** Name of an image on the node; `IMAGE_NAME` as for docker/build. */
function imageName(name: ProgramName): string {
  return (process.env.IMAGE_NAME ?? 'localhost/{name}:e2e').replaceAll('{name}', name);
}

export async function createNamespace(): Promise<void> {
  const labels = {
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/warn': 'restricted',
  };
  await removeNamespace();
  await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } }]);
}

export async function removeNamespace(): Promise<void> {
  await kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--timeout', '120s']);
}

/**
 * Runs steps one after the other in one pod; all see the same empty folder at `/work`.
 *
 * @throws when the API server warns of the pod, or it has not ended after five minutes
 */
export async function runSteps(name: string, steps: readonly Step[]): Promise<Ended> {
  const { warnings } = await apply([pod(name, steps)]);
  if (warnings.length > 0) throw new Error(warnings.join('\n'));
  const ended = await waitFor(`pod ${name} has ended`, 300, async () => {
    const [live] = await get('pod', name, '--namespace', NAMESPACE);
    return ['Succeeded', 'Failed'].includes(live?.status?.phase) ? live : undefined;
  });
  const logs = async (step: string) =>
    (await kubectl(['logs', name, '--namespace', NAMESPACE, '--container', step])).stdout;
  return {
    codes: codesOf(ended),
    logs,
    async result(step) {
      const lines = (await logs(step)).split('\n').filter((line) => line.startsWith('{'));
      return JSON.parse(lines.at(-1) ?? 'null');
    },
  };
}

function pod(name: string, steps: readonly Step[]): object {
  const containers = steps.map(container);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 30,
      // No runAsUser: the image says who runs it.
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      initContainers: containers.slice(0, -1),
      containers: containers.slice(-1),
      volumes: ['work', 'tmp'].map((volume) => ({ name: volume, emptyDir: {} })),
    },
  };
}

function container({ name, image, command, args, serves }: Step): object {
  return {
    name,
    image: imageName(image),
    imagePullPolicy: 'IfNotPresent',
    ...(command && { command }),
    ...(args && { args }),
    ...(serves && {
      restartPolicy: 'Always',
      startupProbe: { httpGet: { path: serves, port: 8080 }, periodSeconds: 1, failureThreshold: 120 },
    }),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } },
    volumeMounts: ['work', 'tmp'].map((volume) => ({ name: volume, mountPath: `/${volume}` })),
  };
}

function codesOf({ status }: LiveObject): Record<string, number | undefined> {
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return Object.fromEntries(all.map(({ name, state }) => [name, state.terminated?.exitCode]));
}
