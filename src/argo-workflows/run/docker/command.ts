import { fieldsOf } from '../../lint/fields';
import type { Container } from '../pod/containers';
import type { Bind } from '../pod/volumes';

/** A container as the command line of Docker or Podman starts it. */
export interface ContainerStart {
  readonly program: 'docker' | 'podman';
  readonly name: string;
  readonly image: string;
  readonly container: Container;
  /** Words with their variables filled in. */
  readonly command: readonly [string, ...string[]];
  readonly args: readonly string[];
  /** Names only: values come from the environment of the client, so that no list of processes shows them. */
  readonly environment: readonly string[];
  readonly binds: readonly Pick<Bind, 'path' | 'host' | 'readOnly'>[];
  /** User and group that own the folders of the run. */
  readonly user: string;
  readonly graceSeconds: number;
}

/**
 * The words of `docker run` or `podman run` for one container: its folders at their exact paths, the network of this
 * machine, and the rights that its security context leaves it.
 */
export function containerCommand(start: ContainerStart): readonly [string, ...string[]] {
  const { program, name, container, command, binds } = start;
  const security = fieldsOf(container.fields.securityContext);
  const [entrypoint, ...rest] = command;
  return [
    program,
    'run',
    '--rm',
    '--init',
    `--name=${name}`,
    // A client that is told to end tells the container, which then has this long.
    `--stop-timeout=${Math.ceil(start.graceSeconds)}`,
    '--network=host',
    `--user=${start.user}`,
    // Without it, what a container writes for somebody who is not root would belong to an unknown user of this machine.
    ...(program === 'podman' && !start.user.startsWith('0:') ? ['--userns=keep-id'] : []),
    ...(security.readOnlyRootFilesystem === true ? ['--read-only'] : []),
    ...(security.allowPrivilegeEscalation === false ? ['--security-opt=no-new-privileges'] : []),
    ...dropped(security.capabilities).map((capability) => `--cap-drop=${capability}`),
    ...binds.map(
      ({ host, path, readOnly }) => `--mount=type=bind,source=${host},target=${path}${readOnly ? ',readonly' : ''}`,
    ),
    ...start.environment.map((variable) => `--env=${variable}`),
    ...(container.workingDir === undefined ? [] : [`--workdir=${container.workingDir}`]),
    `--entrypoint=${entrypoint}`,
    start.image,
    ...rest,
    ...start.args,
  ];
}

function dropped(capabilities: unknown): readonly string[] {
  const { drop } = fieldsOf(capabilities);
  return Array.isArray(drop) ? drop.map(String) : [];
}
