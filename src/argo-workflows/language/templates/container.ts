import type { ArgumentPlace } from '../arguments';
import { literalProblems } from '../arguments';
import type { Inputs } from '../inputs';
import type { Probe } from '../kubernetes';
import type { Outputs, ParameterOutput, ProgramOutputs } from '../outputs';
import { CONTAINER_SECURITY, type ContainerProps, outputFolders, type PodProps, renderPodFields } from '../pod';
import {
  type ArgumentsOf,
  type Command,
  type EnvironmentValue,
  type Given,
  given,
  type ProgramContext,
  programContext,
  renderCommand,
  renderEnvironment,
  type Text,
} from '../program';
import { renderResources, storageOf } from '../quantities';
import { define, type Surroundings, type Template, type Wire } from '../template';
import { type Mounted, renderMounts } from '../volumes';

/** Fields of a template that runs a program of an image. */
export interface ContainerTemplateProps<Scope extends string, I extends Inputs, O extends Outputs, C extends Command>
  extends PodProps<Scope, I, O>,
    Omit<ContainerProps<Scope>, 'mounts'> {
  /** What runs. */
  readonly command: C;
  /** Arguments of the command; values are handed over as they are, without a shell. @default - none */
  readonly args?: Given<ArgumentsOf<C, Scope>, ProgramContext<Scope, I, O>>;
  /** Environment variables by name. @default - none */
  readonly env?: Given<Readonly<Record<string, EnvironmentValue<Scope>>>, ProgramContext<Scope, I, O>>;
  /** Volumes at paths. @default - none */
  readonly mounts?: Given<ContainerProps<Scope>['mounts'], ProgramContext<Scope, I, O>>;
  /** @default - that of the image */
  readonly workingDir?: string;
}

/** Fields of a template that runs a server beside the steps that follow. */
export interface DaemonProps<Scope extends string, I extends Inputs, C extends Command>
  extends ContainerTemplateProps<Scope, I, Record<never, never>, C> {
  /** The steps that follow begin when it succeeds. */
  readonly readinessProbe: Probe;
}

type AnyProps = ContainerTemplateProps<string, Inputs, Outputs, Command>;

/**
 * A template that runs a program.
 *
 * @param name unique in its workflow template
 * @example container('fetch', {
 *   inputs: { url: input.string() },
 *   outputs: { data: output.artifact('/outputs/data') },
 *   image: 'registry.example/fetch:1.2.0',
 *   command: ['fetch'],
 *   args: (c) => ['--url', c.inputs.url, '--out', c.outputs.data.path],
 *   resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '64Mi' } },
 * });
 */
export function container<
  const Name extends string,
  const I extends Inputs = Record<never, never>,
  const O extends ProgramOutputs = Record<never, never>,
  const C extends Command = Command,
>(name: Name, props: ContainerTemplateProps<`container ${Name}`, I, O, C>): Template<I, O> {
  return program(
    name,
    props as unknown as AnyProps,
    props.inputs ?? ({} as I),
    props.outputs ?? ({} as O),
    'container',
    {},
  );
}

/** What a daemon gives: where it is. */
export type DaemonOutputs = { readonly ip: ParameterOutput<string, 'present', 'ip'> };

/**
 * A template that runs a server until the DAG or steps template that started it ends. It is not tried again: what
 * depends on it would still talk to the old address.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/walk-through/daemon-containers/
 */
export function daemon<
  const Name extends string,
  const I extends Inputs = Record<never, never>,
  const C extends Command = Command,
>(name: Name, props: DaemonProps<`container ${Name}`, I, C>): Template<I, DaemonOutputs> {
  const ip = { kind: 'parameter', source: 'ip', type: 'string', valueFrom: {} } as const;
  const all = { retry: 'never', ...props } as unknown as AnyProps;
  return program(name, all, props.inputs ?? ({} as I), { ip }, 'container', {
    daemon: true,
    readinessProbe: props.readinessProbe,
  });
}

/** A container or script template. */
export function program<I extends Inputs, O extends Outputs>(
  name: string,
  props: AnyProps,
  inputs: I,
  outputs: O,
  kind: 'container' | 'script',
  extra: { readonly daemon?: true; readonly readinessProbe?: Probe; readonly source?: string },
): Template<I, O> {
  const owner = {};
  return define(name, inputs, outputs, {
    children: [],
    render: (surroundings) => {
      const place = { where: `${kind} "${name}"`, owner, report: surroundings.report };
      const context = programContext(inputs, outputs, owner);
      for (const problem of literalProblems(`${place.where}, source`, extra.source)) surroundings.report(problem);
      const { volumes, volumeMounts } = mountsOf(props, context, outputs, place);
      return {
        ...renderPodFields({ ...props, inputs, outputs }, context, name, place, surroundings),
        ...(extra.daemon === true ? { daemon: true } : {}),
        ...(volumes.length === 0 ? {} : { volumes }),
        [kind]: {
          ...renderContainer(props, context, place, surroundings),
          ...(extra.readinessProbe === undefined ? {} : { readinessProbe: extra.readinessProbe }),
          ...(extra.source === undefined ? {} : { source: extra.source }),
          ...(volumeMounts.length === 0 ? {} : { volumeMounts }),
        },
      };
    },
  });
}

function mountsOf(
  props: AnyProps,
  context: ProgramContext<string, Inputs, Outputs>,
  outputs: Outputs,
  place: ArgumentPlace,
): Mounted {
  const mounts = props.mounts === undefined ? [] : (given(props.mounts, context) ?? []);
  const writable = ['/tmp', ...(props.writable ?? []), ...outputFolders(outputs, place)];
  return renderMounts(mounts, writable, storageOf(props.resources), place);
}

/** The fields of a container but for its mounts. */
export function renderContainer(
  props: Pick<AnyProps, 'image' | 'command' | 'args' | 'env' | 'workingDir' | 'resources'>,
  context: ProgramContext<string, Inputs, Outputs>,
  place: ArgumentPlace,
  surroundings: Surroundings,
): Wire {
  if (props.image === '') place.report({ where: place.where, what: 'no image', fix: 'name the image' });
  for (const problem of literalProblems(place.where, [props.image, props.workingDir])) place.report(problem);
  const args =
    props.args === undefined ? undefined : given<readonly Text<string>[], typeof context>(props.args, context);
  const environment = props.env === undefined ? undefined : given(props.env, context);
  return {
    image: props.image,
    ...(surroundings.imagePullPolicy === undefined ? {} : { imagePullPolicy: surroundings.imagePullPolicy }),
    ...renderCommand(props.command, args, Object.keys(environment ?? {}), place),
    ...renderEnvironment(environment, place),
    ...(props.workingDir === undefined ? {} : { workingDir: props.workingDir }),
    resources: renderResources(props.resources, place),
    securityContext: CONTAINER_SECURITY,
  };
}
