import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type Fields, fieldsOf, isSet, listOf, scalarText } from '../../lint/fields';
import type { Step } from '../executor';
import { RunError } from '../result';
import type { VolumeMount } from './containers';
import type { PodOptions } from './options';
import { plainPath } from './plain-path';

/** Where a mount lies on this machine. */
export interface Bind extends VolumeMount {
  /** A folder, or a file for a `subPath` of a Secret or ConfigMap. */
  readonly host: string;
}

/**
 * Where the mounts of a step lie on this machine; what they need is made.
 *
 * @param folder a folder of this step alone, for what ends with its pod
 * @throws {RunError} for volumes that have no folder here.
 */
export function bindVolumes(
  mounts: readonly VolumeMount[],
  step: Step,
  folder: string,
  options: PodOptions,
): readonly Bind[] {
  const sources = [...listOf(step.template.volumes), ...listOf(step.spec.volumes)].map(fieldsOf);
  const claims = listOf(step.spec.volumeClaimTemplates).map((claim) =>
    scalarText(fieldsOf(fieldsOf(claim).metadata).name),
  );
  const known = new Map<string, string>();
  return mounts.map((mount) => {
    const where = `${step.node}, volume "${mount.volume}"`;
    let host = known.get(mount.volume);
    if (host === undefined) {
      const source = sources.find((each) => each.name === mount.volume);
      if (source !== undefined) host = volumeFolder(source, mount.volume, step, folder, options, where);
      else if (claims.includes(mount.volume)) host = made(join(options.folder, 'volumes', mount.volume));
      else throw new RunError(where, 'the template does not declare it', 'add it to volumes');
      known.set(mount.volume, host);
    }
    return { ...mount, host: within(host, mount, where) };
  });
}

/** The folder below a volume that a mount asks for, made where it is missing, as a node does. */
function within(volume: string, { subPath }: VolumeMount, where: string): string {
  if (subPath === '') return volume;
  const path = join(volume, normalize(`/${subPath}`));
  if (subPath.split('/').includes('..'))
    throw new RunError(where, `subPath leaves the volume (got ${subPath})`, 'drop ..');
  if (!existsSync(path)) mkdirSync(path, { recursive: true });
  return path;
}

function volumeFolder(
  source: Fields,
  name: string,
  step: Step,
  folder: string,
  options: PodOptions,
  where: string,
): string {
  if (isSet(source.emptyDir)) return made(join(folder, 'volumes', name));
  const claim = scalarText(fieldsOf(source.persistentVolumeClaim).claimName);
  if (claim !== undefined) {
    const given = options.volumes?.[claim];
    if (given === undefined)
      throw new RunError(where, `no folder stands for the claim "${claim}"`, 'say which one does');
    if (!existsSync(given) || !statSync(given).isDirectory())
      throw new RunError(where, `the folder for the claim "${claim}" does not exist (got ${given})`, 'make it');
    return plainPath(given);
  }
  if (isSet(source.secret)) {
    const secret = fieldsOf(source.secret);
    const files = secretFiles(scalarText(secret.secretName) ?? '', options);
    return keysFolder(files, secret, join(folder, 'volumes', name), where, `Secret "${String(secret.secretName)}"`);
  }
  if (isSet(source.configMap)) {
    const configMap = fieldsOf(source.configMap);
    const files = configMapFiles(scalarText(configMap.name) ?? '', step);
    return keysFolder(files, configMap, join(folder, 'volumes', name), where, `ConfigMap "${String(configMap.name)}"`);
  }
  const kind = Object.keys(source).find((key) => key !== 'name') ?? 'nothing';
  throw new RunError(where, `a volume of the kind ${kind} cannot be mounted on this machine`, 'use a claim');
}

/** The values of a Secret by key; undefined when there is none. */
export function secretFiles(name: string, options: PodOptions): ReadonlyMap<string, Buffer> | undefined {
  const folder = options.secrets?.[name];
  if (folder === undefined || !existsSync(folder)) return undefined;
  const keys = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
  return new Map(keys.map((entry) => [entry.name, readFileSync(join(folder, entry.name))]));
}

/** The values of a ConfigMap by key; undefined when it is not among the objects. */
export function configMapFiles(name: string, step: Step): ReadonlyMap<string, Buffer> | undefined {
  const found = step.catalogue.configMaps.find((each) => each.name === name);
  if (found === undefined) return undefined;
  const { data, binaryData } = found.document.object;
  return new Map([
    ...Object.entries(fieldsOf(data)).map(([key, value]) => [key, Buffer.from(scalarText(value) ?? '')] as const),
    ...Object.entries(fieldsOf(binaryData)).map(
      ([key, value]) => [key, Buffer.from(scalarText(value) ?? '', 'base64')] as const,
    ),
  ]);
}

/** Writes the keys of a Secret or ConfigMap as files, readable by this user alone. */
function keysFolder(
  files: ReadonlyMap<string, Buffer> | undefined,
  source: Fields,
  folder: string,
  where: string,
  what: string,
): string {
  if (files === undefined && source.optional !== true)
    throw new RunError(where, `there is no ${what} here`, 'pass it, as the pod would wait for it for ever');
  const items = listOf(source.items).map(fieldsOf);
  const wanted =
    items.length > 0
      ? items.map((item) => [scalarText(item.path) ?? '', scalarText(item.key) ?? ''] as const)
      : [...(files?.keys() ?? [])].map((key) => [key, key] as const);
  made(folder);
  for (const [path, key] of wanted) {
    const value = files?.get(key);
    if (value === undefined && source.optional === true) continue;
    if (value === undefined) throw new RunError(where, `the ${what} has no key "${key}"`, 'add it');
    const file = join(folder, normalize(`/${path}`));
    made(dirname(file));
    writeFileSync(file, value, { mode: 0o600 });
  }
  return folder;
}

/** Makes a folder; gives its path. */
export function made(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}
