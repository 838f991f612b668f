import { type Fields, fieldsOf, listOf, scalarText } from '../../lint/fields';
import { RunError } from '../result';

/** One container of a step, as its pod would start it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** The text of a `script`, which is passed to the command as a file. */
  readonly source?: string;
  readonly workingDir?: string;
  readonly fields: Fields;
  readonly mounts: readonly VolumeMount[];
  /** Names of containers that must have succeeded before; of a container set. */
  readonly dependencies: readonly string[];
}

export interface VolumeMount {
  readonly volume: string;
  readonly path: string;
  readonly subPath: string;
  readonly readOnly: boolean;
}

/** The containers of a step in the order in which they run. */
export interface PodPrograms {
  /** One after the other, before all others. */
  readonly init: readonly Container[];
  /** One; several in a container set. */
  readonly main: readonly Container[];
  /** Beside the others, ended with them. */
  readonly sidecars: readonly Container[];
}

/** Reads the containers of a filled-in template. @throws {RunError} for kinds that run in no container. */
export function readPrograms(template: Fields, where: string): PodPrograms {
  const { container, script, containerSet } = template;
  const shared = listOf(fieldsOf(containerSet).volumeMounts);
  const set = listOf(fieldsOf(containerSet).containers).map((each) => readContainer(fieldsOf(each), where, shared));
  const single = container ?? script;
  if (single === undefined && set.length === 0) {
    const kind = ['resource', 'http', 'plugin', 'data'].find((name) => template[name] !== undefined) ?? 'this';
    throw new RunError(where, `a template of the kind ${kind} cannot run on this machine`, 'pass a mock for it');
  }
  const main = single === undefined ? set : [readContainer({ name: 'main', ...fieldsOf(single) }, where)];
  const beside = (list: unknown) =>
    listOf(list).map((each) => {
      const fields = fieldsOf(each);
      const mirrored = fields.mirrorVolumeMounts === true ? listOf(main[0]?.fields.volumeMounts) : [];
      return readContainer(fields, where, mirrored);
    });
  return { init: beside(template.initContainers), main, sidecars: beside(template.sidecars) };
}

function readContainer(fields: Fields, where: string, moreMounts: readonly unknown[] = []): Container {
  const texts = (value: unknown) => listOf(value).map((each) => scalarText(each) ?? '');
  const name = scalarText(fields.name) ?? 'main';
  const command = texts(fields.command);
  if (command.length === 0) {
    const what = `the container "${name}" leaves its command to the image, which is not looked into`;
    throw new RunError(where, what, 'state command');
  }
  const source = scalarText(fields.source);
  const workingDir = scalarText(fields.workingDir);
  return {
    name,
    image: scalarText(fields.image) ?? '',
    command,
    args: texts(fields.args),
    ...(source === undefined ? {} : { source }),
    ...(workingDir === undefined || workingDir === '' ? {} : { workingDir }),
    fields,
    mounts: [...listOf(fields.volumeMounts), ...moreMounts].map(fieldsOf).map((mount) => ({
      volume: scalarText(mount.name) ?? '',
      path: (scalarText(mount.mountPath) ?? '').replace(/(.)\/+$/, '$1'),
      subPath: scalarText(mount.subPath) ?? scalarText(mount.subPathExpr) ?? '',
      readOnly: mount.readOnly === true,
    })),
    dependencies: texts(fields.dependencies),
  };
}

/** The name of an image without registry, tag and digest: `trainer` for `registry.example:5000/trainer:1.0`. */
export function imageName(image: string): string {
  return /([^/:@]+)(?::[^/:@]*)?(?:@[^/@]*)?$/.exec(image)?.[1] ?? image;
}
