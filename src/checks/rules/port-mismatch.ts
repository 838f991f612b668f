import type { RenderedObject } from '../../render/model';
import type { Check, Finding } from '../check';
import { type PodContainer, type PodTemplate, podTemplates } from '../pods';
import { at, items, scalar, text } from '../read';
import { servicePods } from '../selectors';

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'];

/** Ports by name or number that no container has. */
export const portMismatch: Check = {
  id: 'port-mismatch',
  severity: 'error',
  why: 'A Service or probe on a port that no container listens on never answers.',
  *run(context) {
    for (const object of context.ofKind('Service')) {
      const selector = at(object.manifest, 'spec', 'selector');
      if (selector === undefined) continue;
      yield* servicePorts(object, servicePods(context, object.manifest.metadata.namespace ?? '', selector));
    }
    for (const { object, containers } of podTemplates(context)) {
      for (const container of containers) yield* probePorts(object, container);
    }
  },
};

function* servicePorts(object: RenderedObject, pods: readonly PodTemplate[]): Generator<Finding> {
  if (pods.length === 0) return;
  const offered = pods.flatMap(({ containers }) => containers.flatMap(portsOf));
  for (const { value, path } of items(at(object.manifest, 'spec', 'ports'), 'spec.ports')) {
    const target = value.targetPort ?? value.port;
    if (offered.some(({ name, port }) => target === name || target === port)) continue;
    // A container may listen on a port that it does not declare; a name must be declared.
    if (offered.length === 0 && typeof target === 'number') continue;
    yield {
      object,
      field: `${path}.targetPort`,
      what: 'is no port of the selected pods',
      got: target,
      fix: `use one of ${describe(offered)}`,
    };
  }
}

function* probePorts(object: RenderedObject, container: PodContainer): Generator<Finding> {
  const offered = portsOf(container);
  for (const probe of PROBES) {
    for (const handler of ['httpGet', 'tcpSocket', 'grpc']) {
      const port = at(container.fields[probe], handler, 'port');
      if (port === undefined || offered.some((one) => one.name === port || one.port === port)) continue;
      if (offered.length === 0 && typeof port === 'number') continue;
      yield {
        object,
        field: `${container.path}.${probe}.${handler}.port`,
        what: 'is no port of the container',
        got: port,
        fix: `use one of ${describe(offered)}`,
      };
    }
  }
}

interface Port {
  readonly name?: string;
  readonly port: unknown;
}

function portsOf({ fields, path }: PodContainer): Port[] {
  return items(fields.ports, path).map(({ value }) => {
    const name = text(value.name);
    return { ...(name && { name }), port: value.containerPort };
  });
}

function describe(offered: readonly Port[]): string {
  return (
    offered.map(({ name, port }) => (name ? `${name} (${scalar(port)})` : scalar(port))).join(', ') ||
    'the ports that the container is given under `ports`'
  );
}
