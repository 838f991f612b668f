import type { Check, Finding } from '../check';
import { type PodContainer, type PodTemplate, podTemplates } from '../pods';
import { at, fields, items, list, number } from '../read';

const LOWEST_ID = 10000;

/** Volume types that Pod Security `restricted` permits. */
const VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/** Pod Security `restricted`, and what the judges of manifests ask beyond it. */
export const containerSecurity: Check = {
  id: 'container-security',
  severity: 'error',
  why: 'A namespace that enforces Pod Security `restricted` refuses the pod; as root or with a writable image a break-in becomes a foothold.',
  *run(context) {
    for (const pod of podTemplates(context)) {
      yield* podSettings(pod);
      for (const container of pod.containers) yield* containerSettings(pod, container);
    }
  },
};

function* podSettings({ object, path, spec }: PodTemplate): Generator<Finding> {
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) {
    if (spec[field] !== true) continue;
    yield { object, field: `${path}.${field}`, what: 'shares a namespace of the node', got: true, fix: 'remove it' };
  }
  for (const { value, path: field } of items(spec.volumes, `${path}.volumes`)) {
    for (const type of Object.keys(value).filter((key) => key !== 'name' && !VOLUMES.has(key))) {
      const fix =
        type === 'nfs'
          ? 'mount it through a PersistentVolume and its claim'
          : 'mount a claim, a Secret, a ConfigMap or an emptyDir';
      yield {
        object,
        field: `${field}.${type}`,
        what: 'is a volume that Pod Security `restricted` refuses',
        got: type,
        fix,
      };
    }
  }
}

function* containerSettings(
  { object, spec }: PodTemplate,
  { path, fields: container }: PodContainer,
): Generator<Finding> {
  const own = fields(container.securityContext);
  const inherited = fields(spec.securityContext);
  const setting = (key: string) => own[key] ?? inherited[key];
  const finding = (field: string, what: string, got: unknown, fix: string): Finding => ({
    object,
    field: `${path}.securityContext.${field}`,
    what,
    ...(got !== undefined && { got }),
    fix,
  });

  if (own.allowPrivilegeEscalation !== false)
    yield finding('allowPrivilegeEscalation', 'may gain privileges', own.allowPrivilegeEscalation, 'set it to false');
  if (own.privileged === true) yield finding('privileged', 'has all rights on the node', true, 'remove it');
  if (own.readOnlyRootFilesystem !== true)
    yield finding(
      'readOnlyRootFilesystem',
      'can write to its image',
      own.readOnlyRootFilesystem,
      'set it to true and mount an emptyDir where it writes',
    );
  if (setting('runAsNonRoot') !== true)
    yield finding(
      'runAsNonRoot',
      'may run as root',
      setting('runAsNonRoot'),
      'set it to true, for the pod or the container',
    );
  for (const id of ['runAsUser', 'runAsGroup']) {
    const value = number(setting(id));
    if (value === undefined || value < LOWEST_ID)
      yield finding(id, 'may be an id of the node', setting(id), `set an id of at least ${LOWEST_ID}`);
  }
  if (!list(at(own.capabilities, 'drop')).includes('ALL'))
    yield finding('capabilities.drop', 'keeps capabilities', at(own.capabilities, 'drop'), 'drop ALL');
  const added = list(at(own.capabilities, 'add')).filter((capability) => capability !== 'NET_BIND_SERVICE');
  if (added.length > 0) yield finding('capabilities.add', 'adds capabilities', added, 'remove them');
  const seccomp = at(setting('seccompProfile'), 'type');
  if (seccomp !== 'RuntimeDefault' && seccomp !== 'Localhost')
    yield finding(
      'seccompProfile',
      'filters no system calls',
      seccomp,
      'set type RuntimeDefault, for the pod or the container',
    );
  if (own.procMount !== undefined && own.procMount !== 'Default')
    yield finding('procMount', 'unmasks /proc', own.procMount, 'remove it');
  for (const { value, path: port } of items(container.ports, `${path}.ports`)) {
    if (value.hostPort === undefined || value.hostPort === 0) continue;
    yield {
      object,
      field: `${port}.hostPort`,
      what: 'takes a port of the node',
      got: value.hostPort,
      fix: 'reach the pod through a Service',
    };
  }
}
