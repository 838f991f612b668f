import { apply, get, kubectl, waitFor } from '../kubectl';
import { STAND_IN } from './stand-in';

/** A place to connect from. */
export interface From {
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
}

let count = 0;

/**
 * Whether a pod with these labels can open a connection to an address. The pod answers for the policy alone: it has no
 * other program than the attempt.
 */
export async function canConnect(from: From, host: string, port: number): Promise<boolean> {
  const name = `connects-${++count}`;
  const { namespace, labels = {} } = from;
  await apply([
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 10001,
          runAsGroup: 10001,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            name: 'main',
            image: STAND_IN,
            imagePullPolicy: 'IfNotPresent',
            // Policies take a moment to reach a new pod, so the last of some attempts counts.
            command: [
              ...['bash', '-c'],
              `for attempt in 1 2 3; do sleep 1; timeout 3 bash -c '</dev/tcp/$0/$1' "$0" "$1" && last=0 || last=7; done; exit $last`,
              ...[host, String(port)],
            ],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          },
        ],
      },
    },
  ]);
  try {
    return await waitFor(`${name} in ${namespace} tried ${host}:${port}`, 90, async () => {
      const [pod] = await get('pod', name, '--namespace', namespace);
      const code = pod?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
      if (code !== undefined && code !== 0 && code !== 7) throw new Error(`${name} ended with ${code}`);
      return code === undefined ? undefined : code === 0;
    });
  } finally {
    await kubectl(['delete', 'pod', name, '--namespace', namespace, '--wait=false']);
  }
}
