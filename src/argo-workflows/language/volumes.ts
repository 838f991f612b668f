import type { ArgumentPlace } from './arguments';
import { renderField } from './arguments';
import { type Expr, nodeOf } from './expr';
import type { VolumeSource } from './kubernetes';
import { duplicates, nameProblems } from './names';
import { checkQuantity } from './quantities';
import type { Wire } from './template';

/**
 * A folder that pods mount. Whatever makes volumes can give this object; it is bound by object and never by name.
 */
export interface Volume {
  /** Unique among the volumes of one template. */
  readonly name: string;
  /** Where the files are: one of the sources of a pod's volume. */
  readonly source: VolumeSource;
}

/** A volume at a path of a container. */
export interface Mount<Scope extends string> {
  readonly volume: Volume;
  /** An absolute path. */
  readonly path: string;
  /** A folder of the volume instead of its root; one per run keeps runs apart. @default - the root */
  readonly subPath?: string | Expr<string, Scope>;
  /** @default false */
  readonly readOnly?: boolean;
}

/** Volumes of common kinds. */
export const volume = {
  /** A claim in the namespace of the workflow. */
  claim: (name: string, claim: { readonly name: string }): Volume => ({
    name,
    source: { persistentVolumeClaim: { claimName: claim.name } },
  }),
  /** The keys of a Secret as files, readable for the group only. */
  secret: (name: string, secret: { readonly name: string }): Volume => ({
    name,
    source: { secret: { secretName: secret.name, defaultMode: 0o440 } },
  }),
  /** The keys of a ConfigMap as files. */
  configMap: (name: string, configMap: { readonly name: string }): Volume => ({
    name,
    source: { configMap: { name: configMap.name } },
  }),
  /** An empty folder that ends with the pod. */
  emptyDir: (name: string, options: { readonly sizeLimit?: string; readonly medium?: 'Memory' } = {}): Volume => ({
    name,
    source: { emptyDir: { ...options } },
  }),
};

/** The mounts of a container and the volumes that they need. */
export interface Mounted {
  readonly volumes: readonly Wire[];
  readonly volumeMounts: readonly Wire[];
}

/**
 * Mounts of a program whose root file system is read-only: those it asks for, and an empty folder for everything that
 * it must be able to write.
 */
export function renderMounts(
  mounts: readonly Mount<string>[],
  writable: readonly string[],
  sizeLimit: string,
  place: ArgumentPlace,
): Mounted {
  const all = [...mounts, ...emptyFolders(mounts, writable, sizeLimit)];
  const volumeMounts = renderVolumeMounts(all, place);
  return { volumes: renderVolumes(all, place), volumeMounts };
}

/** An empty folder for everything that must be writable and is in no volume that is mounted. */
export function emptyFolders(
  mounts: readonly Mount<string>[],
  writable: readonly string[],
  sizeLimit: string,
): readonly Mount<string>[] {
  const within = (path: string, folder: string) => path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`);
  const needed = [...new Set(writable)].filter(
    (folder) => !mounts.some((mount) => within(folder, mount.path) && mount.readOnly !== true),
  );
  const outermost = needed.filter((folder) => !needed.some((other) => other !== folder && within(folder, other)));
  const taken = new Set(mounts.map((mount) => mount.volume.name));
  return outermost.map((path): Mount<string> => {
    const base = path
      .slice(1)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 50);
    const name = [base, ...Array.from({ length: 20 }, (_, index) => `${base}-${index + 2}`)].find(
      (candidate) => !taken.has(candidate),
    );
    taken.add(name ?? base);
    return { volume: volume.emptyDir(name ?? base, { sizeLimit }), path };
  });
}

/** The volumes of a pod, each once. */
export function renderVolumes(mounts: readonly Mount<string>[], place: ArgumentPlace): readonly Wire[] {
  const objects = [...new Set(mounts.map((mount) => mount.volume))];
  for (const name of duplicates(objects.map((each) => each.name))) {
    place.report({
      where: place.where,
      what: 'two volumes have the same name',
      value: name,
      fix: 'rename one of them',
    });
  }
  for (const each of objects) {
    const where = `${place.where}, volume "${each.name}"`;
    for (const problem of nameProblems('volume', each.name, where)) place.report(problem);
    checkQuantity('bytes', each.source.emptyDir?.sizeLimit, { where, report: place.report });
  }
  return objects.map((each) => ({ name: each.name, ...each.source }));
}

/** The mounts of one container. */
export function renderVolumeMounts(mounts: readonly Mount<string>[], place: ArgumentPlace): readonly Wire[] {
  for (const path of duplicates(mounts.map((mount) => mount.path))) {
    place.report({
      where: place.where,
      what: 'two volumes at one path',
      value: path,
      fix: 'mount one of them elsewhere',
    });
  }
  for (const { path } of mounts.filter((each) => !/^\/[^:]/.test(each.path))) {
    const fix = 'begin it with "/", and name a folder below';
    place.report({ where: place.where, what: 'a volume at a path where none can be', value: path, fix });
  }
  return mounts.map((mount) => ({
    name: mount.volume.name,
    mountPath: mount.path,
    ...(mount.subPath === undefined
      ? {}
      : { subPath: renderField(nodeOf(mount.subPath), 'string', mount.subPath, place) }),
    ...(mount.readOnly === undefined ? {} : { readOnly: mount.readOnly }),
  }));
}
