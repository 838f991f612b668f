import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Fields, fieldsOf, isSet, listOf, scalarText, textOf } from '../../lint/fields';
import type { Step } from '../executor';
import { RunError } from '../result';
import { made } from './volumes';

/** A name of a node as the name of a file. */
export function fileName(node: string): string {
  const plain = node.replace(/[^\w.()[\]:,-]/g, '_');
  if (plain === node && plain.length <= 120) return plain;
  return `${plain.slice(0, 120)}-${shortHash(node)}`;
}

/** A name of a node as the name of a folder that scripts can name without quotes. */
export function folderName(node: string): string {
  const plain = node.replace(/[^\w.-]+/g, '.').replace(/\.+$/, '');
  return plain === node && plain.length <= 80 ? plain : `${plain.slice(0, 80)}.${shortHash(node)}`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Where a place such as `s3` keeps an artifact, for steps that name it by its key. */
function keyFile(folder: string, artifact: Fields): string | undefined {
  const place = ['s3', 'gcs', 'azure', 'oss', 'hdfs', 'artifactory'].find((kind) => isSet(artifact[kind]));
  if (place === undefined) return undefined;
  const { key, blob, path, url } = fieldsOf(artifact[place]);
  const name = scalarText(key) ?? scalarText(blob) ?? scalarText(path) ?? scalarText(url);
  return name === undefined ? undefined : join(folder, 'artifacts', 'by-key', fileName(name));
}

/** A file or folder for an artifact that comes from no step. @throws {RunError} for places that cannot be reached. */
export function importArtifact(folder: string, artifact: Fields, where: string): string | undefined {
  const raw = textOf(fieldsOf(artifact.raw).data);
  if (raw !== undefined) {
    const digest = createHash('sha256').update(raw).digest('hex').slice(0, 16);
    const file = join(made(join(folder, 'artifacts', 'raw')), digest);
    writeFileSync(file, raw);
    return file;
  }
  const stored = keyFile(folder, artifact);
  if (stored !== undefined && existsSync(stored)) return readFileSync(stored, 'utf8');
  const kinds = ['s3', 'gcs', 'azure', 'oss', 'hdfs', 'artifactory', 'git', 'http', 'plugin'];
  const kind = kinds.find((each) => isSet(artifact[each]));
  if (kind === undefined || artifact.optional === true) return undefined;
  throw new RunError(where, `an artifact from ${kind} cannot be read on this machine`, 'make it in a step, or mock it');
}

/** Copies the input artifacts of a step to where its program expects them. */
export function placeArtifacts(step: Step, hostPath: (path: string) => string): void {
  for (const { name, fields } of step.declared.inputs.artifacts) {
    const source = step.artifacts[name];
    const path = scalarText(fields.path);
    if (source === undefined || path === undefined) continue;
    const target = hostPath(path);
    made(dirname(target));
    cpSync(source, target, { recursive: true, force: true, mode: 0 });
  }
}

/** The outputs that a program has written. */
export interface Collected {
  readonly parameters: Record<string, string>;
  readonly artifacts: Record<string, string>;
}

/** Reads output parameters and keeps output artifacts; what is missing is left out. */
export function collectOutputs(step: Step, folder: string, hostPath: (path: string) => string): Collected {
  const outputs = fieldsOf(step.template.outputs);
  const parameters: Record<string, string> = {};
  for (const parameter of listOf(outputs.parameters).map(fieldsOf)) {
    const path = scalarText(fieldsOf(parameter.valueFrom).path);
    if (path === undefined || !existsSync(hostPath(path))) continue;
    parameters[String(parameter.name)] = readFileSync(hostPath(path), 'utf8').replace(/\n$/, '');
  }
  const artifacts: Record<string, string> = {};
  for (const artifact of listOf(outputs.artifacts).map(fieldsOf)) {
    const path = scalarText(artifact.path);
    if (path === undefined || !existsSync(hostPath(path))) continue;
    const name = String(artifact.name);
    const target = join(made(join(folder, 'artifacts', folderName(step.node), name)), basename(path));
    cpSync(hostPath(path), target, { recursive: true });
    artifacts[name] = target;
    const key = keyFile(folder, artifact);
    if (key !== undefined) {
      made(dirname(key));
      writeFileSync(key, target);
    }
  }
  return { parameters, artifacts };
}
