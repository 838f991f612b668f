import { findCycle } from '../../cycle';
import type { ArgumentPlace } from '../arguments';
import type { Inputs } from '../inputs';
import { nameProblems } from '../names';
import type { Outputs, ProgramOutputs } from '../outputs';
import { outputFolders, type PodProps, renderPodFields } from '../pod';
import {
  type ArgumentsOf,
  type Command,
  type EnvironmentValue,
  type ProgramContext,
  programContext,
  type Text,
} from '../program';
import { type Resources, storageOf } from '../quantities';
import { define, type Template } from '../template';
import { emptyFolders, type Mount, renderVolumeMounts, renderVolumes } from '../volumes';
import { renderContainer } from './container';

/** One container of a set. */
export interface SetMember<Scope extends string, Names extends string> {
  readonly image: string;
  readonly command: Command;
  /** @default - none */
  readonly args?: readonly Text<Scope>[];
  /** @default - none */
  readonly env?: Readonly<Record<string, EnvironmentValue<Scope>>>;
  readonly resources: Resources;
  /** Volumes at paths, beside the folders that all containers share. @default - none */
  readonly mounts?: readonly Mount<Scope>[];
  /** Containers that must have succeeded before. @default - none */
  readonly after?: readonly Names[];
}

/** Fields of a template that runs several programs in one pod. */
export interface ContainerSetProps<
  Scope extends string,
  I extends Inputs,
  O extends ProgramOutputs,
  Names extends string,
> extends PodProps<Scope, I, O> {
  /** Folders that all containers share and may write, beside /tmp and those of the outputs. @default - none */
  readonly writable?: readonly string[];
  /** The containers by name. Inputs and outputs belong to `main`. */
  readonly containers: (
    context: ProgramContext<Scope, I, O>,
  ) => Readonly<Record<Names, SetMember<Scope, NoInfer<Names>>>> & { readonly main: SetMember<Scope, NoInfer<Names>> };
}

/**
 * A template that runs several programs in one pod, which is faster than one pod each and shares its files. It is tried
 * again as a whole.
 *
 * @param name unique in its workflow template
 * @see https://argo-workflows.readthedocs.io/en/release-3.7/container-set-template/
 */
export function containerSet<
  const Name extends string,
  Names extends string,
  const I extends Inputs = Record<never, never>,
  const O extends ProgramOutputs = Record<never, never>,
>(name: Name, props: ContainerSetProps<`container set ${Name}`, I, O, Names>): Template<I, O> {
  const inputs = props.inputs ?? ({} as I);
  const outputs = props.outputs ?? ({} as O);
  const owner = {};
  return define(name, inputs, outputs, {
    children: [],
    render: (surroundings) => {
      const place = { where: `container set "${name}"`, owner, report: surroundings.report };
      const context = programContext(inputs, outputs, owner);
      const members: [string, SetMember<string, string>][] = Object.entries(
        props.containers(context as unknown as ProgramContext<`container set ${Name}`, I, O>),
      );
      checkOrder(members, place);
      const shared = ['/tmp', ...(props.writable ?? []), ...outputFolders(outputs, place)];
      const mounts = members.flatMap(([, member]) => member.mounts ?? []);
      const folders = emptyFolders(mounts, shared, storageOf(members[0]?.[1].resources));
      const volumes = renderVolumes([...mounts, ...folders], place);
      const base = props as unknown as PodProps<string, Inputs, Outputs>;
      return {
        ...renderPodFields({ ...base, inputs, outputs }, context, name, place, surroundings),
        ...(volumes.length === 0 ? {} : { volumes }),
        containerSet: {
          containers: members.map(([container, member]) => {
            const where = `${place.where}, container "${container}"`;
            return {
              name: container,
              ...renderContainer(
                member as Omit<typeof member, 'args'> & { readonly args?: ArgumentsOf<Command, string> },
                context,
                { ...place, where },
                surroundings,
              ),
              volumeMounts: renderVolumeMounts([...(member.mounts ?? []), ...folders], { ...place, where }),
              ...(member.after === undefined || member.after.length === 0 ? {} : { dependencies: member.after }),
            };
          }),
        },
      };
    },
  });
}

/** Names of containers that Argo itself puts into the pod. */
const RESERVED = new Set(['wait', 'init', 'supervisor']);

/** The rules of Argo's validator for the containers of a set. */
function checkOrder(members: readonly (readonly [string, SetMember<string, string>])[], place: ArgumentPlace): void {
  const after = new Map(members.map(([name, member]) => [name, member.after ?? []]));
  for (const [name, needed] of after) {
    const where = `${place.where}, container "${name}"`;
    for (const problem of nameProblems('container', name, where)) place.report(problem);
    if (RESERVED.has(name)) {
      place.report({ where, what: 'a container has the name of one of Argo', value: name, fix: 'rename it' });
    }
    for (const other of needed.filter((each) => !after.has(each))) {
      place.report({
        where,
        what: 'it waits for a container that is not in the set',
        value: other,
        fix: 'name another',
      });
    }
  }
  const circle = findCycle([...after.keys()], (name) => after.get(name) ?? []);
  if (circle !== undefined) {
    const fix = 'break the circle';
    place.report({ where: place.where, what: 'containers wait for each other', value: circle.join(' → '), fix });
  }
}
