import type { Manifest } from '../../../src/argo-workflows/language';
import { STAND_IN } from './runs';

/** What the program of a step does in the place of the real one. */
export interface Behaviour {
  /** What it writes into its outputs; the name of each where it is not said. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** Ends with this code. @default 0 */
  readonly exitCode?: number;
  /** The kernel kills it for its memory in so many first attempts. @default 0 */
  readonly killed?: number;
}

interface Template {
  readonly name: string;
  readonly outputs?: {
    readonly parameters?: readonly { readonly name: string; readonly valueFrom: { readonly path: string } }[];
  };
  readonly daemon?: boolean;
  readonly retryStrategy?: object;
  readonly suspend?: { readonly duration?: string };
  readonly volumes?: readonly { readonly name: string }[];
  readonly container?: {
    readonly args?: readonly string[];
    readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  };
}

/** Does what its first argument says, in the attempt that its second says; the others are those of the real program. */
const PROGRAM = `
import http.server, json, pathlib, sys
behaviour, attempt = json.loads(sys.argv[1]), int(sys.argv[2])
print('argv', sys.argv[3:])
if attempt < behaviour['killed']:
    kept = []
    while True: kept.append(bytearray(1 << 20))
for path, value in behaviour['outputs'].items():
    pathlib.Path(path).write_text(value)
if behaviour['serve']:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200); self.end_headers()
    http.server.HTTPServer(('', behaviour['serve']), Handler).serve_forever()
sys.exit(behaviour['exitCode'])`;

const RESOURCES = {
  requests: { cpu: '10m', memory: '32Mi' },
  limits: { memory: '64Mi' },
};

/**
 * The workflow template of a pipeline as it is rendered, under another name, with a stand-in for each program: the same
 * tasks, conditions, retries and locks; no volumes but empty ones, and short pauses.
 *
 * @param patience how long it waits for a person
 */
export function withStandIns(
  name: string,
  pipeline: Manifest,
  behaviours: Readonly<Record<string, Behaviour>>,
  patience: string,
): Manifest {
  const { templates, imagePullSecrets, ...spec } = pipeline.spec as unknown as {
    readonly templates: readonly Template[];
    readonly imagePullSecrets: unknown;
  };
  const unknown = Object.keys(behaviours).filter((step) => !templates.some((each) => each.name === step));
  if (unknown.length > 0) throw new Error(`${pipeline.metadata.name} has no step ${unknown.join(', ')}`);
  return {
    ...pipeline,
    metadata: { name },
    spec: {
      ...spec,
      serviceAccountName: 'workflow',
      executor: { serviceAccountName: 'workflow' },
      templates: templates.map((template) =>
        template.suspend
          ? { ...template, suspend: { duration: patience } }
          : standIn(template, behaviours[template.name] ?? {}),
      ),
    },
  } as unknown as Manifest;
}

function standIn(template: Template, { outputs = {}, exitCode = 0, killed = 0 }: Behaviour): object {
  if (!template.container) return template;
  const { volumes = [], retryStrategy, container } = template;
  const files = (template.outputs?.parameters ?? []).map((parameter) => [
    parameter.valueFrom.path,
    outputs[parameter.name] ?? parameter.name,
  ]);
  const behaviour = { outputs: Object.fromEntries(files), exitCode, killed, serve: template.daemon ? 8080 : 0 };
  const { nodeSelector, tolerations, affinity, priorityClassName, ...rest } = template as Template &
    Readonly<Record<string, unknown>>;
  return {
    ...rest,
    serviceAccountName: 'workflow',
    executor: { serviceAccountName: 'workflow' },
    volumes: volumes.map((volume) => ({ name: volume.name, emptyDir: { sizeLimit: '1Mi' } })),
    ...(retryStrategy && { retryStrategy: { ...retryStrategy, backoff: { duration: '1s' } } }),
    container: {
      ...container,
      image: STAND_IN,
      imagePullPolicy: 'IfNotPresent',
      command: ['python3', '-c', PROGRAM],
      args: [JSON.stringify(behaviour), retryStrategy ? `{{${'retries'}}}` : '0', ...(container.args ?? [])],
      resources: RESOURCES,
      // A file of a Secret is a folder of an empty volume.
      volumeMounts: container.volumeMounts
        ?.filter(({ mountPath }) => !mountPath.startsWith('/etc/'))
        .map(({ name, mountPath }) => ({ name, mountPath })),
    },
  };
}
